#include "serving/json_body.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

using testing::HasSubstr;

TEST(JsonBodyTest, OnlyOneObjectWithEachFieldOnceIsTaken) {
  EXPECT_TRUE(ParseObject(R"({"a": {"a": 1}})").ok());
  EXPECT_THAT(MessageOf(ParseObject(R"({"a": 1, "a": 2})").status()), HasSubstr("given twice"));
  EXPECT_THAT(MessageOf(ParseObject("{} {}").status()), HasSubstr("not JSON at byte"));
  EXPECT_THAT(MessageOf(ParseObject("7").status()), HasSubstr("want an object"));
  EXPECT_THAT(MessageOf(ParseObject(std::string(100, '[')).status()), HasSubstr("nested deeper"));
}

TEST(JsonBodyTest, FieldsAreCheckedByNameTypeAndRange) {
  const Json object = *ParseObject(R"({"k": 5, "id": "x", "list": ["a", ""]})");
  EXPECT_TRUE(CheckFields(object, "", {"k", "id", "list"}).ok());
  EXPECT_THAT(MessageOf(CheckFields(object, "at.", {"k", "id"})),
              HasSubstr("at.list: not a field; there are k, id"));
  EXPECT_EQ(Find(object, "no"), nullptr);
  EXPECT_EQ(*ReadInteger(*Find(object, "k"), "k", 1, 5), 5);
  EXPECT_FALSE(ReadInteger(*Find(object, "k"), "k", 6, 9).ok());
  EXPECT_EQ(*ReadId(*Find(object, "id"), "id"), "x");
  EXPECT_THAT(MessageOf(ReadIds(*Find(object, "list"), "list", 1, 9).status()),
              HasSubstr("list[1]: is empty"));
  EXPECT_FALSE(CheckArray(*Find(object, "list"), "list", 3, 9).ok());
}

TEST(JsonBodyTest, ATimeIsIso8601) {
  EXPECT_EQ(*ReadTime(Json("1970-01-01T00:00:02Z"), "t"), 2 * kMicrosPerSecond);
  EXPECT_EQ(*ReadTime(Json("1970-01-01T01:00:00+01:00"), "t"), 0);
  EXPECT_THAT(MessageOf(ReadTime(Json("soon"), "t").status()),
              HasSubstr("t: 'soon' is not a time"));
  EXPECT_THAT(MessageOf(ReadTime(Json(7), "t").status()), HasSubstr("t: number, want a string"));
}

}  // namespace
}  // namespace burgeon
