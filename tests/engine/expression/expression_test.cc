#include "engine/expression/expression.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Values : public ExpressionRow {
 public:
  explicit Values(std::vector<ExpressionValue> values) : values_(std::move(values)) {}
  ExpressionValue Column(size_t column) const override { return values_.at(column); }

 private:
  std::vector<ExpressionValue> values_;
};

const std::vector<ExpressionColumn>& Columns() {
  static const std::vector<ExpressionColumn>* const columns =
      new std::vector<ExpressionColumn>{{"InvoiceNo", ExpressionType::kText},
                                        {"Quantity", ExpressionType::kNumber},
                                        {"InvoiceDate", ExpressionType::kTime},
                                        {"Description", ExpressionType::kText}};
  return *columns;
}

constexpr TimeMicros kNow = 1'323'435'000 * kMicrosPerSecond;  // 2011-12-09T12:50:00Z

// The result of an expression on one row, as text.
std::string On(std::string_view text) {
  const Values row({ExpressionValue::Text("C536379"), ExpressionValue::Number(-1),
                    ExpressionValue::Time(kNow - 2 * kMicrosPerDay), ExpressionValue::Null()});
  const auto compiled = Expression::Compile(text, Columns(), {.now = kNow});
  if (!compiled.ok()) return MessageOf(compiled.status());
  ExpressionScratch scratch;
  const ExpressionValue value = compiled->Evaluate(row, &scratch);
  switch (value.type) {
    case ExpressionType::kNull:
      return "null";
    case ExpressionType::kBool:
      return value.truth ? "true" : "false";
    case ExpressionType::kNumber:
      return Concat(value.number);
    case ExpressionType::kText:
      return std::string(value.text);
    case ExpressionType::kTime:
      return FormatTime(value.micros);
    case ExpressionType::kDuration:
      return Concat(value.micros, "us");
  }
  return "";
}

TEST(ExpressionTest, RulesAsPeopleWriteThem) {
  EXPECT_EQ(On("Quantity > 0 or starts_with(InvoiceNo, 'C')"), "true");
  EXPECT_EQ(On("InvoiceNo like 'C%' and Quantity < 0"), "true");
  EXPECT_EQ(On("InvoiceNo matches '[0-9]{6}'"), "false");
  EXPECT_EQ(On("InvoiceDate <= now()"), "true");
  EXPECT_EQ(On("now() - InvoiceDate between 1d and 3d"), "true");
  EXPECT_EQ(On("Description is not null"), "false");
  EXPECT_EQ(On("length(Description) > 3"), "null");
  EXPECT_EQ(On("coalesce(Description, 'none')"), "none");
}

TEST(ExpressionTest, FunctionsOfText) {
  EXPECT_EQ(On("lower(InvoiceNo)"), "c536379");
  EXPECT_EQ(On("upper('a') = 'A' and lower('B') = 'b' and lower(upper('x')) = 'x'"), "true");
  EXPECT_EQ(On("trim('  a ')"), "a");
  EXPECT_EQ(On("length('Stra\xC3\x9F"
               "e')"),
            "6");
  EXPECT_EQ(On("ends_with(InvoiceNo, '379')"), "true");
  EXPECT_EQ(On("contains(InvoiceNo, '999')"), "false");
  EXPECT_EQ(On("number(' 12.5 ') * 2"), "25");
  EXPECT_EQ(On("number('12 apples')"), "null");
}

TEST(ExpressionTest, TimesAndDurations) {
  EXPECT_EQ(On("InvoiceDate + 1.5d"), "2011-12-09T00:50:00Z");
  EXPECT_EQ(On("12h + InvoiceDate"), "2011-12-08T00:50:00Z");
  EXPECT_EQ(On("InvoiceDate - 1w"), "2011-11-30T12:50:00Z");
  EXPECT_EQ(On("days_between(date '2011-12-01', date '2011-12-09')"), "8");
  EXPECT_EQ(On("days_between(date '2011-12-09', date '2011-12-01')"), "-8");
  EXPECT_EQ(On("(now() - InvoiceDate) / 1h"), "48");
  EXPECT_EQ(On("1d / 2 = 12h and 2 * 12h = 1d and 12h * 2 = 1d"), "true");
  EXPECT_EQ(On("1d / 0"), "null");
  EXPECT_EQ(On("abs(-30s)"), "30000000us");
  EXPECT_EQ(On("time('2011-12-09T12:50:00Z') = now()"), "true");
  EXPECT_EQ(On("time('yesterday')"), "null");
}

TEST(ExpressionTest, WhatLeavesItsRangeIsNull) {
  EXPECT_EQ(On("1e308 * 10"), "null");
  EXPECT_EQ(On("100000000d * 1000000"), "null");
  EXPECT_EQ(On("InvoiceDate + 100000000d + 100000000d"), "null");
  EXPECT_EQ(On("1 % 0"), "null");
}

TEST(ExpressionTest, ListsWithNull) {
  EXPECT_EQ(On("Quantity in (-1, null)"), "true");
  EXPECT_EQ(On("Quantity in (2, null)"), "null");
  EXPECT_EQ(On("Quantity not in (2, null)"), "null");
  EXPECT_EQ(On("Quantity not in (2, 3)"), "true");
  EXPECT_EQ(On("Description in ('a')"), "null");
  EXPECT_EQ(On("InvoiceNo in ('C536379', 'x')"), "true");
  EXPECT_EQ(On("InvoiceNo in ('y', null)"), "null");
  EXPECT_EQ(On("InvoiceDate in (date '2011-12-07', InvoiceDate)"), "true");
  EXPECT_EQ(On("null in (1)"), "null");
}

TEST(ExpressionTest, WhereNeedsTrueAndCheckNeedsNotFalse) {
  const Values row({ExpressionValue::Null(), ExpressionValue::Number(1), ExpressionValue::Null(),
                    ExpressionValue::Null()});
  ExpressionScratch scratch;
  const auto unknown = Expression::CompileCondition("InvoiceNo = 'a'", Columns(), {});
  ASSERT_TRUE(unknown.ok()) << unknown.status();
  EXPECT_FALSE(unknown->IsTrue(row, &scratch));
  EXPECT_FALSE(unknown->IsFalse(row, &scratch));
  const auto no = Expression::CompileCondition("Quantity = 2", Columns(), {});
  ASSERT_TRUE(no.ok()) << no.status();
  EXPECT_TRUE(no->IsFalse(row, &scratch));
}

TEST(ExpressionTest, AConditionIsTrueOrFalse) {
  const auto status = Expression::CompileCondition("Quantity + 1", Columns(), {}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(status), HasSubstr("'Quantity + 1', position 1: the expression gives a "
                                           "number; one that is true or false is wanted"));
  EXPECT_TRUE(Expression::CompileCondition("null", Columns(), {}).ok());
}

TEST(ExpressionTest, KnowsItselfAndItsColumns) {
  const auto compiled =
      Expression::Compile("InvoiceDate > now() or Quantity > 1", Columns(), {.now = 0});
  ASSERT_TRUE(compiled.ok()) << compiled.status();
  EXPECT_EQ(compiled->text(), "InvoiceDate > now() or Quantity > 1");
  EXPECT_THAT(compiled->columns(), ElementsAre(1, 2));
  EXPECT_EQ(compiled->type(), ExpressionType::kBool);
}

// A row that must not be asked for more than is needed.
class Counting : public ExpressionRow {
 public:
  ExpressionValue Column(size_t) const override {
    ++asked;
    return ExpressionValue::Number(1);
  }
  mutable int asked = 0;
};

TEST(ExpressionTest, WhatIsDecidedIsNotEvaluatedFurther) {
  const Counting row;
  ExpressionScratch scratch;
  const auto compiled =
      Expression::Compile("Quantity = 2 and Quantity = 1 and Quantity = 1", Columns(), {});
  ASSERT_TRUE(compiled.ok()) << compiled.status();
  EXPECT_TRUE(compiled->IsFalse(row, &scratch));
  EXPECT_EQ(row.asked, 1);
}

}  // namespace
}  // namespace burgeon
