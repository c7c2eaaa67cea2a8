#include "engine/table/arrow_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <optional>

#include <arrow/api.h>
#include <arrow/util/decimal.h>

namespace burgeon {
namespace {

using Texts = std::vector<std::optional<std::string>>;

Texts TextsOf(const arrow::Array& array) {
  EXPECT_TRUE(HasTextForm(*array.type())) << array.type()->ToString();
  const auto values = ArrowToText(array);
  EXPECT_EQ(values.status(), absl::OkStatus());
  const TextColumn column(values->bytes, values->slices, values->size);
  Texts texts;
  for (int64_t i = 0; i < column.size(); ++i) {
    texts.push_back(column.is_null(i) ? std::nullopt : std::optional<std::string>(column.value(i)));
  }
  return texts;
}

// The values and a null behind them.
template <class Builder, class Value>
std::shared_ptr<arrow::Array> Build(Builder builder, const std::vector<Value>& values) {
  for (const Value& value : values) EXPECT_TRUE(builder.Append(value).ok());
  EXPECT_TRUE(builder.AppendNull().ok());
  return *builder.Finish();
}

std::shared_ptr<arrow::Array> BuildTimes(arrow::TimeUnit::type unit, const std::string& zone,
                                         const std::vector<int64_t>& values) {
  return Build(arrow::TimestampBuilder(arrow::timestamp(unit, zone), arrow::default_memory_pool()),
               values);
}

TEST(ArrowTextTest, Integers) {
  EXPECT_EQ(TextsOf(*Build(arrow::Int8Builder(), std::vector<int8_t>{-128, 65})),
            (Texts{"-128", "65", std::nullopt}));
  EXPECT_EQ(TextsOf(*Build(arrow::UInt64Builder(),
                           std::vector<uint64_t>{std::numeric_limits<uint64_t>::max()})),
            (Texts{"18446744073709551615", std::nullopt}));
}

TEST(ArrowTextTest, FloatingPointInItsShortestForm) {
  EXPECT_EQ(TextsOf(*Build(arrow::DoubleBuilder(), std::vector<double>{0.1, 17850.0, 1e300})),
            (Texts{"0.1", "17850", "1e+300", std::nullopt}));
  EXPECT_EQ(TextsOf(*Build(arrow::FloatBuilder(), std::vector<float>{0.1F})),
            (Texts{"0.1", std::nullopt}));
}

TEST(ArrowTextTest, TruthTextAndBytes) {
  EXPECT_EQ(TextsOf(*Build(arrow::BooleanBuilder(), std::vector<bool>{true, false})),
            (Texts{"true", "false", std::nullopt}));
  const std::vector<std::string> words = {"", "a\nb"};
  EXPECT_EQ(TextsOf(*Build(arrow::StringBuilder(), words)), (Texts{"", "a\nb", std::nullopt}));
  EXPECT_EQ(TextsOf(*Build(arrow::LargeStringBuilder(), words)), (Texts{"", "a\nb", std::nullopt}));
  EXPECT_EQ(TextsOf(*Build(arrow::StringViewBuilder(), words)), (Texts{"", "a\nb", std::nullopt}));
  EXPECT_EQ(TextsOf(arrow::NullArray(2)), (Texts{std::nullopt, std::nullopt}));
}

TEST(ArrowTextTest, TimestampsOfEveryUnit) {
  using arrow::TimeUnit;
  EXPECT_EQ(TextsOf(*BuildTimes(TimeUnit::SECOND, "", {1'323'435'000, -1})),
            (Texts{"2011-12-09 12:50:00", "1969-12-31 23:59:59", std::nullopt}));
  EXPECT_EQ(TextsOf(*BuildTimes(TimeUnit::MILLI, "", {1'323'435'000'250, -1})),
            (Texts{"2011-12-09 12:50:00.250000", "1969-12-31 23:59:59.999000", std::nullopt}));
  EXPECT_EQ(TextsOf(*BuildTimes(TimeUnit::MICRO, "", {1})),
            (Texts{"1970-01-01 00:00:00.000001", std::nullopt}));
  EXPECT_EQ(TextsOf(*BuildTimes(TimeUnit::NANO, "", {1'000, 1})),
            (Texts{"1970-01-01 00:00:00.000001", "1970-01-01 00:00:00.000000001", std::nullopt}));
}

TEST(ArrowTextTest, AnInstantSaysThatItIsUtc) {
  EXPECT_EQ(TextsOf(*BuildTimes(arrow::TimeUnit::MICRO, "UTC", {0})),
            (Texts{"1970-01-01 00:00:00Z", std::nullopt}));
}

TEST(ArrowTextTest, TheLargestTimestampsDoNotOverflow) {
  const int64_t least = std::numeric_limits<int64_t>::min();
  const int64_t most = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(TextsOf(*BuildTimes(arrow::TimeUnit::NANO, "", {most})),
            (Texts{"2262-04-11 23:47:16.854775807", std::nullopt}));
  // Outside the years a calendar date is written for, days are left as a number.
  EXPECT_EQ(TextsOf(*BuildTimes(arrow::TimeUnit::MICRO, "", {most}))[0],
            "106751991 04:00:54.775807");
  EXPECT_EQ(TextsOf(*BuildTimes(arrow::TimeUnit::SECOND, "", {least}))[0],
            "-106751991167301 08:29:52");
}

TEST(ArrowTextTest, DatesAndTimes) {
  EXPECT_EQ(TextsOf(*Build(arrow::Date32Builder(), std::vector<int32_t>{15'317, -1})),
            (Texts{"2011-12-09", "1969-12-31", std::nullopt}));
  EXPECT_EQ(TextsOf(*Build(arrow::Date64Builder(), std::vector<int64_t>{86'400'000, -1})),
            (Texts{"1970-01-02", "1969-12-31", std::nullopt}));
  EXPECT_EQ(TextsOf(*Build(arrow::Time32Builder(arrow::time32(arrow::TimeUnit::MILLI),
                                                arrow::default_memory_pool()),
                           std::vector<int32_t>{45'296'789})),
            (Texts{"12:34:56.789000", std::nullopt}));
}

TEST(ArrowTextTest, DecimalsKeepTheirScale) {
  EXPECT_EQ(TextsOf(*Build(
                arrow::Decimal128Builder(arrow::decimal128(10, 2)),
                std::vector<arrow::Decimal128>{arrow::Decimal128(255), arrow::Decimal128(-100)})),
            (Texts{"2.55", "-1.00", std::nullopt}));
}

TEST(ArrowTextTest, DictionariesAreDecoded) {
  const auto words = Build(arrow::StringBuilder(), std::vector<std::string>{"x", "y"});
  const auto codes = Build(arrow::Int8Builder(), std::vector<int8_t>{1, 0, 1, 2});
  const auto array = *arrow::DictionaryArray::FromArrays(
      arrow::dictionary(arrow::int8(), arrow::utf8()), codes, words);
  EXPECT_EQ(TextsOf(*array), (Texts{"y", "x", "y", std::nullopt, std::nullopt}));
}

TEST(ArrowTextTest, JoinedKeepsNullsAndPlaces) {
  const auto a = Build(arrow::StringBuilder(), std::vector<std::string>{"x", "yy"});
  const auto b = Build(arrow::StringBuilder(), std::vector<std::string>{"", "zzz"});
  std::vector<TextValues> parts;
  parts.push_back(*ArrowToText(*a));
  parts.push_back(*ArrowToText(*b->Slice(1)));
  const auto joined = Joined(std::move(parts));
  ASSERT_EQ(joined.status(), absl::OkStatus());
  const TextColumn column(joined->bytes, joined->slices, joined->size);
  ASSERT_EQ(column.size(), 5);
  EXPECT_EQ(column.value(1), "yy");
  EXPECT_TRUE(column.is_null(2));
  EXPECT_EQ(column.value(3), "zzz");
  EXPECT_TRUE(column.is_null(4));
}

TEST(ArrowTextTest, NestedTypesHaveNone) {
  EXPECT_FALSE(HasTextForm(*arrow::list(arrow::utf8())));
  EXPECT_FALSE(HasTextForm(*arrow::struct_({})));
  EXPECT_FALSE(HasTextForm(*arrow::dictionary(arrow::int8(), arrow::list(arrow::int8()))));
  EXPECT_FALSE(HasTextForm(*arrow::duration(arrow::TimeUnit::SECOND)));
}

}  // namespace
}  // namespace burgeon
