#include "engine/expression/value.h"

#include <gtest/gtest.h>

#include <limits>

namespace burgeon {
namespace {

constexpr TimeMicros kSecond = kMicrosPerSecond;

TEST(ExpressionValueTest, ANumberThatIsNotFiniteIsNull) {
  EXPECT_TRUE(ExpressionValue::Number(std::numeric_limits<double>::infinity()).is_null());
  EXPECT_TRUE(ExpressionValue::Number(std::numeric_limits<double>::quiet_NaN()).is_null());
  EXPECT_EQ(ExpressionValue::Number(-2.5).number, -2.5);
}

TEST(ExpressionValueTest, NullIsNeitherTrueNorFalse) {
  EXPECT_FALSE(ExpressionValue::Null().is_true());
  EXPECT_FALSE(ExpressionValue::Null().is_false());
  EXPECT_TRUE(ExpressionValue::Bool(false).is_false());
  EXPECT_FALSE(ExpressionValue::Number(0).is_false());
}

TEST(ExpressionValueTest, ValuesOfOneTypeHaveAnOrder) {
  const auto text = [](std::string_view t) { return ExpressionValue::Text(t); };
  EXPECT_EQ(CompareValues(text("a"), text("b")), -1);
  EXPECT_EQ(CompareValues(text("a"), text("a")), 0);
  EXPECT_EQ(CompareValues(text("ab"), text("a")), 1);
  EXPECT_EQ(CompareValues(text("z"), text("\xC3\xA9")), -1);  // as code points: z < U+00E9
  EXPECT_EQ(CompareValues(ExpressionValue::Number(-1), ExpressionValue::Number(2)), -1);
  EXPECT_EQ(CompareValues(ExpressionValue::Time(5), ExpressionValue::Time(4)), 1);
  EXPECT_EQ(CompareValues(ExpressionValue::Bool(false), ExpressionValue::Bool(true)), -1);
}

TEST(ExpressionValueTest, TypesHaveNames) {
  for (const ExpressionType type :
       {ExpressionType::kBool, ExpressionType::kNumber, ExpressionType::kText,
        ExpressionType::kTime, ExpressionType::kDuration}) {
    EXPECT_EQ(ParseExpressionType(ExpressionTypeName(type)), type);
  }
  EXPECT_EQ(ParseExpressionType("null"), std::nullopt);
  EXPECT_EQ(ParseExpressionType("Number"), std::nullopt);
}

// The seconds are those of `date -u -d '...' +%s`.
TEST(ExpressionValueTest, TimesOfIso8601) {
  EXPECT_EQ(ParseTimeLiteral("1970-01-01"), 0);
  EXPECT_EQ(ParseTimeLiteral("2011-12-09"), 1'323'388'800 * kSecond);
  EXPECT_EQ(ParseTimeLiteral("2011-12-09 12:50"), 1'323'435'000 * kSecond);
  EXPECT_EQ(ParseTimeLiteral("2011-12-09T12:50:07Z"), 1'323'435'007 * kSecond);
  EXPECT_EQ(ParseTimeLiteral("2011-12-09T12:50:07.25"), 1'323'435'007 * kSecond + 250'000);
  EXPECT_EQ(ParseTimeLiteral("2011-12-09T12:50:07.1234567Z"), 1'323'435'007 * kSecond + 123'456);
  EXPECT_EQ(ParseTimeLiteral("2011-12-09T12:50:00+01:30"), 1'323'429'600 * kSecond);
  EXPECT_EQ(ParseTimeLiteral("2011-12-09T12:50:00-0100"), 1'323'438'600 * kSecond);
  EXPECT_EQ(ParseTimeLiteral("2012-02-29"), 1'330'473'600 * kSecond);
}

TEST(ExpressionValueTest, TextsThatAreNoTimes) {
  for (const char* text :
       {"", "2011", "2011-13-01", "2011-02-29", "2011-12-09T", "2011-12-09 24:00",
        "2011-12-09 1:00", "2011-12-09T12:60", "2011-12-09T12:50:61", "2011-12-09T12:50:07.",
        "2011-12-09T12:50:07Zx", "09/12/2011", "2011-12-09T12:50:00+1:00", "2011-12-09x"}) {
    EXPECT_EQ(ParseTimeLiteral(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace burgeon
