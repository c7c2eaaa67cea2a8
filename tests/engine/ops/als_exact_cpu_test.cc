#include "engine/ops/als_exact_cpu.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/ops/dense.h"
#include "tests/support/als_step_cases.h"

namespace burgeon {
namespace {

class AlsExactCpuTest : public testing::Test {
 protected:
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
};

std::function<AlsRowFallback()> NoFallback() {
  return [] {
    return [](int64_t row, std::span<float>) {
      ADD_FAILURE() << "row " << row << " went to the fallback";
      return false;
    };
  };
}

// Short rows are solved through their items, long ones through the factors.
TEST_F(AlsExactCpuTest, MatchesTheReferenceWithoutTheFallback) {
  for (const AlsStepCase& c : AlsStepCases()) {
    if (c.params.block_size != 0 && c.params.block_size < c.fixed.cols()) continue;
    SCOPED_TRACE(c.name);
    FloatMatrix got = c.start;
    const absl::Status status =
        AlsExactCpu(context_, c.rows.view(), c.fixed.view(), Gram(context_, c.fixed.view()),
                    c.params, NoFallback(), got.view());
    ASSERT_TRUE(status.ok()) << status;
    const DoubleMatrix want = ReferenceAlsStep(c);
    for (int64_t u = 0; u < got.rows(); ++u) {
      double largest = 0;
      for (const double x : want.row(u)) largest = std::max(largest, std::abs(x));
      for (int64_t j = 0; j < got.cols(); ++j) {
        ASSERT_NEAR(got.at(u, j), want.at(u, j), 2e-4 * largest) << "row " << u;
      }
    }
  }
}

TEST_F(AlsExactCpuTest, AnUnevenDiagonalGoesToTheFallback) {
  CsrMatrix rows;
  rows.offsets = {0, 1, 1, 2};
  rows.columns = {0, 1};
  rows.cols = 2;
  const FloatMatrix fixed(2, 2, {1, 0, 0, 1e-4F});
  const AlsStepParams params = {.unobserved_weight = 1, .regularization = 0};
  std::vector<int64_t> asked;
  const auto fallback = [&] {
    return [&](int64_t row, std::span<float> x) {
      asked.push_back(row);
      x[0] = 7;
      return row == 0;
    };
  };
  ThreadPool one(1);
  ExecutionContext alone(&one);
  FloatMatrix factors(3, 2);
  const absl::Status status =
      AlsExactCpu(alone, rows.view(), fixed.view(), Gram(alone, fixed.view()), params, fallback,
                  factors.view());
  EXPECT_EQ(asked, (std::vector<int64_t>{0, 2}));  // not the row without entries
  EXPECT_EQ(factors.at(0, 0), 7.0F);
  EXPECT_EQ(MessageOf(status), MessageOf(NoAlsSolution(2, params)));
}

TEST_F(AlsExactCpuTest, RegularizationGrowsWithTheFrequency) {
  const AlsStepParams params = {
      .unobserved_weight = 0.5F, .regularization = 2, .regularization_exponent = 0.5F};
  EXPECT_NEAR(AlsRowRegularization(3, {}, 12, params), 2 * std::sqrt(3 + 6.0), 1e-6);
  const std::vector<float> weights = {4, 6};
  EXPECT_NEAR(AlsRowRegularization(2, weights, 12, params), 2 * std::sqrt(10 + 6.0), 1e-6);
}

}  // namespace
}  // namespace burgeon
