#include "engine/expression/value.h"

#include <array>
#include <chrono>
#include <cmath>

namespace burgeon {
namespace {

constexpr std::array<std::string_view, 6> kNames = {"null", "bool", "number",
                                                    "text", "time", "duration"};

template <class T>
int Order(T a, T b) {
  return a < b ? -1 : (b < a ? 1 : 0);
}

// Takes digits and separators off the front of a text.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  // Exactly `count` digits.
  std::optional<int> Digits(size_t count) {
    if (text_.size() < count) return std::nullopt;
    int value = 0;
    for (size_t i = 0; i < count; ++i) {
      if (text_[i] < '0' || text_[i] > '9') return std::nullopt;
      value = value * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(count);
    return value;
  }
  bool Take(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  // ".25" as microseconds; digits beyond the sixth are cut. Nothing when no digit follows.
  std::optional<int64_t> Fraction() {
    int64_t value = 0;
    int digits = 0;
    for (; !text_.empty() && text_.front() >= '0' && text_.front() <= '9'; ++digits) {
      if (digits < 6) value = value * 10 + (text_.front() - '0');
      text_.remove_prefix(1);
    }
    if (digits == 0) return std::nullopt;
    for (; digits < 6; ++digits) value *= 10;
    return value;
  }
  bool empty() const { return text_.empty(); }

 private:
  std::string_view text_;
};

std::optional<int64_t> ScanDate(Scanner& scan) {
  const auto year = scan.Digits(4);
  if (!year || !scan.Take('-')) return std::nullopt;
  const auto month = scan.Digits(2);
  if (!month || !scan.Take('-')) return std::nullopt;
  const auto day = scan.Digits(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count() * kMicrosPerDay;
}

std::optional<int64_t> ScanClock(Scanner& scan) {
  const auto hour = scan.Digits(2);
  if (!hour || *hour > 23 || !scan.Take(':')) return std::nullopt;
  const auto minute = scan.Digits(2);
  if (!minute || *minute > 59) return std::nullopt;
  int64_t micros = (int64_t{*hour} * 60 + *minute) * 60 * kMicrosPerSecond;
  if (!scan.Take(':')) return micros;
  const auto second = scan.Digits(2);
  if (!second || *second > 59) return std::nullopt;
  micros += *second * kMicrosPerSecond;
  if (!scan.Take('.')) return micros;
  const auto fraction = scan.Fraction();
  if (!fraction) return std::nullopt;
  return micros + *fraction;
}

// What is to be taken off a local time to get UTC.
std::optional<int64_t> ScanOffset(Scanner& scan) {
  if (scan.empty() || scan.Take('Z')) return 0;
  const bool east = scan.Take('+');
  if (!east && !scan.Take('-')) return std::nullopt;
  const auto hours = scan.Digits(2);
  if (!hours || *hours > 23) return std::nullopt;
  scan.Take(':');
  const auto minutes = scan.Digits(2);
  if (!minutes || *minutes > 59) return std::nullopt;
  const int64_t offset = (int64_t{*hours} * 60 + *minutes) * 60 * kMicrosPerSecond;
  return east ? offset : -offset;
}

}  // namespace

std::string_view ExpressionTypeName(ExpressionType type) {
  return kNames[static_cast<size_t>(type)];
}

std::optional<ExpressionType> ParseExpressionType(std::string_view name) {
  for (size_t i = 1; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<ExpressionType>(i);
  }
  return std::nullopt;
}

ExpressionValue ExpressionValue::Number(double value) {
  if (!std::isfinite(value)) return Null();
  ExpressionValue out;
  out.type = ExpressionType::kNumber;
  out.number = value;
  return out;
}

int CompareValues(const ExpressionValue& a, const ExpressionValue& b) {
  switch (a.type) {
    case ExpressionType::kNull:
      return 0;
    case ExpressionType::kBool:
      return Order(a.truth, b.truth);
    case ExpressionType::kNumber:
      return Order(a.number, b.number);
    case ExpressionType::kText:
      return Order(a.text.compare(b.text), 0);
    case ExpressionType::kTime:
    case ExpressionType::kDuration:
      return Order(a.micros, b.micros);
  }
  return 0;
}

std::optional<TimeMicros> ParseTimeLiteral(std::string_view text) {
  Scanner scan(text);
  const auto date = ScanDate(scan);
  if (!date) return std::nullopt;
  if (scan.empty()) return *date;
  if (!scan.Take('T') && !scan.Take(' ')) return std::nullopt;
  const auto clock = ScanClock(scan);
  if (!clock) return std::nullopt;
  const auto offset = ScanOffset(scan);
  if (!offset || !scan.empty()) return std::nullopt;
  return *date + *clock - *offset;
}

}  // namespace burgeon
