// An expression's text to tokens. Part of engine/expression/expression.h, whose grammar it reads.
#ifndef BURGEON_ENGINE_EXPRESSION_LEXER_H_
#define BURGEON_ENGINE_EXPRESSION_LEXER_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/status.h"

namespace burgeon::expression {

enum class TokenKind {
  kNumber,
  kDuration,    // a number with a unit: micros
  kText,        // 'it''s': text is it's
  kName,        // a column, a keyword or a function; with dots a column
  kQuotedName,  // "Unit Price": always a column
  kSymbol,      // ( ) , + - * / % = == != <> < <= > >=
  kEnd,
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  size_t position = 0;  // of its first byte in the expression, from 0
  std::string text;     // of a name, text or symbol; of a number as written
  double number = 0;
  int64_t micros = 0;  // of a duration
};

// kInvalidArgument: an expression that is too long or not UTF-8, a character that nothing begins
// with, a quote without its end, a number or unit that is none. The message begins with the
// position.
absl::StatusOr<std::vector<Token>> Tokenize(std::string_view text);

// kInvalidArgument "expression '...', position 7: problem".
absl::Status ProblemAt(std::string_view text, size_t position, std::string_view problem);

}  // namespace burgeon::expression

#endif  // BURGEON_ENGINE_EXPRESSION_LEXER_H_
