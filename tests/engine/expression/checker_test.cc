#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/expression/program.h"

namespace burgeon::expression {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::vector<ExpressionColumn>& Columns() {
  static const std::vector<ExpressionColumn>* const columns = new std::vector<ExpressionColumn>{
      {"n", ExpressionType::kNumber},   {"t", ExpressionType::kText},
      {"b", ExpressionType::kBool},     {"w", ExpressionType::kTime},
      {"d", ExpressionType::kDuration}, {"Unit Price"}};
  return *columns;
}

std::string TypeOf(std::string_view text) {
  const auto program = Check(text, Columns(), {.now = 5});
  if (!program.ok()) return MessageOf(program.status());
  return std::string(ExpressionTypeName(program->operations.back().type));
}

TEST(CheckerTest, TypesOfResults) {
  EXPECT_EQ(TypeOf("n + 1"), "number");
  EXPECT_EQ(TypeOf("w - w"), "duration");
  EXPECT_EQ(TypeOf("w - d"), "time");
  EXPECT_EQ(TypeOf("w + 30d"), "time");
  EXPECT_EQ(TypeOf("30d + w"), "time");
  EXPECT_EQ(TypeOf("d * 2"), "duration");
  EXPECT_EQ(TypeOf("2 * d"), "duration");
  EXPECT_EQ(TypeOf("d / 2"), "duration");
  EXPECT_EQ(TypeOf("d / 1h"), "number");
  EXPECT_EQ(TypeOf("-d"), "duration");
  EXPECT_EQ(TypeOf("abs(w - w) < 1d"), "bool");
  EXPECT_EQ(TypeOf("now() - w > 1d"), "bool");
  EXPECT_EQ(TypeOf("days_between(w, date '2011-01-01')"), "number");
  EXPECT_EQ(TypeOf("coalesce(null, t, 'x')"), "text");
  EXPECT_EQ(TypeOf("t = null"), "bool");
  EXPECT_EQ(TypeOf("null"), "null");
  EXPECT_EQ(TypeOf("null + null"), "null");
  EXPECT_EQ(TypeOf("null + n"), "number");
  EXPECT_EQ(TypeOf("length(\"Unit Price\")"), "number");
  EXPECT_EQ(TypeOf("time(t) < w"), "bool");
  EXPECT_EQ(TypeOf("n in (1, 2, null)"), "bool");
}

TEST(CheckerTest, WhatDoesNotFitIsNamed) {
  EXPECT_THAT(TypeOf("n = 'a'"), HasSubstr("a number cannot be compared with a text"));
  EXPECT_THAT(TypeOf("n = 'a'"), HasSubstr("number(x)"));
  EXPECT_THAT(TypeOf("w > '2011-01-01'"), HasSubstr("date '2011-12-09'"));
  EXPECT_THAT(TypeOf("t + 1"), HasSubstr("position 3: '+' is not for a text and a number"));
  EXPECT_THAT(TypeOf("w + w"), HasSubstr("'+' is not for a time and a time"));
  EXPECT_THAT(TypeOf("d - w"), HasSubstr("'-' is not for a duration and a time"));
  EXPECT_THAT(TypeOf("2 / d"), HasSubstr("'/' is not for a number and a duration"));
  EXPECT_THAT(TypeOf("-t"), HasSubstr("'-' is not for a text"));
  EXPECT_THAT(TypeOf("b < true"), HasSubstr("no order"));
  EXPECT_THAT(TypeOf("b between true and false"), HasSubstr("no order"));
  EXPECT_THAT(TypeOf("n and b"), HasSubstr("position 1: 'and' takes what is true or false"));
  EXPECT_THAT(TypeOf("not t"), HasSubstr("'not' takes what is true or false, not a text"));
  EXPECT_THAT(TypeOf("n like 'a'"), HasSubstr("a pattern is for a text, not for a number"));
  EXPECT_THAT(TypeOf("t matches '('"), HasSubstr("a '(' without its ')'"));
  EXPECT_THAT(TypeOf("n in (1, 'a')"), HasSubstr("position 10: a number cannot be compared"));
  EXPECT_THAT(TypeOf("coalesce(n, t)"), HasSubstr("cannot be compared"));
  EXPECT_THAT(TypeOf("coalesce()"), HasSubstr("one argument or more"));
  EXPECT_THAT(TypeOf("length(n)"), HasSubstr("length takes (text), not (number)"));
  EXPECT_THAT(TypeOf("starts_with(t)"), HasSubstr("starts_with takes (text, text), not (text)"));
  EXPECT_THAT(TypeOf("now(1)"), HasSubstr("now takes no argument"));
  EXPECT_THAT(TypeOf("nope(1)"), HasSubstr("there is no function 'nope'; the functions are abs, "));
  EXPECT_THAT(TypeOf("n + x.y"), HasSubstr("position 5: there is no column 'x.y'; the columns are "
                                           "n, t, b, w, d, Unit Price"));
}

TEST(CheckerTest, NowNeedsATime) {
  EXPECT_THAT(MessageOf(Check("now() > w", Columns(), {}).status()),
              HasSubstr("now() has no meaning here"));
}

TEST(CheckerTest, KnowsTheColumnsInUse) {
  const auto program = Check("d > 1d and (n = 1 or n + 1 = 2)", Columns(), {});
  ASSERT_TRUE(program.ok()) << program.status();
  EXPECT_THAT(program->columns, ElementsAre(0, 4));
}

}  // namespace
}  // namespace burgeon::expression
