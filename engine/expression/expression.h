// One small language for quality rules, --where, segments and mappings: a line of text, checked
// against the columns there are, parsed once, evaluated over rows.
//
//   const std::vector<ExpressionColumn> columns = {{"Quantity", ExpressionType::kNumber},
//                                                  {"InvoiceNo", ExpressionType::kText}};
//   BURGEON_ASSIGN_OR_RETURN(
//       const Expression sold,
//       Expression::Compile("Quantity > 0 and not starts_with(InvoiceNo, 'C')", columns, {}));
//   ExpressionScratch scratch;
//   if (sold.IsTrue(row, &scratch)) ...
//
// Grammar (docs/expressions.md explains it with examples):
//   expression = conjunction { "or" conjunction }
//   conjunction = negation { "and" negation }
//   negation   = "not" negation | predicate
//   predicate  = sum [ ( "=" | "==" | "!=" | "<>" | "<" | "<=" | ">" | ">=" ) sum
//                    | [ "not" ] "in" "(" sum { "," sum } ")"
//                    | [ "not" ] "between" sum "and" sum
//                    | [ "not" ] ( "like" | "glob" | "matches" ) text
//                    | "is" [ "not" ] ( "null" | "true" | "false" ) ]
//   sum        = product { ( "+" | "-" ) product }
//   product    = factor { ( "*" | "/" | "%" ) factor }
//   factor     = "-" factor | primary
//   primary    = number | duration | text | "true" | "false" | "null" | ( "date" | "time" ) text
//              | function "(" [ expression { "," expression } ] ")" | column | "(" expression ")"
//   duration   = number ( "s" | "m" | "h" | "d" | "w" ), without a blank between: 30d, 1.5h
//   text       = "'" { any character but "'", or "''" } "'"
//   column     = name { "." name } | '"' { any character but '"', or '""' } '"'
// Keywords and functions are not case-sensitive, columns are.
//
// Types: number (double), text (UTF-8), bool, time (microseconds UTC), duration (microseconds).
// Nothing is converted silently: 'a' < 3 is an error when the expression is compiled.
//
// Null is SQL's: an operation on null is null, a comparison with null is null (unknown), and
// `false and null` is false, `true or null` is true. x is null is never null. What has no answer
// is null too: division by zero, number('abc'), a result beyond the range of its type.
//
// Expressions are immutable and thread-safe; each thread has its own ExpressionScratch.
#ifndef BURGEON_ENGINE_EXPRESSION_EXPRESSION_H_
#define BURGEON_ENGINE_EXPRESSION_EXPRESSION_H_

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/status.h"
#include "engine/expression/value.h"

namespace burgeon {

// Limits of one expression; beyond them it is refused.
inline constexpr size_t kMaxExpressionBytes = 64 << 10;
inline constexpr int kMaxExpressionDepth = 100;
inline constexpr size_t kMaxExpressionNodes = 10'000;

struct ExpressionColumn {
  std::string name;
  ExpressionType type = ExpressionType::kText;
};

// The row an expression looks at. Column(i) is of the type declared for column i, or null; a text
// must stay until the evaluation is over.
class ExpressionRow {
 public:
  virtual ~ExpressionRow() = default;
  virtual ExpressionValue Column(size_t column) const = 0;
};

struct ExpressionOptions {
  std::optional<TimeMicros> now = {};  // what now() is; without it now() is an error
};

// Memory that an evaluation needs beside the row (of lower() and upper()), kept from row to row.
struct ExpressionScratch {
  std::vector<std::string> texts;
};

namespace expression {
struct Program;
}  // namespace expression

class Expression {
 public:
  // kInvalidArgument naming the position (1-based byte of `text`), what stands there and what was
  // wanted.
  static absl::StatusOr<Expression> Compile(std::string_view text,
                                            std::span<const ExpressionColumn> columns,
                                            const ExpressionOptions& options);
  // The same, and the expression must be true or false (or null).
  static absl::StatusOr<Expression> CompileCondition(std::string_view text,
                                                     std::span<const ExpressionColumn> columns,
                                                     const ExpressionOptions& options);

  // kNull when it is null whatever the row.
  ExpressionType type() const;
  const std::string& text() const;
  // The columns it looks at, ascending.
  const std::vector<size_t>& columns() const;

  // A text in the value points into the row, the expression or the scratch, and is void at the
  // next evaluation.
  ExpressionValue Evaluate(const ExpressionRow& row, ExpressionScratch* scratch) const;
  // Of a condition: SQL's WHERE, which null does not pass...
  bool IsTrue(const ExpressionRow& row, ExpressionScratch* scratch) const;
  // ...and SQL's CHECK, which only false breaks.
  bool IsFalse(const ExpressionRow& row, ExpressionScratch* scratch) const;

 private:
  explicit Expression(std::shared_ptr<const expression::Program> program)
      : program_(std::move(program)) {}
  std::shared_ptr<const expression::Program> program_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EXPRESSION_EXPRESSION_H_
