#include "engine/experiment/bootstrap.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/base/philox.h"

namespace burgeon {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::vector<double> Column(const DoubleMatrix& matrix, int64_t j) {
  std::vector<double> column;
  for (int64_t i = 0; i < matrix.rows(); ++i) column.push_back(matrix.at(i, j));
  return column;
}

TEST(BootstrapTest, QuantilesAreInterpolated) {
  // Of 0, 1, 2, 3, 4: the quantile q lies at 4 q.
  const BootstrapInterval half = PercentileInterval({4, 2, 0, 3, 1}, 0.5);
  EXPECT_DOUBLE_EQ(half.low, 1);
  EXPECT_DOUBLE_EQ(half.high, 3);
  const BootstrapInterval most = PercentileInterval({4, 2, kNone, 0, 3, 1}, 0.9);
  EXPECT_NEAR(most.low, 0.2, 1e-12);
  EXPECT_NEAR(most.high, 3.8, 1e-12);
  EXPECT_TRUE(std::isnan(PercentileInterval({kNone}, 0.9).low));
  EXPECT_EQ(PercentileInterval({7}, 0.9).low, 7);
}

TEST(BootstrapTest, MissingValuesAreLeftOut) {
  const DoubleMatrix values(3, 3, {1, kNone, kNone, 2, 5, kNone, 6, 7, kNone});
  const std::vector<double> means = ColumnMeans(values.view());
  EXPECT_DOUBLE_EQ(means[0], 3);
  EXPECT_DOUBLE_EQ(means[1], 6);
  EXPECT_TRUE(std::isnan(means[2]));
  ThreadPool pool(1);
  const DoubleMatrix replicates = BootstrapMeans(pool, values.view(), {.replicates = 200});
  for (int64_t b = 0; b < replicates.rows(); ++b) {
    EXPECT_GE(replicates.at(b, 0), 1);
    EXPECT_LE(replicates.at(b, 0), 6);
    const double second = replicates.at(b, 1);  // NaN when the first row was drawn three times
    EXPECT_TRUE(std::isnan(second) || (second >= 5 && second <= 7)) << second;
    EXPECT_TRUE(std::isnan(replicates.at(b, 2)));
  }
}

TEST(BootstrapTest, SameBitsForAnyNumberOfThreads) {
  DoubleMatrix values(97, 3);
  const Philox random(5, 5);
  for (size_t i = 0; i < values.values().size(); ++i) values.values()[i] = random.Normal(i);
  ThreadPool one(1);
  ThreadPool three(3);
  const BootstrapOptions options{.replicates = 50, .seed = 9};
  const DoubleMatrix first = BootstrapMeans(one, values.view(), options);
  EXPECT_EQ(first.values(), BootstrapMeans(three, values.view(), options).values());
  EXPECT_NE(first.values(),
            BootstrapMeans(one, values.view(), {.replicates = 50, .seed = 10}).values());
}

// The replicates of a mean have the variance (n - 1) / n of s^2 / n, s^2 the sample variance.
TEST(BootstrapTest, SpreadIsThatOfTheMean) {
  const int64_t n = 400;
  DoubleMatrix values(n, 1);
  const Philox random(3, 1);
  double mean = 0;
  for (int64_t i = 0; i < n; ++i) mean += values.at(i, 0) = random.Normal(static_cast<uint64_t>(i));
  mean /= n;
  double variance = 0;
  for (const double x : values.values()) variance += (x - mean) * (x - mean) / n;
  ThreadPool pool(2);
  const DoubleMatrix replicates = BootstrapMeans(pool, values.view(), {.replicates = 4000});
  double spread = 0;
  double centre = 0;
  for (const double m : replicates.values()) centre += m / 4000;
  for (const double m : replicates.values()) spread += (m - centre) * (m - centre) / 4000;
  EXPECT_NEAR(centre, mean, 4 * std::sqrt(variance / n / 4000));
  EXPECT_NEAR(spread / (variance / n), 1, 0.1);  // 4.5 standard errors, sqrt(2 / 4000)
}

// Samples of 60 from an exponential distribution with mean 1: the 90 % interval holds 1 in nearly
// 90 % of them. 400 samples: standard error .015; the percentile interval of so skewed a mean is
// known to fall short by a point or two.
TEST(BootstrapTest, IntervalsCoverTheTruth) {
  ThreadPool pool(2);
  const int samples = 400;
  int covered = 0;
  int covered_difference = 0;
  for (int s = 0; s < samples; ++s) {
    const Philox random(100 + static_cast<uint64_t>(s), 0);
    DoubleMatrix a(60, 1);
    DoubleMatrix b(60, 1);
    for (uint64_t i = 0; i < 60; ++i) {
      const double shared = -std::log1p(-random.Uniform(i));
      a.at(static_cast<int64_t>(i), 0) = shared;
      b.at(static_cast<int64_t>(i), 0) = shared - 0.1 + 0.2 * random.Normal(1000 + i);
    }
    const BootstrapOptions options{.replicates = 300, .level = 0.9, .seed = 7};
    const DoubleMatrix first = BootstrapMeans(pool, a.view(), options);
    const DoubleMatrix second = BootstrapMeans(pool, b.view(), options);
    const BootstrapInterval mean = PercentileInterval(Column(first, 0), 0.9);
    covered += mean.low <= 1 && 1 <= mean.high ? 1 : 0;
    std::vector<double> difference;
    for (int64_t r = 0; r < first.rows(); ++r)
      difference.push_back(first.at(r, 0) - second.at(r, 0));
    const BootstrapInterval gap = PercentileInterval(difference, 0.9);
    covered_difference += gap.low <= 0.1 && 0.1 <= gap.high ? 1 : 0;
    // Paired: the shared part, whose standard deviation is 1, does not widen the difference.
    EXPECT_LT(gap.high - gap.low, 0.5 * (mean.high - mean.low));
  }
  EXPECT_NEAR(covered / 400.0, 0.88, 0.05);
  EXPECT_NEAR(covered_difference / 400.0, 0.89, 0.05);
}

}  // namespace
}  // namespace burgeon
