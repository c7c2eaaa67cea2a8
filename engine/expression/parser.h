// Tokens to a syntax tree, by the grammar in engine/expression/expression.h.
#ifndef BURGEON_ENGINE_EXPRESSION_PARSER_H_
#define BURGEON_ENGINE_EXPRESSION_PARSER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/status.h"
#include "engine/expression/pattern.h"
#include "engine/expression/value.h"

namespace burgeon::expression {

enum class NodeKind {
  kLiteral,  // value
  kColumn,   // text: its name
  kCall,     // text: the function's name, lower case
  kNegate,
  kAdd,
  kSubtract,
  kMultiply,
  kDivide,
  kRemainder,
  kEqual,
  kNotEqual,
  kLess,
  kLessEqual,
  kGreater,
  kGreaterEqual,
  kIn,       // children: what is looked for, then the list
  kBetween,  // value, low, high
  kPattern,  // children: the text; `text` is the pattern
  kIsNull,
  kIsTrue,
  kIsFalse,
  kNot,
  kAnd,  // two children or more
  kOr,
};

struct SyntaxNode {
  NodeKind kind = NodeKind::kLiteral;
  size_t position = 0;  // in the expression, from 0
  std::string text;
  ExpressionValue value;  // of a literal; the bytes of a text are in `text`
  PatternKind pattern = PatternKind::kLike;
  std::vector<std::unique_ptr<SyntaxNode>> children;
  int depth = 1;
};

// kInvalidArgument naming the position: what was found and what was wanted, or that a limit of
// expression.h was passed.
absl::StatusOr<std::unique_ptr<SyntaxNode>> Parse(std::string_view text);

}  // namespace burgeon::expression

#endif  // BURGEON_ENGINE_EXPRESSION_PARSER_H_
