#include "engine/table/json_row.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/limits.h"

namespace burgeon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Values = std::vector<std::optional<std::string>>;

TEST(JsonRowTest, NumbersAreKeptAsWritten) {
  JsonRow row({"a", "b", "c", "d", "e"});
  ASSERT_EQ(row.Parse(R"({"a":17850,"b":17850.0,"c":1.50,"d":1E3,"e":12345678901234567890123})"),
            "");
  EXPECT_EQ(row.values(), (Values{"17850", "17850.0", "1.50", "1E3", "12345678901234567890123"}));
}

TEST(JsonRowTest, StringsTruthNullAndAbsent) {
  JsonRow row({"s", "t", "f", "n", "none", "empty"});
  ASSERT_EQ(row.Parse(R"({"empty":"","n":null,"f":false,"t":true,"s":"a\"\u00e9\n\ud83c\udf31"})"),
            "");
  EXPECT_EQ(row.values(), (Values{"a\"\xC3\xA9\n\xF0\x9F\x8C\xB1", "true", "false", std::nullopt,
                                  std::nullopt, ""}));
}

TEST(JsonRowTest, DottedPathsAndWholeObjects) {
  JsonRow row({"user.id", "user", "tags", "x.y.z", "p.q"});
  ASSERT_EQ(row.Parse(R"({"user": {"id": 7, "n\"ame": "A\tB", "l": [ ]},)"
                      R"( "tags": ["a", {"user": {"id": 8}}, 1.0, null, true],)"
                      R"( "x": {"y": {"z": "deep"}, "w": 1}, "p.q": 5})"),
            "");
  EXPECT_EQ(row.values(), (Values{"7", R"({"id":7,"n\"ame":"A\u0009B","l":[]})",
                                  R"(["a",{"user":{"id":8}},1.0,null,true])", "deep", "5"}));
}

TEST(JsonRowTest, EachLineStartsAfresh) {
  JsonRow row({"a", "b"});
  ASSERT_EQ(row.Parse(R"({"a":1,"b":2})"), "");
  ASSERT_EQ(row.Parse(R"({"b":3})"), "");
  EXPECT_EQ(row.values(), (Values{std::nullopt, "3"}));
}

TEST(JsonRowTest, WhatIsNotAnObject) {
  JsonRow row({"a"});
  for (const char* line : {"[1]", "1", "\"a\"", "null", "true", "[{\"a\":1}]"}) {
    EXPECT_EQ(row.Parse(line), "is not a JSON object") << line;
  }
}

TEST(JsonRowTest, MalformedLines) {
  JsonRow row({"a"});
  for (const char* line : {"{", "{\"a\":1", "{\"a\":}", "{a:1}", "{\"a\":1} x",
                           "{\"a\":1}{\"a\":2}", "{\"a\":\"\xE9\"}", "{\"a\":\"\\ud800\"}",
                           "{\"a\":01}", "", "{'a':1}", "{\"a\":NaN}", "{\"a\":1e999}"}) {
    EXPECT_THAT(row.Parse(line), HasSubstr("is not JSON: ")) << line;
  }
}

TEST(JsonRowTest, AWantedFieldTwice) {
  JsonRow row({"a"});
  EXPECT_EQ(row.Parse(R"({"a":1,"a":2})"), "has the field 'a' twice");
  EXPECT_EQ(row.Parse(R"({"b":1,"b":2})"), "");
}

TEST(JsonRowTest, DepthIsCapped) {
  JsonRow row({"a"});
  const auto nested = [](int depth) {
    return "{\"a\":" + std::string(static_cast<size_t>(depth - 1), '[') +
           std::string(static_cast<size_t>(depth - 1), ']') + "}";
  };
  EXPECT_EQ(row.Parse(nested(limits::kMaxJsonDepth)), "");
  EXPECT_EQ(row.Parse(nested(limits::kMaxJsonDepth + 1)), "is nested deeper than 32 levels");
  EXPECT_EQ(row.Parse("{\"a\":" + std::string(1'000'000, '[')), "is nested deeper than 32 levels");
}

TEST(JsonKeysTest, TopKeysInOrder) {
  EXPECT_THAT(*JsonKeys(R"({"b":{"x":1},"a":2})"), ElementsAre("b", "a"));
  EXPECT_EQ(JsonKeys("[]").status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace burgeon
