#include "engine/recommend/popularity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<uint32_t> RowsOf(const std::vector<ScoredItem>& items) {
  std::vector<uint32_t> rows;
  for (const ScoredItem& item : items) rows.push_back(item.item.value);
  return rows;
}

TEST(PopularityRanking, OrdersByPopularityThenRowAndLeavesOutTheMasked) {
  const std::vector<float> popularity = {3, 9, 0, 3, 7};
  const PopularityRanking ranking(popularity, {});
  EXPECT_THAT(RowsOf(ranking.Best(10, {})), ElementsAre(1, 4, 0, 3, 2));
  EXPECT_EQ(ranking.Best(1, {})[0].score, 9);
  const std::vector<uint32_t> masked = {0, 1};
  EXPECT_THAT(RowsOf(ranking.Best(2, masked)), ElementsAre(4, 3));
  const std::vector<uint32_t> all = {0, 1, 2, 3, 4};
  EXPECT_THAT(ranking.Best(2, all), IsEmpty());
}

TEST(PopularityRanking, KeepsToTheAllowed) {
  const std::vector<float> popularity = {3, 9, 0, 3, 7};
  const std::vector<uint64_t> allowed = {0b01101};
  EXPECT_THAT(RowsOf(PopularityRanking(popularity, allowed).Best(10, {})), ElementsAre(0, 3, 2));
}

}  // namespace
}  // namespace burgeon
