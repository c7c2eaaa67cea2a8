#include "engine/expression/parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "engine/expression/expression.h"

namespace burgeon::expression {
namespace {

using testing::HasSubstr;

// The tree with every parenthesis written: "(+ a (* b 2))".
std::string Tree(const SyntaxNode& node) {
  static const std::map<NodeKind, std::string> names = {{NodeKind::kNegate, "neg"},
                                                        {NodeKind::kAdd, "+"},
                                                        {NodeKind::kSubtract, "-"},
                                                        {NodeKind::kMultiply, "*"},
                                                        {NodeKind::kDivide, "/"},
                                                        {NodeKind::kRemainder, "%"},
                                                        {NodeKind::kEqual, "="},
                                                        {NodeKind::kNotEqual, "!="},
                                                        {NodeKind::kLess, "<"},
                                                        {NodeKind::kLessEqual, "<="},
                                                        {NodeKind::kGreater, ">"},
                                                        {NodeKind::kGreaterEqual, ">="},
                                                        {NodeKind::kIn, "in"},
                                                        {NodeKind::kBetween, "between"},
                                                        {NodeKind::kIsNull, "is_null"},
                                                        {NodeKind::kIsTrue, "is_true"},
                                                        {NodeKind::kIsFalse, "is_false"},
                                                        {NodeKind::kNot, "not"},
                                                        {NodeKind::kAnd, "and"},
                                                        {NodeKind::kOr, "or"}};
  if (node.kind == NodeKind::kColumn) return node.text;
  if (node.kind == NodeKind::kLiteral) {
    switch (node.value.type) {
      case ExpressionType::kNull:
        return "null";
      case ExpressionType::kBool:
        return node.value.truth ? "true" : "false";
      case ExpressionType::kNumber:
        return Concat(node.value.number);
      case ExpressionType::kText:
        return Concat("'", node.text, "'");
      default:
        return Concat(node.value.micros, "us");
    }
  }
  std::string out = "(";
  if (node.kind == NodeKind::kCall) {
    out += node.text;
  } else if (node.kind == NodeKind::kPattern) {
    out += Concat("pattern", static_cast<int>(node.pattern), ":", node.text);
  } else {
    out += names.at(node.kind);
  }
  for (const auto& child : node.children) out += " " + Tree(*child);
  return out + ")";
}

std::string Parsed(std::string_view text) {
  const auto node = Parse(text);
  return node.ok() ? Tree(**node) : MessageOf(node.status());
}

TEST(ParserTest, Precedence) {
  EXPECT_EQ(Parsed("a + b * c"), "(+ a (* b c))");
  EXPECT_EQ(Parsed("a - b - c"), "(- (- a b) c)");
  EXPECT_EQ(Parsed("a / b % c"), "(% (/ a b) c)");
  EXPECT_EQ(Parsed("-a * b"), "(* (neg a) b)");
  EXPECT_EQ(Parsed("- - a"), "(neg (neg a))");
  EXPECT_EQ(Parsed("a or b and not c"), "(or a (and b (not c)))");
  EXPECT_EQ(Parsed("not a = b"), "(not (= a b))");
  EXPECT_EQ(Parsed("a + 1 < b * 2"), "(< (+ a 1) (* b 2))");
  EXPECT_EQ(Parsed("(a or b) and c"), "(and (or a b) c)");
  EXPECT_EQ(Parsed("a and b and c"), "(and a b c)");
}

TEST(ParserTest, Predicates) {
  EXPECT_EQ(Parsed("a between 1 and 2 and b"), "(and (between a 1 2) b)");
  EXPECT_EQ(Parsed("a not between 1 and 2"), "(not (between a 1 2))");
  EXPECT_EQ(Parsed("a IN (1, null, b+1)"), "(in a 1 null (+ b 1))");
  EXPECT_EQ(Parsed("a not in ('x')"), "(not (in a 'x'))");
  EXPECT_EQ(Parsed("a is null"), "(is_null a)");
  EXPECT_EQ(Parsed("a is not null or b Is True"), "(or (not (is_null a)) (is_true b))");
  EXPECT_EQ(Parsed("a is not false"), "(not (is_false a))");
  EXPECT_EQ(Parsed("a like 'x%'"), "(pattern0:x% a)");
  EXPECT_EQ(Parsed("a not glob 'x*'"), "(not (pattern1:x* a))");
  EXPECT_EQ(Parsed("lower(a) matches '[a-z]+'"), "(pattern2:[a-z]+ (lower a))");
}

TEST(ParserTest, Values) {
  EXPECT_EQ(Parsed("\"Unit Price\" = 'it''s'"), "(= Unit Price 'it's')");
  EXPECT_EQ(Parsed("date '1970-01-02'"), "86400000000us");
  EXPECT_EQ(Parsed("TIME '1970-01-01T00:00:01Z' + 2s"), "(+ 1000000us 2000000us)");
  EXPECT_EQ(Parsed("date = time"), "(= date time)");  // columns, where no text follows
  EXPECT_EQ(Parsed("time(a)"), "(time a)");
  EXPECT_EQ(Parsed("Days_Between(a, b) > 3"), "(> (days_between a b) 3)");
  EXPECT_EQ(Parsed("user.id = TRUE"), "(= user.id true)");
  EXPECT_EQ(Parsed("\"and\" = \"null\""), "(= and null)");
  EXPECT_EQ(Parsed("now()"), "(now)");
}

TEST(ParserTest, ProblemsSayWhatWasFoundAndWanted) {
  EXPECT_THAT(Parsed(""), HasSubstr("position 1: the expression ends, wanted a value"));
  EXPECT_THAT(Parsed("a +"), HasSubstr("position 4: the expression ends, wanted a value"));
  EXPECT_THAT(Parsed("a b"), HasSubstr("position 3: 'b' stands here, wanted the end"));
  EXPECT_THAT(Parsed("(a"), HasSubstr("wanted ')'"));
  EXPECT_THAT(Parsed("a in 3"), HasSubstr("wanted '(' after 'in'"));
  EXPECT_THAT(Parsed("a in (1 2)"), HasSubstr("wanted ',' or ')' in the list"));
  EXPECT_THAT(Parsed("a in ()"), HasSubstr("')' stands here, wanted a value"));
  EXPECT_THAT(Parsed("a between 1 or 2"), HasSubstr("wanted 'and' and the upper end"));
  EXPECT_THAT(Parsed("a like b"), HasSubstr("wanted a pattern in single quotes after 'like'"));
  EXPECT_THAT(Parsed("a is 3"), HasSubstr("wanted null, true or false after 'is'"));
  EXPECT_THAT(Parsed("f(a b)"), HasSubstr("wanted ',' or ')' in the arguments"));
  EXPECT_THAT(Parsed("date '2011-02-30'"), HasSubstr("position 6: '2011-02-30' is not a time"));
  EXPECT_THAT(Parsed("a = and"), HasSubstr("a column of that name is \"and\""));
  EXPECT_THAT(Parsed("a < b < c"), HasSubstr("'<' stands here, wanted the end"));
}

TEST(ParserTest, LimitsOfDepthAndSize) {
  const auto repeat = [](std::string_view what, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) out += what;
    return out;
  };
  EXPECT_EQ(Parsed(repeat("(", 90) + "a" + repeat(")", 90)), "a");
  const char* const deep = "nested deeper than 100";
  EXPECT_THAT(Parsed(repeat("(", 5000) + "a" + repeat(")", 5000)), HasSubstr(deep));
  EXPECT_THAT(Parsed(repeat("not ", 5000) + "a"), HasSubstr(deep));
  EXPECT_THAT(Parsed(repeat("-", 5000) + "1"), HasSubstr(deep));
  EXPECT_THAT(Parsed(repeat("f(", 5000) + "a"), HasSubstr(deep));
  EXPECT_THAT(Parsed("1" + repeat("+1", 5000)), HasSubstr(deep));
  EXPECT_THAT(Parsed("a" + repeat(" and a", 10'000)), HasSubstr("more than 10000 parts"));
  const auto wide = Parse("a" + repeat(" and a", 5'000));  // wide is not deep
  ASSERT_TRUE(wide.ok()) << wide.status();
  EXPECT_EQ((*wide)->depth, 2);
}

}  // namespace
}  // namespace burgeon::expression
