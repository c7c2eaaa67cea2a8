#include "engine/experiment/list_scores.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/base/philox.h"
#include "engine/experiment/bootstrap.h"

namespace burgeon {
namespace {

using Rows = std::vector<std::vector<uint32_t>>;

RankedLists Lists(const Rows& rows) {
  RankedLists lists;
  for (const auto& row : rows) {
    lists.items.insert(lists.items.end(), row.begin(), row.end());
    lists.EndList();
  }
  return lists;
}

CsrMatrix Pattern(const Rows& rows, int64_t cols) {
  CsrMatrix m;
  m.cols = cols;
  for (auto row : rows) {
    std::ranges::sort(row);
    m.columns.insert(m.columns.end(), row.begin(), row.end());
    m.offsets.push_back(static_cast<int64_t>(m.columns.size()));
  }
  return m;
}

TEST(ListScoresTest, ByHand) {
  // Four of five customers have train items: p = 3/4, 1/4, 2/4, 0.
  const CsrMatrix train = Pattern({{0, 1}, {0, 2}, {0}, {2}, {}}, 4);
  const CsrMatrix test = Pattern({{2}, {}, {1, 3}, {0}, {0}}, 4);
  const RankedLists lists = Lists({{2, 3}, {1}, {3, 1}, {}, {0}});
  // Items 0 and 3 alike, 1 at a right angle to them, 2 opposite to 1.
  const FloatMatrix vectors(4, 2, {2, 0, 0, 1, 0, -3, 1, 0});
  ThreadPool pool(2);
  const ListScores scores = ScoreLists(pool,
                                       {.lists = &lists,
                                        .relevant = test.view(),
                                        .train = train.view(),
                                        .item_vectors = vectors.view()},
                                       {1, 2});
  EXPECT_THAT(scores.customers, testing::ElementsAre(0, 2, 3, 4));
  const auto at = [&](int64_t row, ListMetric metric, size_t k) {
    return scores.values.at(row, static_cast<int64_t>(scores.column(metric, k)));
  };
  EXPECT_EQ(at(0, ListMetric::kRecall, 0), 1);
  EXPECT_EQ(at(0, ListMetric::kPrecision, 1), 0.5);
  EXPECT_EQ(at(1, ListMetric::kRecall, 0), 0.5);
  EXPECT_EQ(at(1, ListMetric::kNdcg, 1), 1);
  // Customer 0 is shown 2 (1 bit) and 3, which nobody has: as if one of four had it, 2 bits.
  EXPECT_DOUBLE_EQ(at(0, ListMetric::kNovelty, 0), 1);
  EXPECT_DOUBLE_EQ(at(0, ListMetric::kNovelty, 1), 1.5);
  EXPECT_DOUBLE_EQ(at(0, ListMetric::kPopularity, 1), 0.25);
  EXPECT_TRUE(std::isnan(at(0, ListMetric::kDiversity, 0)));  // one item has no pair
  EXPECT_DOUBLE_EQ(at(0, ListMetric::kDiversity, 1), 1);      // 2 and 3: a right angle
  // Customer 3 has an empty list: misses everything, and has no novelty.
  EXPECT_EQ(at(2, ListMetric::kRecall, 1), 0);
  EXPECT_EQ(at(2, ListMetric::kHitRate, 1), 0);
  EXPECT_TRUE(std::isnan(at(2, ListMetric::kNovelty, 1)));
  EXPECT_TRUE(std::isnan(at(2, ListMetric::kPopularity, 1)));
  // History: customer 0 has 0 and 1, customer 4 nothing.
  const auto history = static_cast<int64_t>(scores.history_column());
  EXPECT_DOUBLE_EQ(scores.values.at(0, history), (0.75 + 0.25) / 2);
  EXPECT_TRUE(std::isnan(scores.values.at(3, history)));
  EXPECT_EQ(static_cast<size_t>(scores.values.cols()), scores.columns());
}

TEST(ListScoresTest, DiversityOfThree) {
  const CsrMatrix train = Pattern({{}}, 4);
  const CsrMatrix test = Pattern({{0}}, 4);
  const RankedLists lists = Lists({{0, 1, 2, 3}});
  const FloatMatrix vectors(4, 2, {2, 0, 0, 1, 0, -3, 0, 0});
  ThreadPool pool(1);
  const ListScores scores = ScoreLists(pool,
                                       {.lists = &lists,
                                        .relevant = test.view(),
                                        .train = train.view(),
                                        .item_vectors = vectors.view()},
                                       {3, 4});
  // Cosines 0, 0 and -1 of three pairs; a fourth item without a vector adds three of 0.
  EXPECT_DOUBLE_EQ(
      scores.values.at(0, static_cast<int64_t>(scores.column(ListMetric::kDiversity, 0))),
      1 + 1.0 / 3);
  EXPECT_DOUBLE_EQ(
      scores.values.at(0, static_cast<int64_t>(scores.column(ListMetric::kDiversity, 1))),
      1 + 1.0 / 6);
}

TEST(ListScoresTest, NamesAreAllDifferent) {
  std::vector<std::string_view> names;
  for (const ListMetric metric : kListMetrics) names.push_back(ListMetricName(metric));
  std::ranges::sort(names);
  EXPECT_EQ(std::ranges::adjacent_find(names), names.end());
  EXPECT_EQ(ListMetricName(ListMetric::kHitRate), "hit_rate");
}

// Other orders of customers, and other numbers of threads, change no mean.
TEST(ListScoresTest, TheOrderOfCustomersDoesNotMatter) {
  const Philox random(4, 0);
  uint64_t draw = 0;
  Rows train;
  Rows test;
  Rows shown;
  for (int u = 0; u < 150; ++u) {
    train.emplace_back();
    test.emplace_back();
    shown.emplace_back();
    for (uint32_t item = 0; item < 40; ++item) {
      const double roll = random.Uniform(draw++);
      if (roll < 0.2) {
        train.back().push_back(item);
      } else if (roll < 0.3) {
        test.back().push_back(item);
      }
      if (roll > 0.15 && roll < 0.25 + 0.005 * item) shown.back().push_back(item);
    }
  }
  FloatMatrix vectors(40, 5);
  for (float& x : vectors.values()) x = static_cast<float>(random.Normal(draw++));
  const auto means = [&](const std::vector<size_t>& order, int threads) {
    Rows sorted[3];
    for (const size_t u : order) {
      sorted[0].push_back(train[u]);
      sorted[1].push_back(test[u]);
      sorted[2].push_back(shown[u]);
    }
    const CsrMatrix t = Pattern(sorted[0], 40);
    const CsrMatrix r = Pattern(sorted[1], 40);
    const RankedLists lists = Lists(sorted[2]);
    ThreadPool pool(threads);
    return ColumnMeans(ScoreLists(pool,
                                  {.lists = &lists,
                                   .relevant = r.view(),
                                   .train = t.view(),
                                   .item_vectors = vectors.view()},
                                  {2, 5, 20})
                           .values.view());
  };
  std::vector<size_t> order(train.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const std::vector<double> first = means(order, 1);
  EXPECT_EQ(means(order, 3), first);
  std::ranges::reverse(order);
  const std::vector<double> reversed = means(order, 2);
  for (size_t j = 0; j < first.size(); ++j) EXPECT_NEAR(reversed[j], first[j], 1e-12);
  for (size_t k = 0; k < 3; ++k) {
    for (size_t m = 0; m < 6; ++m) {
      EXPECT_GE(first[k * kListMetrics.size() + m], 0);
      EXPECT_LE(first[k * kListMetrics.size() + m], 1);
    }

    EXPECT_GE(first[k * kListMetrics.size() + 6], 0);
    EXPECT_GE(first[k * kListMetrics.size() + 7], 0);  // diversity
    EXPECT_LE(first[k * kListMetrics.size() + 7], 2);
  }
}

}  // namespace
}  // namespace burgeon
