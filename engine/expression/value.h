// A value of the expression language: null, a bool, a number, a text, a time or a duration. Plain
// and small; a text is a view of bytes that somebody else keeps.
#ifndef BURGEON_ENGINE_EXPRESSION_VALUE_H_
#define BURGEON_ENGINE_EXPRESSION_VALUE_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "engine/base/clock.h"

namespace burgeon {

enum class ExpressionType : uint8_t { kNull, kBool, kNumber, kText, kTime, kDuration };

// "null", "bool", "number", "text", "time", "duration".
std::string_view ExpressionTypeName(ExpressionType type);
// The types a column may be declared as: all but null.
std::optional<ExpressionType> ParseExpressionType(std::string_view name);

struct ExpressionValue {
  ExpressionType type = ExpressionType::kNull;
  bool truth = false;     // kBool
  double number = 0;      // kNumber: finite
  int64_t micros = 0;     // kTime (since 1970, UTC) and kDuration
  std::string_view text;  // kText

  static ExpressionValue Null() { return {}; }
  static ExpressionValue Bool(bool value) {
    ExpressionValue out;
    out.type = ExpressionType::kBool;
    out.truth = value;
    return out;
  }
  // Null for what is not finite.
  static ExpressionValue Number(double value);
  static ExpressionValue Text(std::string_view value) {
    ExpressionValue out;
    out.type = ExpressionType::kText;
    out.text = value;
    return out;
  }
  static ExpressionValue Time(TimeMicros value) { return Micros(ExpressionType::kTime, value); }
  static ExpressionValue Duration(int64_t value) {
    return Micros(ExpressionType::kDuration, value);
  }
  static ExpressionValue Micros(ExpressionType type, int64_t value) {
    ExpressionValue out;
    out.type = type;
    out.micros = value;
    return out;
  }

  bool is_null() const { return type == ExpressionType::kNull; }
  bool is_true() const { return type == ExpressionType::kBool && truth; }
  bool is_false() const { return type == ExpressionType::kBool && !truth; }
};

// -1, 0 or 1: the order of two values of one type that is not null. Texts are ordered by their
// bytes, which for UTF-8 is the order of code points; false is before true.
int CompareValues(const ExpressionValue& a, const ExpressionValue& b);

// "2011-12-09", "2011-12-09 12:50[:00[.25]]" (or with T) and with Z or an offset as +01:00;
// without one it is UTC. Nothing for other text, or a date that does not exist.
std::optional<TimeMicros> ParseTimeLiteral(std::string_view text);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EXPRESSION_VALUE_H_
