#include "engine/experiment/customer_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(CustomerGroupsTest, ByHand) {
  const std::vector<int64_t> counts = {0, 9, 3, 2, 5, 4, 30};
  // Not new: 3, 4, 5, 9, 30; half of five, rounded up, lies at or below 5.
  const auto groups = GroupByActivity(counts, {});
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_EQ(groups[0].name, "new");
  EXPECT_EQ(groups[0].rule, "at most 2 train items");
  EXPECT_THAT(groups[0].rows, ElementsAre(0, 3));
  EXPECT_EQ(groups[1].name, "light");
  EXPECT_EQ(groups[1].rule, "3 to 5 train items");
  EXPECT_THAT(groups[1].rows, ElementsAre(2, 4, 5));
  EXPECT_EQ(groups[2].name, "heavy");
  EXPECT_EQ(groups[2].rule, "more than 5 train items");
  EXPECT_THAT(groups[2].rows, ElementsAre(1, 6));
}

TEST(CustomerGroupsTest, EqualCountsStayTogether) {
  const std::vector<int64_t> counts = {7, 7, 7, 7};
  const auto groups = GroupByActivity(counts, {.new_max = 0, .heavy_quantile = 0.25});
  EXPECT_THAT(groups[1].rows, ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(groups[2].rows, IsEmpty());
}

TEST(CustomerGroupsTest, EmptyGroupsAreThere) {
  const std::vector<int64_t> few = {0, 1};
  const auto groups = GroupByActivity(few, {});
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_THAT(groups[0].rows, ElementsAre(0, 1));
  EXPECT_THAT(groups[1].rows, IsEmpty());
  EXPECT_EQ(groups[1].rule, "3 to 3 train items");
  EXPECT_THAT(groups[2].rows, IsEmpty());
  EXPECT_EQ(GroupByActivity({}, {}).size(), 3U);
}

}  // namespace
}  // namespace burgeon
