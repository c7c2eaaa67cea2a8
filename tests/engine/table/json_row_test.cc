#include "engine/table/json_row.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/limits.h"

namespace burgeon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Values = std::vector<std::optional<std::string>>;

// The rows of one object, by columns of its own.
class JsonRow {
 public:
  explicit JsonRow(const std::vector<std::string>& columns, const std::string& explode = "",
                   const std::vector<ExtraRows>& extra = {})
      : plan_(*JsonPlan::Make(columns, explode, extra)), rows_(&plan_) {}
  std::string Parse(const std::string& line) {
    padded_ = line + std::string(kJsonPadding, '}');
    return rows_.Parse(std::string_view(padded_).substr(0, line.size()));
  }
  Values values(int64_t row = 0) {
    Values out;
    for (size_t i = 0; i < plan_.columns.size(); ++i) {
      const auto value = rows_.value(row, i);
      out.push_back(value ? std::optional<std::string>(*value) : std::nullopt);
    }
    return out;
  }
  std::vector<Values> all() {
    std::vector<Values> out;
    for (int64_t row = 0; row < rows_.rows(); ++row) out.push_back(values(row));
    return out;
  }

 private:
  const JsonPlan plan_;
  JsonRows rows_;
  std::string padded_;
};

absl::StatusOr<std::vector<std::string>> JsonKeys(const std::string& line) {
  const std::string padded = line + std::string(kJsonPadding, ' ');
  return JsonRows::Keys(std::string_view(padded).substr(0, line.size()));
}

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

TEST(JsonRowTest, WhatIsNotWantedIsCheckedAllTheSame) {
  JsonRow row({"a"});
  for (const char* line :
       {R"({"a":1,"b":[1 2]})", R"({"a":1,"b":tru})", R"({"b":"\q","a":1})", R"({"a":1,"b":-})",
        R"({"a":1,"b":{"c" 1}})", R"({"a":1,"b":[1,]})", R"({"a":1,"b":{},})", R"({"a":1,"b":nul})",
        R"({"a":1,"b":1.})", R"({"a":1,"b":.5})", R"({"a":1,"b":+5})"}) {
    EXPECT_THAT(row.Parse(line), HasSubstr("is not JSON: ")) << line;
  }
  EXPECT_EQ(row.Parse(R"({"a":1,"b":[1,-2.5e-3,true,null,{"c":[]}]})"), "");
}

TEST(JsonRowTest, AValueWithANulOrTooLong) {
  JsonRow row({"a", "b"});
  EXPECT_THAT(row.Parse(R"({"a":"x\u0000y"})"), HasSubstr("column 'a' has a NUL byte"));
  EXPECT_EQ(row.Parse(R"({"c":"x\u0000y"})"), "");
  EXPECT_EQ(row.Parse("{\"b\":\"" + std::string(limits::kMaxFieldBytes + 1, 'x') + "\"}"),
            "column 'b' has 1048577 bytes; at most 1048576 wanted");
}

TEST(JsonRowTest, RecordsOfKeyAndValue) {
  JsonRow row({"p{page}", "p{id}", "p{plain}", "p{ratio}", "p{none}", "p{typeless}", "q{x}", "p"});
  ASSERT_EQ(row.Parse(R"({"p": [{"key":"page","value":{"string_value":"/a","int_value":null}},)"
                      R"({"value":{"string_value":null,"int_value":"123"},"key":"id"},)"
                      R"({"key":"plain","value":5},)"
                      R"({"key":"ratio","value":{"float_value":null,"double_value":2.50}},)"
                      R"({"key":"typeless","value":{"set_timestamp_micros":"7"}},)"
                      R"({"key":"other","value":{"int_value":1}}], "q": null})"),
            "");
  Values values = row.values();
  EXPECT_THAT(*values.back(), HasSubstr(R"([{"key":"page","value":{"string_value":"/a",)"));
  values.pop_back();
  EXPECT_EQ(values, (Values{"/a", "123", "5", "2.50", std::nullopt, std::nullopt, std::nullopt}));
  EXPECT_EQ(row.Parse(R"({"p":[{"key":"id","value":1},{"key":"id","value":2}]})"),
            "has the field 'p{id}' twice");
  EXPECT_THAT(row.Parse(R"({"p":[1]})"), HasSubstr("has something else than {\"key\""));
}

TEST(JsonRowTest, AnArrayGivesARowAnElement) {
  JsonRow row({"id#", "o.items.sku", "o.items.p{x}", "o.total", "#element", "o.items"}, "o.items");
  ASSERT_EQ(row.Parse(R"({"id":"m","o":{"items":[{"sku":"a","p":[{"key":"x","value":1}]},)"
                      R"({"sku":"b"},{"qty":2}],"total":9}})"),
            "");
  EXPECT_EQ(row.all(),
            (std::vector<Values>{
                {"m#1", "a", "1", "9", "1", R"({"sku":"a","p":[{"key":"x","value":1}]})"},
                {"m#2", "b", std::nullopt, "9", "2", R"({"sku":"b"})"},
                {"m#3", std::nullopt, std::nullopt, "9", "3", R"({"qty":2})"}}));
  // Nothing to take apart: one row.
  for (const char* line :
       {R"({"id":"m"})", R"({"id":"m","o":{"items":[]}})", R"({"id":"m","o":{"items":null}})"}) {
    ASSERT_EQ(row.Parse(line), "") << line;
    EXPECT_EQ(row.all(), (std::vector<Values>{{"m", std::nullopt, std::nullopt, std::nullopt,
                                               std::nullopt, std::nullopt}}))
        << line;
  }
  EXPECT_THAT(row.Parse(R"({"o":{"items":{"sku":"a"}}})"), HasSubstr("where `explode` wants one"));
  EXPECT_THAT(row.Parse(R"({"o":{"items":[{"sku":1,"sku":2}]}})"),
              HasSubstr("has the field 'o.items.sku' twice"));
}

TEST(JsonRowTest, ElementsThatAreNoObjects) {
  JsonRow row({"tags", "tags.x", "a"}, "tags");
  ASSERT_EQ(row.Parse(R"({"tags":["u",2,null,[1,{"x":3}]],"a":true})"), "");
  EXPECT_EQ(row.all(), (std::vector<Values>{{"u", std::nullopt, "true"},
                                            {"2", std::nullopt, "true"},
                                            {std::nullopt, std::nullopt, "true"},
                                            {R"([1,{"x":3}])", std::nullopt, "true"}}));
}

TEST(JsonRowTest, ExtraRowsForFieldsAndForIds) {
  JsonRow row({"#row", "#name", "#value", "user", "anon", "id#", "traits.email"}, "",
              {{.row = "id_link", .present = {"anon", "user"}},
               {.row = "attribute", .each = "traits", .present = {"user"}}});
  ASSERT_EQ(row.Parse(R"({"id":"m","user":"u","anon":"x","traits":{"plan":"pro","email":"e@x",)"
                      R"("gone":null,"address":{"city":"Paris","geo":[1,{"a":2}]},"n":1.50}})"),
            "");
  const auto none = std::nullopt;
  EXPECT_EQ(row.all(),
            (std::vector<Values>{
                {none, none, none, "u", "x", "m", "e@x"},
                {"id_link", none, none, "u", "x", "m#id_link", "e@x"},
                {"attribute", "plan", "pro", "u", "x", "m#attribute:plan", "e@x"},
                {"attribute", "email", "e@x", "u", "x", "m#attribute:email", "e@x"},
                {"attribute", "address.city", "Paris", "u", "x", "m#attribute:address.city", "e@x"},
                {"attribute", "address.geo", R"([1,{"a":2}])", "u", "x", "m#attribute:address.geo",
                 "e@x"},
                {"attribute", "n", "1.50", "u", "x", "m#attribute:n", "e@x"}}));
  ASSERT_EQ(row.Parse(R"({"id":"m","anon":"x","user":"","traits":{"plan":"pro"}})"), "");
  EXPECT_EQ(row.all().size(), 1U);
}

TEST(JsonRowTest, TheFirstPathThatIsNotNullCounts) {
  JsonRow row({"l.id|l.sku|id", "u|a"}, "l");
  ASSERT_EQ(row.Parse(R"({"l":[{"id":1},{"sku":2},{}],"id":9,"u":null,"a":"x"})"), "");
  EXPECT_EQ(row.all(), (std::vector<Values>{{"1", "x"}, {"2", "x"}, {"9", "x"}}));
}

TEST(JsonRowTest, ExtraRowsByTextsWithAValueOfTheirOwn) {
  JsonRow row({"#row", "#value:link|#value:yes", "#value:yes"}, "",
              {{.row = "link", .value = "p|a", .where = {{"type", {"identify", "alias"}}}},
               {.row = "yes", .value = "c.x", .where = {{"c.x", {"Yes", "No"}}}}});
  const auto none = std::nullopt;
  ASSERT_EQ(row.Parse(R"({"type":"alias","a":"A","c":{"x":"No"}})"), "");
  EXPECT_EQ(row.all(),
            (std::vector<Values>{{none, none, none}, {"link", "A", none}, {"yes", "No", "No"}}));
  ASSERT_EQ(row.Parse(R"({"type":"track","a":"A","p":"P","c":{"x":"Unset"}})"), "");
  EXPECT_EQ(row.all().size(), 1U);
}

TEST(JsonRowTest, RowsThatRepeatTooMuchAreRefused) {
  JsonRow row({"a", "b", "l"}, "l");
  std::string elements = "1";
  for (int i = 0; i < 99; ++i) elements += ",1";
  const std::string big(1'000'000, 'x');
  EXPECT_THAT(row.Parse(R"({"a":")" + big + R"(","l":[)" + elements + "]}"),
              HasSubstr("gives 100 rows that repeat 1000000 bytes each"));
  EXPECT_EQ(row.Parse(R"({"c":")" + big + R"(","l":[)" + elements + "]}"), "");
  EXPECT_EQ(row.all().size(), 100U);
}

TEST(JsonKeysTest, TopKeysInOrder) {
  EXPECT_THAT(*JsonKeys(R"({"b":{"x":1},"a":2})"), ElementsAre("b", "a"));
  EXPECT_EQ(JsonKeys("[]").status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace burgeon
