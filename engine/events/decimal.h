// Decimal numbers as text, taken exactly: money never goes through a double.
//
//   std::optional<Decimal> price = ParseDecimal("2.55");      // 255 * 10^-2
//   std::optional<int64_t> micros = ToMicros(*price);         // 2550000
//   std::optional<int64_t> total = ProductMicros(*price, *ParseDecimal("6"));
//
// Numbers have an optional sign, digits, at most one '.', and an optional exponent (1e-05). No
// thousands separators, no currency signs, no decimal comma, no infinity. Thread-safe.
#ifndef BURGEON_ENGINE_EVENTS_DECIMAL_H_
#define BURGEON_ENGINE_EVENTS_DECIMAL_H_

#include <cstdint>
#include <optional>
#include <string_view>

namespace burgeon {

// mantissa * 10^-scale.
struct Decimal {
  int64_t mantissa = 0;  // at most 18 digits
  int scale = 0;         // 0 .. 36
  bool negative() const { return mantissa < 0; }
};

// Nothing for text that is not a number, or one of more than 18 digits before the point. Digits
// beyond the 18th significant one are cut, and so is what lies below 10^-36.
std::optional<Decimal> ParseDecimal(std::string_view text);

// The value that ParseDecimal gives for the shortest text of the number; nothing where only that
// text can tell (more than two digits behind the point, very large ones, no number).
std::optional<Decimal> DecimalOf(int64_t number);
std::optional<Decimal> DecimalOf(double number);

// In millionths, rounded to the nearest, halves away from zero; nothing when that overflows int64.
std::optional<int64_t> ToMicros(const Decimal& value);
// a * b in millionths: the exact product, rounded once.
std::optional<int64_t> ProductMicros(const Decimal& a, const Decimal& b);
// The nearest double.
double ToDouble(const Decimal& value);
// -1, 0 or 1: exact.
int Compare(const Decimal& a, const Decimal& b);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_DECIMAL_H_
