#include "engine/table/json_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

TEST(JsonPlanTest, KeysWithDotsLeadToTheSamePlace) {
  const auto plan = JsonPlan::Make({"a.b.c", "a.d", "b"}, "", {});
  ASSERT_TRUE(plan.ok());
  std::vector<std::string> keys;
  for (const auto& [key, node] : plan->nodes[0].children) keys.push_back(key);
  EXPECT_THAT(keys, UnorderedElementsAre("a", "a.b", "a.b.c", "a.d", "b"));
  for (const auto& [key, node] : plan->nodes[0].children) {
    if (key != "a") continue;
    std::vector<std::string> below;
    for (const auto& [name, child] : plan->nodes[static_cast<size_t>(node)].children) {
      below.push_back(name);
    }
    EXPECT_THAT(below, UnorderedElementsAre("b", "b.c", "d"));
  }
}

TEST(JsonPlanTest, SlotsAreSharedAndKnowWhetherTheyAreOfElements) {
  const auto plan = JsonPlan::Make({"id", "id#", "l.x", "lx", "l", "#element"}, "l",
                                   {{.row = "r", .each = "", .present = {"id", "t"}}});
  ASSERT_TRUE(plan.ok());
  ASSERT_EQ(plan->slots.size(), 5U);  // id, l.x, lx, l, t
  EXPECT_EQ(plan->columns[0][0].slot, plan->columns[1][0].slot);
  EXPECT_FALSE(plan->slots[0].of_element);
  EXPECT_TRUE(plan->slots[1].of_element);
  EXPECT_FALSE(plan->slots[2].of_element);
  EXPECT_TRUE(plan->slots[3].of_element);
  EXPECT_EQ(plan->columns[5][0].kind, JsonPlan::Part::Kind::kElement);
  EXPECT_EQ(plan->extras[0].present.size(), 2U);
}

TEST(JsonPlanTest, ManyKeysAreFoundByAMap) {
  std::vector<std::string> columns;
  for (int i = 0; i < 40; ++i) columns.push_back("k" + std::to_string(i));
  const auto plan = JsonPlan::Make(columns, "", {});
  ASSERT_TRUE(plan.ok());
  EXPECT_EQ(plan->nodes[0].index.size(), 40U);
  EXPECT_EQ(plan->nodes[0].index.at("k39"), 40);
}

TEST(JsonPlanTest, WhatCannotBe) {
  const auto error = [](const std::vector<std::string>& columns, const std::string& explode,
                        const std::vector<ExtraRows>& extra) {
    return MessageOf(JsonPlan::Make(columns, explode, extra).status());
  };
  EXPECT_THAT(error({"a{}"}, "", {}), HasSubstr("the JSON path 'a{}' is none"));
  EXPECT_THAT(error({""}, "", {}), HasSubstr("the JSON path '' is none"));
  EXPECT_THAT(error({"l{x}"}, "l", {}), HasSubstr("one of the two"));
  EXPECT_THAT(error({}, "l", {{.row = "r", .each = "l.t"}}), HasSubstr("'l.t' is within"));
  EXPECT_THAT(error({}, "l", {{.row = "r", .each = "", .present = {"l.t"}}}),
              HasSubstr("'l.t' is within"));
  EXPECT_THAT(error({}, "", {{.row = "r", .each = "t"}, {.row = "s", .each = "t"}}),
              HasSubstr("already are the rows 'r'"));
  EXPECT_THAT(error(std::vector<std::string>(4097, "a"), "", {}), HasSubstr("at most 4096"));
}

}  // namespace
}  // namespace burgeon
