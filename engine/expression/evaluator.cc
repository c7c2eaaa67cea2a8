// The Run of program.h.
#include <algorithm>
#include <cmath>

#include "engine/expression/program.h"
#include "engine/expression/text_functions.h"

namespace burgeon::expression {
namespace {

using Value = ExpressionValue;

// The nearest number of microseconds, or null beyond the range.
Value RoundedMicros(ExpressionType type, double micros) {
  if (!(std::abs(micros) < 9.2e18)) return Value::Null();
  return Value::Micros(type, std::llround(micros));
}

class Evaluation {
 public:
  Evaluation(const Program& program, const ExpressionRow& row, ExpressionScratch* scratch)
      : program_(program), row_(row), scratch_(scratch) {}

  Value Of(uint32_t at) const {
    const Operation& operation = program_.operations[at];
    switch (operation.op) {
      case Op::kLiteral:
        return operation.literal;
      case Op::kColumn:
        return row_.Column(operation.index);
      case Op::kAnd:
        return Connected(operation, false);
      case Op::kOr:
        return Connected(operation, true);
      case Op::kIsNull:
        return Value::Bool(Of(operation.operands[0]).is_null());
      case Op::kIsTrue:
        return Value::Bool(Of(operation.operands[0]).is_true());
      case Op::kIsFalse:
        return Value::Bool(Of(operation.operands[0]).is_false());
      case Op::kBetween:
        return Between(operation);
      case Op::kIn:
        return In(operation);
      case Op::kCoalesce:
        return Coalesce(operation);
      default:
        break;
    }
    const Value a = Of(operation.operands[0]);
    if (a.is_null()) return a;
    if (operation.operands.size() == 1) return Unary(operation, a);
    const Value b = Of(operation.operands[1]);
    if (b.is_null()) return b;
    return Binary(operation, a, b);
  }

 private:
  // and (`decides` false) and or (true): the first operand that decides is the answer; else null
  // when there was one.
  Value Connected(const Operation& operation, bool decides) const {
    bool unknown = false;
    for (const uint32_t operand : operation.operands) {
      const Value value = Of(operand);
      if (value.is_null()) {
        unknown = true;
      } else if (value.truth == decides) {
        return value;
      }
    }
    return unknown ? Value::Null() : Value::Bool(!decides);
  }

  // low <= a and a <= high.
  Value Between(const Operation& operation) const {
    const Value a = Of(operation.operands[0]);
    if (a.is_null()) return a;
    const Value low = Of(operation.operands[1]);
    if (!low.is_null() && CompareValues(a, low) < 0) return Value::Bool(false);
    const Value high = Of(operation.operands[2]);
    if (!high.is_null() && CompareValues(a, high) > 0) return Value::Bool(false);
    return low.is_null() || high.is_null() ? Value::Null() : Value::Bool(true);
  }

  Value In(const Operation& operation) const {
    const Value wanted = Of(operation.operands[0]);
    if (wanted.is_null()) return wanted;
    bool unknown = false;
    for (size_t i = 1; i < operation.operands.size(); ++i) {
      const Value item = Of(operation.operands[i]);
      if (item.is_null()) {
        unknown = true;
      } else if (CompareValues(wanted, item) == 0) {
        return Value::Bool(true);
      }
    }
    return unknown ? Value::Null() : Value::Bool(false);
  }

  Value Coalesce(const Operation& operation) const {
    for (const uint32_t operand : operation.operands) {
      const Value value = Of(operand);
      if (!value.is_null()) return value;
    }
    return Value::Null();
  }

  Value Unary(const Operation& operation, const Value& a) const {
    switch (operation.op) {
      case Op::kNot:
        return Value::Bool(!a.truth);
      case Op::kInTexts:
        return Found(program_.texts[operation.index].contains(a.text), operation);
      case Op::kInNumbers: {
        const std::vector<double>& numbers = program_.numbers[operation.index];
        return Found(std::binary_search(numbers.begin(), numbers.end(), a.number), operation);
      }
      case Op::kPattern:
        return Value::Bool(program_.patterns[operation.index].Matches(a.text));
      case Op::kNegateNumber:
        return Value::Number(-a.number);
      case Op::kNegateMicros:
        return a.micros == INT64_MIN ? Value::Null() : Value::Duration(-a.micros);
      case Op::kAbsNumber:
        return Value::Number(std::abs(a.number));
      case Op::kAbsMicros:
        return a.micros == INT64_MIN ? Value::Null() : Value::Duration(std::abs(a.micros));
      case Op::kLength:
        return Value::Number(static_cast<double>(CountCodePoints(a.text)));
      case Op::kLower:
        return Value::Text(LowerText(a.text, &scratch_->texts[operation.index]));
      case Op::kUpper:
        return Value::Text(UpperText(a.text, &scratch_->texts[operation.index]));
      case Op::kTrim:
        return Value::Text(TrimText(a.text));
      case Op::kToNumber: {
        const auto number = ParseDouble(TrimText(a.text));
        return number ? Value::Number(*number) : Value::Null();
      }
      case Op::kToTime: {
        const auto time = ParseTimeLiteral(TrimText(a.text));
        return time ? Value::Time(*time) : Value::Null();
      }
      default:
        return Value::Null();
    }
  }

  static Value Found(bool found, const Operation& operation) {
    return !found && operation.list_has_null ? Value::Null() : Value::Bool(found);
  }

  Value Binary(const Operation& operation, const Value& a, const Value& b) const {
    switch (operation.op) {
      case Op::kEqual:
        return Value::Bool(CompareValues(a, b) == 0);
      case Op::kNotEqual:
        return Value::Bool(CompareValues(a, b) != 0);
      case Op::kLess:
        return Value::Bool(CompareValues(a, b) < 0);
      case Op::kLessEqual:
        return Value::Bool(CompareValues(a, b) <= 0);
      case Op::kGreater:
        return Value::Bool(CompareValues(a, b) > 0);
      case Op::kGreaterEqual:
        return Value::Bool(CompareValues(a, b) >= 0);
      case Op::kAddNumbers:
        return Value::Number(a.number + b.number);
      case Op::kSubtractNumbers:
        return Value::Number(a.number - b.number);
      case Op::kMultiply:
        return Value::Number(a.number * b.number);
      case Op::kDivide:
        return Value::Number(a.number / b.number);  // by zero: not finite, so null
      case Op::kRemainder:
        return Value::Number(std::fmod(a.number, b.number));
      case Op::kStartsWith:
        return Value::Bool(a.text.starts_with(b.text));
      case Op::kEndsWith:
        return Value::Bool(a.text.ends_with(b.text));
      case Op::kContains:
        return Value::Bool(a.text.find(b.text) != std::string_view::npos);
      default:
        return OfMicros(operation, a, b);
    }
  }

  static Value OfMicros(const Operation& operation, const Value& a, const Value& b) {
    int64_t micros = 0;
    switch (operation.op) {
      case Op::kAddMicros:
        if (__builtin_add_overflow(a.micros, b.micros, &micros)) return Value::Null();
        return Value::Micros(operation.type, micros);
      case Op::kSubtractMicros:
        if (__builtin_sub_overflow(a.micros, b.micros, &micros)) return Value::Null();
        return Value::Micros(operation.type, micros);
      case Op::kScaleMicros: {
        const bool first = a.type == ExpressionType::kDuration;
        const double factor = first ? b.number : a.number;
        return RoundedMicros(operation.type,
                             static_cast<double>(first ? a.micros : b.micros) * factor);
      }
      case Op::kDivideMicros:
        return RoundedMicros(operation.type, static_cast<double>(a.micros) / b.number);
      case Op::kRatioMicros:
        return Value::Number(static_cast<double>(a.micros) / static_cast<double>(b.micros));
      case Op::kDaysBetween:
        if (__builtin_sub_overflow(b.micros, a.micros, &micros)) return Value::Null();
        return Value::Number(static_cast<double>(micros) / static_cast<double>(kMicrosPerDay));
      default:
        return Value::Null();
    }
  }

  const Program& program_;
  const ExpressionRow& row_;
  ExpressionScratch* scratch_;
};

}  // namespace

ExpressionValue Run(const Program& program, const ExpressionRow& row, ExpressionScratch* scratch) {
  if (scratch->texts.size() < program.scratch_texts) scratch->texts.resize(program.scratch_texts);
  return Evaluation(program, row, scratch).Of(static_cast<uint32_t>(program.operations.size() - 1));
}

}  // namespace burgeon::expression
