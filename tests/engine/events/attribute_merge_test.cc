#include "engine/events/attribute_merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

using testing::ElementsAre;

std::vector<std::string> Collapsed(std::vector<StagedAttribute> staged) {
  std::vector<std::string> out;
  for (const AttributeValue& v : CollapseAttributes(std::move(staged))) {
    out.push_back(Concat(v.id, " ", v.name, " ", v.value, " ", v.event_time, " ", v.known_at));
  }
  return out;
}

TEST(AttributeMerge, OnlyChangesStay) {
  EXPECT_THAT(Collapsed({{{"i", "n", "B", 3, 3}, 1},
                         {{"i", "n", "A", 1, 1}, 2},
                         {{"i", "n", "A", 2, 2}, 3},
                         {{"i", "n", "A", 4, 4}, 4},
                         {{"i", "m", "A", 5, 5}, 5},
                         {{"h", "n", "A", 9, 9}, 6}}),
              ElementsAre("h n A 9 9", "i m A 5 5", "i n A 1 1", "i n B 3 3", "i n A 4 4"));
}

TEST(AttributeMerge, OfOneTimeTheLastLineStays) {
  EXPECT_THAT(Collapsed({{{"i", "n", "B", 1, 1}, 7}, {{"i", "n", "A", 1, 1}, 3}}),
              ElementsAre("i n B 1 1"));
}

TEST(AttributeMerge, ARepetitionKnownEarlierStays) {
  EXPECT_THAT(Collapsed({{{"i", "n", "A", 1, 9}, 1}, {{"i", "n", "A", 2, 3}, 2}}),
              ElementsAre("i n A 1 9", "i n A 2 3"));
}

}  // namespace
}  // namespace burgeon
