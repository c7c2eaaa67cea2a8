// A checked expression: typed operations, each with its operands before it, the last one the
// result. Made by checker.cc, run by evaluator.cc.
#ifndef BURGEON_ENGINE_EXPRESSION_PROGRAM_H_
#define BURGEON_ENGINE_EXPRESSION_PROGRAM_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/hash.h"
#include "engine/base/status.h"
#include "engine/expression/expression.h"
#include "engine/expression/pattern.h"
#include "engine/expression/value.h"

namespace burgeon::expression {

enum class Op : uint8_t {
  kLiteral,
  kColumn,  // index
  kNot,
  kAnd,
  kOr,
  kIsNull,
  kIsTrue,
  kIsFalse,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kBetween,
  kIn,         // the first operand among the rest
  kInTexts,    // in texts[index]; null when not and list_has_null
  kInNumbers,  // in numbers[index], sorted; the same
  kPattern,    // patterns[index]
  kNegateNumber,
  kAddNumbers,
  kSubtractNumbers,
  kMultiply,
  kDivide,
  kRemainder,
  kNegateMicros,
  kAddMicros,       // durations, or a time and a duration
  kSubtractMicros,  // times, durations, or a time and a duration
  kScaleMicros,     // duration * number, in either order
  kDivideMicros,    // duration / number
  kRatioMicros,     // duration / duration
  kLength,
  kLower,  // index: its scratch text
  kUpper,
  kTrim,
  kStartsWith,
  kEndsWith,
  kContains,
  kAbsNumber,
  kAbsMicros,
  kDaysBetween,
  kCoalesce,
  kToNumber,
  kToTime,
};

struct Operation {
  Op op = Op::kLiteral;
  ExpressionType type = ExpressionType::kNull;  // of the result, when it is not null
  bool list_has_null = false;                   // kInTexts, kInNumbers
  uint32_t index = 0;
  ExpressionValue literal = {};
  std::vector<uint32_t> operands = {};  // positions of operations
};

struct Program {
  std::string text;
  std::vector<Operation> operations;
  std::vector<StringSet> texts;
  std::vector<std::vector<double>> numbers;
  std::vector<Pattern> patterns;
  std::vector<std::string> literals;  // bytes of text literals; fixed once the program is made
  std::vector<size_t> columns;        // in use, ascending
  size_t scratch_texts = 0;
};

// kInvalidArgument naming the position: a column that is not there (with those that are), a
// function that is not known, a type that does not fit.
absl::StatusOr<Program> Check(std::string_view text, std::span<const ExpressionColumn> columns,
                              const ExpressionOptions& options);

ExpressionValue Run(const Program& program, const ExpressionRow& row, ExpressionScratch* scratch);

}  // namespace burgeon::expression

#endif  // BURGEON_ENGINE_EXPRESSION_PROGRAM_H_
