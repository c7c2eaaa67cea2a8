#include "engine/experiment/recommender_quality.h"

#include <gtest/gtest.h>

#include <cmath>

namespace burgeon {
namespace {

// Four customers, two items of a catalogue of four shown to each.
struct World {
  CsrMatrix train;
  CsrMatrix test;
  RankedLists lists;
  World() {
    train.cols = test.cols = 4;
    train.columns = {0, 0, 1, 0, 0};
    train.offsets = {0, 1, 3, 4, 5};
    test.columns = {1, 2, 2, 1};
    test.offsets = {0, 1, 2, 3, 4};
    lists.items = {1, 2, 2, 3, 1, 3, 2, 3};
    lists.offsets = {0, 2, 4, 6, 8};
  }
  ListScores Score(ThreadPool& pool) const {
    return ScoreLists(pool, {.lists = &lists, .relevant = test.view(), .train = train.view()},
                      {1, 2});
  }
};

TEST(RecommenderQualityTest, ByHand) {
  ThreadPool pool(2);
  const World world;
  const ListScores scores = world.Score(pool);
  const BootstrapOptions options{.replicates = 500, .level = 0.9, .seed = 3};
  const Resampled sample = Resample(pool, scores.values.view(), options);
  const std::vector<CustomerGroup> groups = {{"one", "rule", {0, 1}}, {"none", "rule", {}}};
  const ModelQuality quality =
      MeasureQuality(pool, world.lists, scores, sample, groups, 4, options);
  // Customers 0 and 1 are hit at rank 1, 2 and 3 never.
  ASSERT_EQ(quality.cuts.size(), 2U);
  const Estimate recall = quality.cuts[0].of(ListMetric::kRecall);
  EXPECT_DOUBLE_EQ(recall.value, 0.5);
  EXPECT_LT(recall.low, 0.5);
  EXPECT_GT(recall.high, 0.5);
  EXPECT_GE(recall.low, 0);
  EXPECT_LE(recall.high, 1);
  // p: 1 for item 0, 1/4 for item 1, 0 for the others. Lists: (1/4 + 0)/2, 0, 1/8, 0; histories:
  // 1, (1 + 1/4)/2, 1, 1.
  const double lists = (0.125 + 0 + 0.125 + 0) / 4;
  const double histories = (1 + 0.625 + 1 + 1) / 4;
  EXPECT_DOUBLE_EQ(quality.cuts[1].of(ListMetric::kPopularity).value, lists);
  EXPECT_DOUBLE_EQ(quality.cuts[1].popularity_lift.value, lists / histories - 1);
  EXPECT_LE(quality.cuts[1].popularity_lift.low, quality.cuts[1].popularity_lift.value);
  EXPECT_TRUE(std::isnan(quality.cuts[1].of(ListMetric::kDiversity).value));
  EXPECT_DOUBLE_EQ(quality.exposure[0].coverage, 0.5);
  EXPECT_DOUBLE_EQ(quality.exposure[1].coverage, 0.75);
  ASSERT_EQ(quality.groups.size(), 2U);
  EXPECT_EQ(quality.groups[0][0].of(ListMetric::kRecall).value, 1);
  EXPECT_EQ(quality.groups[0][0].of(ListMetric::kRecall).low, 1);
  EXPECT_TRUE(std::isnan(quality.groups[1][0].of(ListMetric::kRecall).value));
}

TEST(RecommenderQualityTest, DifferencesArePaired) {
  ThreadPool pool(1);
  const World world;
  World worse = world;
  worse.lists.items = {3, 1, 3, 2, 3, 1, 3, 0};  // the same hits, a rank later
  const ListScores scores = world.Score(pool);
  const ListScores baseline = worse.Score(pool);
  const BootstrapOptions options{.replicates = 400, .level = 0.9};
  const Resampled a = Resample(pool, scores.values.view(), options);
  const Resampled b = Resample(pool, baseline.values.view(), options);
  const std::vector<CutDifference> difference = DifferenceTo(scores, a, b, options);
  const auto of = [&](ListMetric metric, size_t k) {
    return difference[k][static_cast<size_t>(metric)];
  };
  EXPECT_DOUBLE_EQ(of(ListMetric::kRecall, 0).estimate.value, 0.5);
  EXPECT_GT(of(ListMetric::kRecall, 0).share_above, 0.9);  // all but draws without 0 and 1
  // At k 2 both find the same for every customer: no draw can tell them apart.
  EXPECT_EQ(of(ListMetric::kRecall, 1).estimate.low, 0);
  EXPECT_EQ(of(ListMetric::kRecall, 1).estimate.high, 0);
  EXPECT_EQ(of(ListMetric::kRecall, 1).share_above, 0.5);
  EXPECT_DOUBLE_EQ(of(ListMetric::kMrr, 1).estimate.value, 0.25);
}

TEST(RecommenderQualityTest, WithoutABootstrapThereAreNoIntervals) {
  ThreadPool pool(1);
  const World world;
  const ListScores scores = world.Score(pool);
  const BootstrapOptions options{.replicates = 0};
  const Resampled sample = Resample(pool, scores.values.view(), options);
  const ModelQuality quality = MeasureQuality(pool, world.lists, scores, sample, {}, 4, options);
  EXPECT_DOUBLE_EQ(quality.cuts[0].of(ListMetric::kRecall).value, 0.5);
  EXPECT_TRUE(std::isnan(quality.cuts[0].of(ListMetric::kRecall).low));
  EXPECT_TRUE(std::isnan(DifferenceTo(scores, sample, sample, options)[0][0].share_above));
}

}  // namespace
}  // namespace burgeon
