#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/config/config.h"

namespace burgeon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

TEST(ConfigDefaultsTest, WhatIsWrittenStandsAndTheRestIsAdded) {
  auto config = Config::Parse(R"(
source:
  name: mine
  fields:
    customer: {column: C}
    item: null
    properties: {page: p}
    rules: [a]
    values: [x]
)",
                              "t.yaml");
  ASSERT_TRUE(config.ok());
  const ConfigNode source = config->root().Child("source");
  ASSERT_TRUE(source
                  .AddDefaults(R"(
name: theirs
format: csv
fields:
  customer: {column: D, transforms: [trim]}
  item: {column: I}
  time: {column: T}
  properties: {page: q, title: t}
  rules: [b, c]
  values: [y]
)",
                               "preset", {"fields", "fields.properties", "fields.rules"})
                  .ok());
  EXPECT_EQ(source.GetString("name", ""), "mine");
  EXPECT_EQ(source.GetString("format", ""), "csv");
  const ConfigNode fields = source.Child("fields");
  EXPECT_THAT(fields.GetMap("customer"), ElementsAre(Pair("column", "C")));
  EXPECT_FALSE(fields.Has("item"));
  EXPECT_THAT(fields.GetMap("time"), ElementsAre(Pair("column", "T")));
  EXPECT_THAT(fields.GetMap("properties"), ElementsAre(Pair("page", "p"), Pair("title", "t")));
  EXPECT_THAT(fields.GetStrings("rules"), ElementsAre("a", "b", "c"));
  EXPECT_THAT(fields.GetStrings("values"), ElementsAre("x"));
  EXPECT_TRUE(config->Finish().ok()) << config->Finish();
}

TEST(ConfigDefaultsTest, DefaultsThatNobodyAsksForAreErrorsToo) {
  auto config = Config::Parse("a: {b: 1}", "t.yaml");
  ASSERT_TRUE(config.ok());
  const ConfigNode node = config->root().Child("a");
  ASSERT_TRUE(node.AddDefaults("c: 2", "preset", {}).ok());
  node.GetInt("b", 0);
  EXPECT_THAT(MessageOf(config->Finish()), HasSubstr("a.c: no such field"));
  EXPECT_THAT(MessageOf(node.AddDefaults("[", "preset", {})), HasSubstr("preset:"));
  EXPECT_TRUE(config->root().Child("none").AddDefaults("c: 2", "preset", {}).ok());
}

}  // namespace
}  // namespace burgeon
