#include "engine/ops/candidate_list.h"

#include <gtest/gtest.h>

#include <limits>

namespace burgeon {
namespace {

TEST(CandidateListTest, OrdersByCanonicalScoreNotByTheScoreGiven) {
  const FloatMatrix items(4, 1, {1, 2, 3, 4});
  const std::vector<float> query = {1};
  CandidateList list(query, items.view(), 2);
  // Off by up to 2.5, in the wrong order.
  list.Add(0, 3.5F, 2.5);
  list.Add(1, 3.0F, 2.5);
  list.Add(2, 2.5F, 2.5);
  list.Add(3, 2.0F, 2.5);
  std::vector<ScoredItem> out;
  list.Finish(&out);
  EXPECT_EQ(out, (std::vector<ScoredItem>{{ItemRow(3), 4}, {ItemRow(2), 3}}));
}

TEST(CandidateListTest, ThresholdNeverDropsAnItemThatTies) {
  FloatMatrix items(1000, 1);
  for (float& x : items.values()) x = 1;
  const std::vector<float> query = {1};
  CandidateList list(query, items.view(), 3);
  // From the last row to the first: the lowest rows must win at equal scores.
  for (uint32_t i = 1000; i-- > 0;) {
    ASSERT_LE(list.Threshold(0.01), 1.0F - 0.0099F);
    list.Add(i, 1.0F, 0.01);
  }
  std::vector<ScoredItem> out;
  list.Finish(&out);
  EXPECT_EQ(out, (std::vector<ScoredItem>{{ItemRow(0), 1}, {ItemRow(1), 1}, {ItemRow(2), 1}}));
}

TEST(CandidateListTest, ThresholdGrowsToTheWorstThatIsKept) {
  FloatMatrix items(1000, 1);
  for (int i = 0; i < 1000; ++i) items.at(i, 0) = static_cast<float>(i);
  const std::vector<float> query = {1};
  CandidateList list(query, items.view(), 10);
  EXPECT_EQ(list.Threshold(0), -std::numeric_limits<float>::infinity());
  bool grew = false;
  for (uint32_t i = 0; i < 1000; ++i) grew |= list.Add(i, static_cast<float>(i), 0.25);
  EXPECT_TRUE(grew);
  EXPECT_GT(list.Threshold(0.25), 800.0F);
  EXPECT_LT(list.Threshold(0.25), 990.0F);
}

TEST(CandidateListTest, FewerThanKAndInfiniteScores) {
  const FloatMatrix items(3, 1, {3e38F, -3e38F, 0});
  const std::vector<float> query = {1e10F};
  CandidateList list(query, items.view(), 50);
  const float infinity = std::numeric_limits<float>::infinity();
  list.Add(2, 0, 0);
  list.Add(1, -infinity, 0);
  list.Add(0, infinity, 0);
  std::vector<ScoredItem> out;
  list.Finish(&out);
  EXPECT_EQ(out, (std::vector<ScoredItem>{
                     {ItemRow(0), infinity}, {ItemRow(2), 0}, {ItemRow(1), -infinity}}));
}

// Two halves, the second told what the first has found: together the best of all, ties and all.
TEST(CandidateListTest, ARaisedFloorDropsOnlyWhatAnotherListBeats) {
  FloatMatrix items(600, 1);
  for (int i = 0; i < 600; ++i) items.at(i, 0) = static_cast<float>(i * 7 % 100);
  const std::vector<float> query = {1};
  std::vector<ScoredItem> found;
  CandidateList first(query, items.view(), 10);
  for (uint32_t i = 300; i < 600; ++i) first.Add(i, items.at(i, 0), 0);
  CandidateList second(query, items.view(), 10);
  second.RaiseFloor(first.Threshold(0));
  EXPECT_EQ(second.Threshold(0), first.Threshold(0));
  for (uint32_t i = 0; i < 300; ++i) {
    if (items.at(i, 0) >= second.Threshold(0)) second.Add(i, items.at(i, 0), 0);
  }
  first.Finish(&found);
  second.Finish(&found);
  CandidateList all(query, items.view(), 10);
  for (const ScoredItem& item : found) all.Add(item.item.value, item.score, 0);
  std::vector<ScoredItem> out;
  all.Finish(&out);
  ASSERT_EQ(out.size(), 10U);
  // 99 at rows 57 + 100 n, then 98 at 14 + 100 n.
  for (uint32_t n = 0; n < 6; ++n) EXPECT_EQ(out[n], (ScoredItem{ItemRow(57 + 100 * n), 99}));
  for (uint32_t n = 0; n < 4; ++n) EXPECT_EQ(out[6 + n], (ScoredItem{ItemRow(14 + 100 * n), 98}));
}

}  // namespace
}  // namespace burgeon
