#include "engine/table/arrow_text.h"

#include <chrono>
#include <cstdio>
#include <string>

#include <arrow/array.h>
#include <arrow/type.h>
#include <arrow/util/float16.h>
#include "engine/base/check.h"
#include "engine/base/text.h"

namespace burgeon {
namespace {

using arrow::Type;

template <class ArrayType, class Format>
TextColumn Convert(const arrow::Array& array, const Format& format) {
  const auto& typed = static_cast<const ArrayType&>(array);
  TextColumn column;
  for (int64_t i = 0; i < typed.length(); ++i) {
    if (typed.IsNull(i)) {
      column.AppendNull();
    } else {
      column.Append(format(typed, i));
    }
  }
  return column;
}

template <class ArrayType>
TextColumn ConvertViews(const arrow::Array& array) {
  return Convert<ArrayType>(array, [](const ArrayType& a, int64_t i) { return a.GetView(i); });
}

template <class ArrayType>
TextColumn ConvertNumbers(const arrow::Array& array) {
  return Convert<ArrayType>(array,
                            [](const ArrayType& a, int64_t i) { return Concat(a.Value(i)); });
}

template <class ArrayType>
TextColumn ConvertDecimals(const arrow::Array& array) {
  return Convert<ArrayType>(array, [](const ArrayType& a, int64_t i) { return a.FormatValue(i); });
}

int64_t TicksPerSecond(arrow::TimeUnit::type unit) {
  switch (unit) {
    case arrow::TimeUnit::SECOND:
      return 1;
    case arrow::TimeUnit::MILLI:
      return 1'000;
    case arrow::TimeUnit::MICRO:
      return 1'000'000;
    case arrow::TimeUnit::NANO:
      return 1'000'000'000;
  }
  BURGEON_CHECK(false);
}

int64_t FloorDivide(int64_t value, int64_t by) { return value / by - (value % by < 0 ? 1 : 0); }

std::string DateText(int64_t days) {
  // Civil dates of <chrono> end at the year 32767; days beyond it are written as the number.
  constexpr int64_t kMaxDays = 11'000'000;
  if (days < -kMaxDays || days > kMaxDays) return Concat(days);
  const std::chrono::year_month_day date{
      std::chrono::sys_days(std::chrono::days(static_cast<int>(days)))};
  char text[48];
  std::snprintf(text, sizeof(text), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

// `ticks` since midnight.
std::string ClockText(int64_t ticks, int64_t per_second) {
  const int64_t seconds = ticks / per_second;
  const int64_t nanos = ticks % per_second * (1'000'000'000 / per_second);
  char text[96];
  std::snprintf(text, sizeof(text), "%02d:%02d:%02d", static_cast<int>(seconds / 3600),
                static_cast<int>(seconds / 60 % 60), static_cast<int>(seconds % 60));
  std::string out = text;
  if (nanos == 0) return out;
  if (nanos % 1000 == 0) {
    std::snprintf(text, sizeof(text), ".%06d", static_cast<int>(nanos / 1000));
  } else {
    std::snprintf(text, sizeof(text), ".%09d", static_cast<int>(nanos));
  }
  return out + text;
}

TextColumn ConvertTimestamps(const arrow::Array& array) {
  const auto& type = static_cast<const arrow::TimestampType&>(*array.type());
  const int64_t per_second = TicksPerSecond(type.unit());
  const int64_t per_day = per_second * 86'400;
  const std::string_view zone = type.timezone().empty() ? "" : "Z";
  return Convert<arrow::TimestampArray>(array, [&](const auto& a, int64_t i) {
    const int64_t day = FloorDivide(a.Value(i), per_day);
    return Concat(DateText(day), " ", ClockText(a.Value(i) - day * per_day, per_second), zone);
  });
}

template <class ArrayType, class TimeType>
TextColumn ConvertTimes(const arrow::Array& array) {
  const int64_t per_second = TicksPerSecond(static_cast<const TimeType&>(*array.type()).unit());
  return Convert<ArrayType>(
      array, [&](const ArrayType& a, int64_t i) { return ClockText(a.Value(i), per_second); });
}

TextColumn ConvertDictionary(const arrow::Array& array) {
  const auto& coded = static_cast<const arrow::DictionaryArray&>(array);
  const TextColumn words = ArrowToText(*coded.dictionary());
  TextColumn column;
  for (int64_t i = 0; i < coded.length(); ++i) {
    const int64_t word = coded.IsNull(i) ? -1 : coded.GetValueIndex(i);
    if (word < 0 || word >= words.size() || words.is_null(word)) {
      column.AppendNull();
    } else {
      column.Append(words.value(word));
    }
  }
  return column;
}

}  // namespace

bool HasTextForm(const arrow::DataType& type) {
  switch (type.id()) {
    case Type::NA:
    case Type::BOOL:
    case Type::UINT8:
    case Type::INT8:
    case Type::UINT16:
    case Type::INT16:
    case Type::UINT32:
    case Type::INT32:
    case Type::UINT64:
    case Type::INT64:
    case Type::HALF_FLOAT:
    case Type::FLOAT:
    case Type::DOUBLE:
    case Type::STRING:
    case Type::BINARY:
    case Type::FIXED_SIZE_BINARY:
    case Type::LARGE_STRING:
    case Type::LARGE_BINARY:
    case Type::STRING_VIEW:
    case Type::BINARY_VIEW:
    case Type::DATE32:
    case Type::DATE64:
    case Type::TIMESTAMP:
    case Type::TIME32:
    case Type::TIME64:
    case Type::DECIMAL32:
    case Type::DECIMAL64:
    case Type::DECIMAL128:
    case Type::DECIMAL256:
      return true;
    case Type::DICTIONARY:
      return HasTextForm(*static_cast<const arrow::DictionaryType&>(type).value_type());
    default:
      return false;
  }
}

TextColumn ArrowToText(const arrow::Array& array) {
  switch (array.type_id()) {
    case Type::NA: {
      TextColumn column;
      for (int64_t i = 0; i < array.length(); ++i) column.AppendNull();
      return column;
    }
    case Type::BOOL:
      return ConvertNumbers<arrow::BooleanArray>(array);
    case Type::UINT8:
      return ConvertNumbers<arrow::UInt8Array>(array);
    case Type::INT8:
      return ConvertNumbers<arrow::Int8Array>(array);
    case Type::UINT16:
      return ConvertNumbers<arrow::UInt16Array>(array);
    case Type::INT16:
      return ConvertNumbers<arrow::Int16Array>(array);
    case Type::UINT32:
      return ConvertNumbers<arrow::UInt32Array>(array);
    case Type::INT32:
      return ConvertNumbers<arrow::Int32Array>(array);
    case Type::UINT64:
      return ConvertNumbers<arrow::UInt64Array>(array);
    case Type::INT64:
      return ConvertNumbers<arrow::Int64Array>(array);
    case Type::HALF_FLOAT:
      return Convert<arrow::HalfFloatArray>(array, [](const auto& a, int64_t i) {
        return Concat(arrow::util::Float16::FromBits(a.Value(i)).ToFloat());
      });
    case Type::FLOAT:
      return ConvertNumbers<arrow::FloatArray>(array);
    case Type::DOUBLE:
      return ConvertNumbers<arrow::DoubleArray>(array);
    case Type::STRING:
    case Type::BINARY:
      return ConvertViews<arrow::BinaryArray>(array);
    case Type::FIXED_SIZE_BINARY:
      return ConvertViews<arrow::FixedSizeBinaryArray>(array);
    case Type::LARGE_STRING:
    case Type::LARGE_BINARY:
      return ConvertViews<arrow::LargeBinaryArray>(array);
    case Type::STRING_VIEW:
    case Type::BINARY_VIEW:
      return ConvertViews<arrow::BinaryViewArray>(array);
    case Type::DATE32:
      return Convert<arrow::Date32Array>(
          array, [](const auto& a, int64_t i) { return DateText(a.Value(i)); });
    case Type::DATE64:
      return Convert<arrow::Date64Array>(array, [](const auto& a, int64_t i) {
        return DateText(FloorDivide(a.Value(i), 86'400'000));
      });
    case Type::TIMESTAMP:
      return ConvertTimestamps(array);
    case Type::TIME32:
      return ConvertTimes<arrow::Time32Array, arrow::Time32Type>(array);
    case Type::TIME64:
      return ConvertTimes<arrow::Time64Array, arrow::Time64Type>(array);
    case Type::DECIMAL32:
      return ConvertDecimals<arrow::Decimal32Array>(array);
    case Type::DECIMAL64:
      return ConvertDecimals<arrow::Decimal64Array>(array);
    case Type::DECIMAL128:
      return ConvertDecimals<arrow::Decimal128Array>(array);
    case Type::DECIMAL256:
      return ConvertDecimals<arrow::Decimal256Array>(array);
    case Type::DICTIONARY:
      return ConvertDictionary(array);
    default:
      BURGEON_CHECK(false);  // HasTextForm is asked before
  }
}

}  // namespace burgeon
