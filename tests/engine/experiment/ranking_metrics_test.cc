#include "engine/experiment/ranking_metrics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "engine/base/philox.h"

namespace burgeon {
namespace {

using Rows = std::vector<uint32_t>;

TEST(RankingMetricsTest, OneListByHand) {
  // Hits at ranks 1 and 3 of 4 relevant; the item at rank 4 is past k.
  const ListMetrics m = ScoreList(Rows{7, 1, 9, 4}, Rows{2, 4, 7, 9}, 3);
  EXPECT_DOUBLE_EQ(m.recall, 2.0 / 4);
  EXPECT_DOUBLE_EQ(m.precision, 2.0 / 3);
  // Gains 1/log2(2) and 1/log2(4) over the ideal 1 + 1/log2(3) + 1/2.
  EXPECT_DOUBLE_EQ(m.ndcg, 1.5 / (1 + 1 / std::log2(3.0) + 0.5));
  // Precisions 1/1 and 2/3 at the hits, over min(3, 4).
  EXPECT_DOUBLE_EQ(m.map, (1 + 2.0 / 3) / 3);
  EXPECT_EQ(m.mrr, 1);
  EXPECT_EQ(m.hit_rate, 1);
}

TEST(RankingMetricsTest, TheFirstHitMayComeLate) {
  const ListMetrics m = ScoreList(Rows{8, 6, 5, 3}, Rows{3, 5}, 4);
  EXPECT_DOUBLE_EQ(m.mrr, 1.0 / 3);
  EXPECT_DOUBLE_EQ(m.map, (1.0 / 3 + 2.0 / 4) / 2);
  EXPECT_DOUBLE_EQ(m.precision, 2.0 / 4);
  EXPECT_DOUBLE_EQ(m.recall, 1);
  EXPECT_DOUBLE_EQ(m.ndcg, (1 / 2.0 + 1 / std::log2(5.0)) / (1 + 1 / std::log2(3.0)));
}

TEST(RankingMetricsTest, AListShorterThanKLosesPrecisionAndNothingElse) {
  const ListMetrics m = ScoreList(Rows{5, 3}, Rows{5}, 20);
  EXPECT_DOUBLE_EQ(m.recall, 1);
  EXPECT_DOUBLE_EQ(m.ndcg, 1);
  EXPECT_DOUBLE_EQ(m.map, 1);
  EXPECT_DOUBLE_EQ(m.mrr, 1);
  EXPECT_DOUBLE_EQ(m.precision, 1.0 / 20);
}

TEST(RankingMetricsTest, AnEmptyListHasZeros) {
  const ListMetrics m = ScoreList(Rows{}, Rows{4}, 5);
  EXPECT_EQ(m.recall + m.precision + m.ndcg + m.map + m.mrr + m.hit_rate, 0);
}

TEST(RankingMetricsTest, MeanOverCustomersWithRelevantItems) {
  RankedLists lists;
  for (const Rows& row : {Rows{1, 2}, Rows{1, 2}, Rows{1, 2}, Rows{}}) {
    lists.items.insert(lists.items.end(), row.begin(), row.end());
    lists.EndList();
  }
  CsrMatrix relevant;
  relevant.cols = 5;
  relevant.columns = {2, 3, 4};
  relevant.offsets = {0, 1, 2, 2, 3};  // the third customer has none, the fourth no list
  const RankingMetrics mean = MeanMetrics(lists, relevant.view(), 2);
  EXPECT_EQ(mean.customers, 3);
  EXPECT_DOUBLE_EQ(mean.recall, 1.0 / 3);
  EXPECT_DOUBLE_EQ(mean.precision, 0.5 / 3);
  EXPECT_DOUBLE_EQ(mean.ndcg, 1 / std::log2(3.0) / 3);
  EXPECT_DOUBLE_EQ(mean.map, 0.5 / 3);
  EXPECT_DOUBLE_EQ(mean.mrr, 0.5 / 3);
  EXPECT_DOUBLE_EQ(mean.hit_rate, 1.0 / 3);
}

TEST(RankingMetricsTest, NobodyGivesZeros) {
  const RankingMetrics mean = MeanMetrics({}, CsrMatrix().view(), 20);
  EXPECT_EQ(mean.customers, 0);
  EXPECT_EQ(mean.recall, 0);
  EXPECT_EQ(mean.ndcg, 0);
}

// Over random lists: every metric lies in [0, 1]; a better place of a hit is never worse; relevant
// items first give 1 (precision: as much as there is to find).
TEST(RankingMetricsTest, BoundsAndThePerfectList) {
  const Philox random(11, 0);
  uint64_t draw = 0;
  for (int trial = 0; trial < 500; ++trial) {
    const int k = 1 + static_cast<int>(random.Below(draw++, 12));
    Rows items(20);
    std::iota(items.begin(), items.end(), 0U);
    for (size_t i = items.size() - 1; i > 0; --i) {
      std::swap(items[i], items[random.Below(draw++, i + 1)]);
    }
    Rows relevant(items.begin() + 10,
                  items.begin() + 11 + static_cast<int>(random.Below(draw++, 9)));
    std::ranges::sort(relevant);
    Rows ranked = items;
    for (size_t i = ranked.size() - 1; i > 0; --i) {
      std::swap(ranked[i], ranked[random.Below(draw++, i + 1)]);
    }
    const ListMetrics m = ScoreList(ranked, relevant, k);
    for (const double value : {m.recall, m.precision, m.ndcg, m.map, m.mrr, m.hit_rate}) {
      EXPECT_GE(value, 0);
      EXPECT_LE(value, 1);
    }
    EXPECT_LE(m.map, m.hit_rate);
    EXPECT_LE(m.mrr, m.hit_rate);
    for (size_t r = 1; r < ranked.size(); ++r) {  // one hit a place up
      if (!std::ranges::binary_search(relevant, ranked[r]) ||
          std::ranges::binary_search(relevant, ranked[r - 1])) {
        continue;
      }
      Rows better = ranked;
      std::swap(better[r], better[r - 1]);
      const ListMetrics n = ScoreList(better, relevant, k);
      EXPECT_GE(n.ndcg, m.ndcg);
      EXPECT_GE(n.map, m.map);
      EXPECT_GE(n.mrr, m.mrr);
      EXPECT_GE(n.recall, m.recall);
    }
    const ListMetrics perfect = ScoreList(relevant, relevant, k);
    const auto attainable = static_cast<double>(std::min(relevant.size(), static_cast<size_t>(k)));
    EXPECT_DOUBLE_EQ(perfect.ndcg, 1);
    EXPECT_DOUBLE_EQ(perfect.map, 1);
    EXPECT_EQ(perfect.mrr, 1);
    EXPECT_EQ(perfect.hit_rate, 1);
    EXPECT_DOUBLE_EQ(perfect.recall, attainable / static_cast<double>(relevant.size()));
    EXPECT_DOUBLE_EQ(perfect.precision, attainable / k);
  }
}

}  // namespace
}  // namespace burgeon
