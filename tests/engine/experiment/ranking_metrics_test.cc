#include "engine/experiment/ranking_metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace burgeon {
namespace {

using Rows = std::vector<uint32_t>;

TEST(RankingMetricsTest, OneCustomerByHand) {
  RankingAccumulator accumulator(3);
  // Hits at ranks 1 and 3 of 4 relevant; the item at rank 4 is past k.
  accumulator.Add(Rows{7, 1, 9, 4}, Rows{2, 4, 7, 9});
  const RankingMetrics mean = accumulator.Mean();
  EXPECT_EQ(mean.customers, 1);
  EXPECT_DOUBLE_EQ(mean.recall, 2.0 / 4);
  // Gains 1/log2(2) and 1/log2(4) over the ideal 1 + 1/log2(3) + 1/2.
  EXPECT_DOUBLE_EQ(mean.ndcg, 1.5 / (1 + 1 / std::log2(3.0) + 0.5));
  EXPECT_EQ(mean.hit_rate, 1);
}

TEST(RankingMetricsTest, IdealIsOverNoMoreThanTheRelevantItems) {
  RankingAccumulator accumulator(20);
  accumulator.Add(Rows{5, 3}, Rows{5});
  EXPECT_DOUBLE_EQ(accumulator.Mean().recall, 1);
  EXPECT_DOUBLE_EQ(accumulator.Mean().ndcg, 1);
}

TEST(RankingMetricsTest, MeanOverCustomersWithTestItems) {
  RankingAccumulator accumulator(2);
  accumulator.Add(Rows{1, 2}, Rows{2});  // recall 1, NDCG 1/log2(3)
  accumulator.Add(Rows{1, 2}, Rows{3});  // nothing
  accumulator.Add(Rows{1, 2}, Rows{});   // not counted
  accumulator.Add(Rows{}, Rows{4});      // no list: counted as a miss
  const RankingMetrics mean = accumulator.Mean();
  EXPECT_EQ(mean.customers, 3);
  EXPECT_DOUBLE_EQ(mean.recall, 1.0 / 3);
  EXPECT_DOUBLE_EQ(mean.ndcg, 1 / std::log2(3.0) / 3);
  EXPECT_DOUBLE_EQ(mean.hit_rate, 1.0 / 3);
}

TEST(RankingMetricsTest, NobodyGivesZeros) {
  const RankingMetrics mean = RankingAccumulator(20).Mean();
  EXPECT_EQ(mean.customers, 0);
  EXPECT_EQ(mean.recall, 0);
  EXPECT_EQ(mean.ndcg, 0);
}

}  // namespace
}  // namespace burgeon
