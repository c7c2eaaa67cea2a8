#include "engine/table/arrow_text.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <utility>

#include <arrow/array.h>
#include <arrow/type.h>
#include <arrow/util/float16.h>
#include "engine/base/check.h"
#include "engine/base/text.h"

namespace burgeon {
namespace {

using arrow::Type;

using Slice = TextColumn::Slice;

constexpr size_t kMaxTextBytes = std::numeric_limits<uint32_t>::max();

// Room for the values, and for so many bytes at *bytes_begin.
TextValues Room(size_t values, size_t bytes, char** bytes_begin) {
  TextValues out;
  auto room = std::make_shared_for_overwrite<char[]>(bytes);
  *bytes_begin = room.get();
  out.bytes = std::move(room);
  out.slices = std::make_shared_for_overwrite<Slice[]>(values);
  out.size = values;
  return out;
}

TextValues Room(size_t values) {
  char* no_bytes = nullptr;
  return Room(values, 0, &no_bytes);
}

absl::Status TooMuchText(size_t bytes) {
  return ResourceExhausted("a column of a row group has ", bytes, " bytes of text; less than ",
                           kMaxTextBytes, " wanted");
}

// `write(array, i, out)` puts value i at `out`, at most `most_bytes` of them, and returns its end.
template <class ArrayType, class Write>
absl::StatusOr<TextValues> Convert(const arrow::Array& array, size_t most_bytes,
                                   const Write& write) {
  const auto& typed = static_cast<const ArrayType&>(array);
  const auto values = static_cast<size_t>(typed.length());
  if (values > kMaxTextBytes / most_bytes) return TooMuchText(values * most_bytes);
  char* begin = nullptr;
  TextValues out = Room(values, values * most_bytes, &begin);
  char* at = begin;
  const bool nulls = typed.null_count() > 0;
  for (int64_t i = 0; i < typed.length(); ++i) {
    if (nulls && typed.IsNull(i)) {
      out.slices[i] = {0, TextColumn::kNull};
      continue;
    }
    char* const end = write(typed, i, at);
    out.slices[i] = {static_cast<uint32_t>(at - begin), static_cast<uint32_t>(end - at)};
    at = end;
  }
  out.byte_count = static_cast<size_t>(at - begin);
  return out;
}

// For types that are rare: a string a value.
template <class ArrayType, class Format>
absl::StatusOr<TextValues> ConvertByStrings(const arrow::Array& array, const Format& format) {
  const auto& typed = static_cast<const ArrayType&>(array);
  std::string bytes;
  TextValues out = Room(static_cast<size_t>(typed.length()));
  for (int64_t i = 0; i < typed.length(); ++i) {
    if (typed.IsNull(i)) {
      out.slices[i] = {0, TextColumn::kNull};
      continue;
    }
    const auto value = format(typed, i);
    if (value.size() >= TextColumn::kNull || bytes.size() + value.size() > kMaxTextBytes) {
      return TooMuchText(bytes.size() + value.size());
    }
    out.slices[i] = {static_cast<uint32_t>(bytes.size()), static_cast<uint32_t>(value.size())};
    bytes += value;
  }
  out.byte_count = bytes.size();
  auto copy = std::make_shared_for_overwrite<char[]>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), copy.get());
  out.bytes = std::move(copy);
  return out;
}

template <class ArrayType>
absl::StatusOr<TextValues> ConvertViews(const arrow::Array& array) {
  auto out = ConvertByStrings<ArrayType>(
      array, [](const ArrayType& a, int64_t i) { return a.GetView(i); });
  if (out.ok()) out->any_text = true;
  return out;
}

// Text that lies one value behind the other already.
template <class ArrayType>
absl::StatusOr<TextValues> ConvertText(const arrow::Array& array) {
  const auto& typed = static_cast<const ArrayType&>(array);
  const int64_t length = typed.length();
  const auto first = length == 0 ? 0 : typed.value_offset(0);
  const auto bytes = static_cast<size_t>((length == 0 ? 0 : typed.value_offset(length)) - first);
  if (bytes > kMaxTextBytes) return TooMuchText(bytes);
  TextValues out = Room(static_cast<size_t>(length));
  out.any_text = true;
  out.byte_count = bytes;
  if (bytes > 0) {
    // In place: the array's buffer lives as long as the text.
    const auto* const begin = reinterpret_cast<const char*>(typed.raw_data()) + first;
    out.bytes = std::shared_ptr<const char[]>(typed.value_data(), begin);
  }
  for (int64_t i = 0; i < length; ++i) {
    if (typed.IsNull(i)) {
      out.slices[i] = {0, TextColumn::kNull};
      continue;
    }
    const auto size = static_cast<size_t>(typed.value_length(i));
    if (size >= TextColumn::kNull) return TooMuchText(size);
    out.slices[i] = {static_cast<uint32_t>(typed.value_offset(i) - first),
                     static_cast<uint32_t>(size)};
  }
  return out;
}

template <class ArrayType>
absl::StatusOr<TextValues> ConvertNumbers(const arrow::Array& array) {
  constexpr size_t kMostBytes = 32;  // of a double in its shortest form: 24; of an int64: 20
  return Convert<ArrayType>(array, kMostBytes, [](const ArrayType& a, int64_t i, char* out) {
    return std::to_chars(out, out + kMostBytes, a.Value(i)).ptr;
  });
}

template <class ArrayType>
absl::StatusOr<TextValues> ConvertDecimals(const arrow::Array& array) {
  return ConvertByStrings<ArrayType>(
      array, [](const ArrayType& a, int64_t i) { return a.FormatValue(i); });
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

char* TwoDigits(int number, char* out) {
  *out++ = static_cast<char>('0' + number / 10);
  *out++ = static_cast<char>('0' + number % 10);
  return out;
}

std::string DateText(int64_t days) {
  // Civil dates of <chrono> end at the year 32767; days beyond it are written as the number.
  constexpr int64_t kMaxDays = 11'000'000;
  if (days < -kMaxDays || days > kMaxDays) return Concat(days);
  const std::chrono::year_month_day date{
      std::chrono::sys_days(std::chrono::days(static_cast<int>(days)))};
  char text[48];
  const auto year = static_cast<int>(date.year());
  if (year < 0 || year > 9999) {
    std::snprintf(text, sizeof(text), "%04d-%02u-%02u", year, static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()));
    return text;
  }
  // Timestamps in no order change the day from row to row: no time for a format string.
  char* out = TwoDigits(year % 100, TwoDigits(year / 100, text));
  *out++ = '-';
  out = TwoDigits(static_cast<int>(static_cast<unsigned>(date.month())), out);
  *out++ = '-';
  out = TwoDigits(static_cast<int>(static_cast<unsigned>(date.day())), out);
  return {text, out};
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

// Timestamps of one unit; the text of a day is made once for many of the same day.
class TimestampWriter {
 public:
  explicit TimestampWriter(const arrow::TimestampType& type)
      : per_second_(TicksPerSecond(type.unit())), zone_(type.timezone().empty() ? "" : "Z") {}

  static constexpr size_t kMostBytes = 48;

  char* Write(int64_t ticks, char* out) {
    const int64_t per_day = per_second_ * 86'400;
    const int64_t day = FloorDivide(ticks, per_day);
    if (day != day_ || day_text_.empty()) {
      day_ = day;
      day_text_ = DateText(day) + " ";
    }
    out = std::copy(day_text_.begin(), day_text_.end(), out);
    const int64_t in_day = ticks - day * per_day;
    const auto seconds = static_cast<int>(in_day / per_second_);
    out = TwoDigits(seconds / 3600, out);
    *out++ = ':';
    out = TwoDigits(seconds / 60 % 60, out);
    *out++ = ':';
    out = TwoDigits(seconds % 60, out);
    if (const int64_t nanos = in_day % per_second_ * (1'000'000'000 / per_second_); nanos != 0) {
      const bool micros = nanos % 1000 == 0;
      const int digits = micros ? 6 : 9;
      int64_t rest = micros ? nanos / 1000 : nanos;
      *out = '.';
      for (int i = digits; i > 0; --i, rest /= 10) out[i] = static_cast<char>('0' + rest % 10);
      out += 1 + digits;
    }
    return std::copy(zone_.begin(), zone_.end(), out);
  }

 private:
  const int64_t per_second_;
  const std::string_view zone_;
  int64_t day_ = 0;
  std::string day_text_;
};

absl::StatusOr<TextValues> ConvertTimestamps(const arrow::Array& array) {
  TimestampWriter writer(static_cast<const arrow::TimestampType&>(*array.type()));
  return Convert<arrow::TimestampArray>(
      array, TimestampWriter::kMostBytes,
      [&](const auto& a, int64_t i, char* out) { return writer.Write(a.Value(i), out); });
}

template <class ArrayType, class TimeType>
absl::StatusOr<TextValues> ConvertTimes(const arrow::Array& array) {
  const int64_t per_second = TicksPerSecond(static_cast<const TimeType&>(*array.type()).unit());
  return ConvertByStrings<ArrayType>(
      array, [&](const ArrayType& a, int64_t i) { return ClockText(a.Value(i), per_second); });
}

absl::StatusOr<TextValues> ConvertDictionary(const arrow::Array& array) {
  const auto& coded = static_cast<const arrow::DictionaryArray&>(array);
  BURGEON_ASSIGN_OR_RETURN(TextValues words, ArrowToText(*coded.dictionary()));
  TextValues out = Room(static_cast<size_t>(coded.length()));
  out.bytes = std::move(words.bytes);
  out.byte_count = words.byte_count;
  out.any_text = words.any_text;
  for (int64_t i = 0; i < coded.length(); ++i) {
    const int64_t word = coded.IsNull(i) ? -1 : coded.GetValueIndex(i);
    const bool there = word >= 0 && word < static_cast<int64_t>(words.size);
    out.slices[i] = there ? words.slices[word] : Slice{0, TextColumn::kNull};
  }
  return out;
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

absl::StatusOr<TextValues> ArrowToText(const arrow::Array& array) {
  switch (array.type_id()) {
    case Type::NA: {
      TextValues out = Room(static_cast<size_t>(array.length()));
      std::fill_n(out.slices.get(), out.size, Slice{0, TextColumn::kNull});
      return out;
    }
    case Type::BOOL:
      return ConvertByStrings<arrow::BooleanArray>(array, [](const auto& a, int64_t i) {
        return std::string_view(a.Value(i) ? "true" : "false");
      });
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
      return ConvertByStrings<arrow::HalfFloatArray>(array, [](const auto& a, int64_t i) {
        return Concat(arrow::util::Float16::FromBits(a.Value(i)).ToFloat());
      });
    case Type::FLOAT:
      return ConvertNumbers<arrow::FloatArray>(array);
    case Type::DOUBLE:
      return ConvertNumbers<arrow::DoubleArray>(array);
    case Type::STRING:
    case Type::BINARY:
      return ConvertText<arrow::BinaryArray>(array);
    case Type::FIXED_SIZE_BINARY:
      return ConvertViews<arrow::FixedSizeBinaryArray>(array);
    case Type::LARGE_STRING:
    case Type::LARGE_BINARY:
      return ConvertText<arrow::LargeBinaryArray>(array);
    case Type::STRING_VIEW:
    case Type::BINARY_VIEW:
      return ConvertViews<arrow::BinaryViewArray>(array);
    case Type::DATE32:
      return ConvertByStrings<arrow::Date32Array>(
          array, [](const auto& a, int64_t i) { return DateText(a.Value(i)); });
    case Type::DATE64:
      return ConvertByStrings<arrow::Date64Array>(array, [](const auto& a, int64_t i) {
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

TypedValues ArrowToTyped(const std::shared_ptr<arrow::Array>& array) {
  using Kind = TypedValues::Kind;
  TypedValues out;
  switch (array->type_id()) {
    case Type::INT64:
      out.kind = Kind::kIntegers;
      out.integers = static_cast<const arrow::Int64Array&>(*array).raw_values();
      break;
    case Type::DOUBLE:
      out.kind = Kind::kReals;
      out.reals = static_cast<const arrow::DoubleArray&>(*array).raw_values();
      break;
    case Type::TIMESTAMP: {
      const auto& type = static_cast<const arrow::TimestampType&>(*array->type());
      out.kind = type.timezone().empty() ? Kind::kLocalTimes : Kind::kInstants;
      out.ticks_a_second = TicksPerSecond(type.unit());
      out.integers = static_cast<const arrow::TimestampArray&>(*array).raw_values();
      break;
    }
    default:
      return out;
  }
  if (array->null_count() > 0) out.valid = array->null_bitmap_data();
  out.first_bit = array->offset();
  out.owner = array;
  return out;
}

absl::StatusOr<TextValues> Joined(std::vector<TextValues> parts) {
  if (parts.size() == 1) return std::move(parts[0]);
  size_t bytes = 0;
  size_t values = 0;
  for (const TextValues& part : parts) {
    bytes += part.byte_count;
    values += part.size;
  }
  if (bytes > kMaxTextBytes) return TooMuchText(bytes);
  char* byte = nullptr;
  TextValues out = Room(values, bytes, &byte);
  out.byte_count = bytes;
  Slice* slice = out.slices.get();
  for (const TextValues& part : parts) {
    const auto offset = static_cast<uint32_t>(byte - out.bytes.get());
    byte = std::copy_n(part.bytes.get(), part.byte_count, byte);
    for (size_t i = 0; i < part.size; ++i) {
      *slice++ = {part.slices[i].offset + offset, part.slices[i].size_and_null};
    }
    out.any_text |= part.any_text;
  }
  return out;
}

}  // namespace burgeon
