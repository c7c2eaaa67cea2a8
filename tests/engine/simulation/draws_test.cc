#include "engine/simulation/draws.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace burgeon {
namespace {

constexpr int kDraws = 200'000;

// Mean of kDraws draws against its expectation, within five standard errors.
template <class Draw>
void ExpectMean(double mean, double variance, Draw draw) {
  Draws draws(7, Stream::kPerson, 3);
  double sum = 0;
  for (int i = 0; i < kDraws; ++i) sum += static_cast<double>(draw(draws));
  EXPECT_NEAR(sum / kDraws, mean, 5 * std::sqrt(variance / kDraws));
}

TEST(Draws, AreAFunctionOfTheirPlaceOnly) {
  Draws a(1, Stream::kSessions, 17, 4);
  Draws b(1, Stream::kSessions, 17, 4);
  Draws other_sub(1, Stream::kSessions, 17, 5);
  Draws other_entity(1, Stream::kSessions, 18, 4);
  Draws other_stream(1, Stream::kAfter, 17, 4);
  const uint32_t first = a.Word();
  EXPECT_EQ(first, b.Word());
  EXPECT_NE(first, other_sub.Word());
  EXPECT_NE(first, other_entity.Word());
  EXPECT_NE(first, other_stream.Word());
}

TEST(Draws, HaveTheMomentsOfTheirDistributions) {
  ExpectMean(0.5, 1.0 / 12, [](Draws& d) { return d.Uniform(); });
  ExpectMean(0.3, 0.21, [](Draws& d) { return d.Chance(0.3); });
  ExpectMean(4.5, 99.0 / 12, [](Draws& d) { return d.Below(10); });
  ExpectMean(1, 1, [](Draws& d) { return d.Exponential(); });
  ExpectMean(0, 1, [](Draws& d) { return d.Normal(); });
  ExpectMean(1, 2, [](Draws& d) {  // the second moment; variance of a chi-square is 2
    const double x = d.Normal();
    return x * x;
  });
  for (const double shape : {0.3, 1.0, 2.5}) {
    ExpectMean(shape, shape, [shape](Draws& d) { return d.Gamma(shape); });
  }
  ExpectMean(0.75 / 0.25, 0.75 / 0.0625, [](Draws& d) { return d.Geometric(0.25); });
}

TEST(Draws, GammaHasTheVarianceOfItsShape) {
  // Fourth central moment of Gamma(s): 3 s^2 + 6 s, so var((x - s)^2) = 2 s^2 + 6 s.
  for (const double s : {0.3, 2.5}) {
    ExpectMean(s, 2 * s * s + 6 * s, [s](Draws& d) {
      const double x = d.Gamma(s) - s;
      return x * x;
    });
  }
}

TEST(Draws, PickFollowsTheWeights) {
  const std::array<double, 4> cumulative = {1, 1, 4, 10};  // weights 1, 0, 3, 6
  Draws draws(3, Stream::kItem, 0);
  std::array<int, 4> counts = {};
  for (int i = 0; i < kDraws; ++i) ++counts[draws.Pick(cumulative)];
  EXPECT_EQ(counts[1], 0);
  EXPECT_NEAR(counts[0], 0.1 * kDraws, 5 * std::sqrt(0.09 * kDraws));
  EXPECT_NEAR(counts[2], 0.3 * kDraws, 5 * std::sqrt(0.21 * kDraws));
  EXPECT_NEAR(counts[3], 0.6 * kDraws, 5 * std::sqrt(0.24 * kDraws));
}

TEST(Draws, GeometricOfCertaintyIsZero) {
  Draws draws(3, Stream::kItem, 0);
  EXPECT_EQ(draws.Geometric(1), 0U);
}

}  // namespace
}  // namespace burgeon
