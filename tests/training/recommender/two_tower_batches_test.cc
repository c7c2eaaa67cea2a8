#include "training/recommender/two_tower_batches.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace burgeon {
namespace {

CsrMatrix Rows(const std::vector<std::vector<uint32_t>>& rows, int64_t cols) {
  CsrMatrix out;
  out.cols = cols;
  for (const auto& row : rows) {
    out.columns.insert(out.columns.end(), row.begin(), row.end());
    for (const uint32_t item : row) out.values.push_back(static_cast<float>(item) + 1);
    out.offsets.push_back(std::ssize(out.columns));
  }
  return out;
}

TEST(TwoTowerBatchesTest, EveryoneWithTwoItemsOnce) {
  const CsrMatrix data = Rows({{1, 2}, {3}, {}, {0, 1, 2}, {2, 3}, {0, 3}}, 4);
  const auto batches = TwoTowerBatches(data.view(), 3, 1, 1);
  ASSERT_EQ(batches.size(), 2U);
  std::multiset<int64_t> all;
  for (const auto& batch : batches) all.insert(batch.begin(), batch.end());
  EXPECT_EQ(all, (std::multiset<int64_t>{0, 3, 4, 5}));
  EXPECT_EQ(TwoTowerBatches(data.view(), 3, 1, 1), batches);
}

TEST(TwoTowerBatchesTest, WhatIsNamedIsNoPartOfTheHistory) {
  const CsrMatrix data = Rows({{1, 2}, {0, 1, 2, 3, 4, 5, 6}, {4, 8, 9}}, 10);
  const std::vector<int64_t> customers = {1, 2, 0};
  std::set<std::vector<uint32_t>> seen;
  for (int epoch = 1; epoch <= 20; ++epoch) {
    const TwoTowerExamples got = DrawExamples(data.view(), customers, 0.5, 1, epoch);
    for (int64_t r = 0; r < 3; ++r) {
      const auto history = got.history.view().row_columns(r);
      const auto targets = got.targets.view().row_columns(r);
      std::vector<uint32_t> both(history.begin(), history.end());
      both.insert(both.end(), targets.begin(), targets.end());
      std::ranges::sort(both);
      const auto items = data.view().row_columns(customers[static_cast<size_t>(r)]);
      EXPECT_TRUE(std::ranges::equal(both, items));  // each once, in one of the two
      for (size_t k = 0; k < history.size(); ++k) {
        EXPECT_EQ(got.history.view().row_values(r)[k], static_cast<float>(history[k]) + 1);
      }
      if (r == 0) seen.insert(std::vector<uint32_t>(targets.begin(), targets.end()));
    }
    EXPECT_EQ(got.targets.offsets, (std::vector<int64_t>{0, 4, 6, 7}));  // 3.5 and 1.5 round up
  }
  EXPECT_GT(seen.size(), 10U);  // another part in another epoch
  const TwoTowerExamples most = DrawExamples(data.view(), customers, 0.99, 1, 1);
  EXPECT_EQ(most.history.offsets, (std::vector<int64_t>{0, 1, 2, 3}));
}

// The sum over what is drawn, corrected, is in expectation that over all.
TEST(NegativeSamplerTest, TheCorrectionMakesTheSumUnbiased) {
  const std::vector<int64_t> degrees = {100, 10, 0, 3, 1};
  const std::vector<double> weight = {.5, 2, 7, 1, 3};  // exp(score)
  for (const double share : {0.0, 0.5, 0.9}) {
    const NegativeSampler sampler(degrees, share);
    double q = 0;
    for (uint32_t i = 0; i < 5; ++i) q += sampler.ProbabilityOf(i);
    EXPECT_NEAR(q, 1, 1e-12);
    double sum = 0;
    constexpr int kSteps = 20000;
    for (uint64_t step = 0; step < kSteps; ++step) {
      const DrawnNegatives drawn = sampler.Draw(8, 1, step);
      for (size_t k = 0; k < drawn.items.size(); ++k) {
        EXPECT_TRUE(k == 0 || drawn.items[k] > drawn.items[k - 1]);
        sum += std::exp(static_cast<double>(drawn.correction[k])) * weight[drawn.items[k]];
      }
    }
    // The deviation of a step's sum is below 20; of the mean of so many steps .15.
    EXPECT_NEAR(sum / kSteps, 13.5, 0.6) << share;
  }
}

TEST(NegativeSamplerTest, ByPopularityAloneNothingIsDrawnThatNobodyTook) {
  const std::vector<int64_t> degrees = {0, 4, 0, 6, 0};
  const NegativeSampler sampler(degrees, 1);
  for (uint64_t step = 0; step < 200; ++step) {
    for (const uint32_t item : sampler.Draw(10, 3, step).items) {
      EXPECT_TRUE(item == 1 || item == 3) << item;
    }
  }
}

}  // namespace
}  // namespace burgeon
