#include "engine/expression/lexer.h"

#include <array>
#include <cmath>
#include <optional>

#include "engine/base/clock.h"
#include "engine/expression/expression.h"

namespace burgeon::expression {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool BeginsName(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::optional<int64_t> MicrosOfUnit(std::string_view unit) {
  constexpr int64_t kMinute = 60 * kMicrosPerSecond;
  if (unit == "s") return kMicrosPerSecond;
  if (unit == "m") return kMinute;
  if (unit == "h") return 60 * kMinute;
  if (unit == "d") return kMicrosPerDay;
  if (unit == "w") return 7 * kMicrosPerDay;
  return std::nullopt;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  absl::StatusOr<std::vector<Token>> Run() {
    if (text_.size() > kMaxExpressionBytes) {
      return InvalidArgument("expression '", Printable(text_), "': ", text_.size(),
                             " bytes; at most ", kMaxExpressionBytes, " are taken");
    }
    if (!IsValidUtf8(text_)) {
      return InvalidArgument("expression '", Printable(text_), "': is not UTF-8");
    }
    for (;;) {
      while (at_ < text_.size() && IsBlank(text_[at_])) ++at_;
      Token token;
      token.position = at_;
      if (at_ == text_.size()) {
        tokens_.push_back(std::move(token));
        return std::move(tokens_);
      }
      BURGEON_RETURN_IF_ERROR(Scan(&token));
      tokens_.push_back(std::move(token));
    }
  }

 private:
  absl::Status Scan(Token* token) {
    const char c = text_[at_];
    const bool point = c == '.' && at_ + 1 < text_.size() && IsDigit(text_[at_ + 1]);
    if (IsDigit(c) || point) return ScanNumber(token);
    if (c == '\'') return ScanQuoted('\'', TokenKind::kText, token);
    if (c == '"') return ScanQuoted('"', TokenKind::kQuotedName, token);
    if (BeginsName(c)) return ScanName(token);
    return ScanSymbol(token);
  }

  void SkipDigits() {
    while (at_ < text_.size() && IsDigit(text_[at_])) ++at_;
  }

  absl::Status ScanNumber(Token* token) {
    const size_t begin = at_;
    SkipDigits();
    if (at_ < text_.size() && text_[at_] == '.') {
      ++at_;
      SkipDigits();
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      size_t exponent = at_ + 1;
      if (exponent < text_.size() && (text_[exponent] == '+' || text_[exponent] == '-')) ++exponent;
      if (exponent < text_.size() && IsDigit(text_[exponent])) {
        at_ = exponent;
        SkipDigits();
      }
    }
    const std::string_view digits = text_.substr(begin, at_ - begin);
    const std::optional<double> number = ParseDouble(digits);
    if (!number) return ProblemAt(text_, begin, Concat("'", digits, "' is not a number"));
    token->kind = TokenKind::kNumber;
    token->text = digits;
    token->number = *number;
    const size_t unit_begin = at_;
    while (at_ < text_.size() && (BeginsName(text_[at_]) || IsDigit(text_[at_]))) ++at_;
    if (at_ == unit_begin) return absl::OkStatus();
    const std::string_view unit = text_.substr(unit_begin, at_ - unit_begin);
    const auto micros = MicrosOfUnit(unit);
    if (!micros) {
      return ProblemAt(text_, unit_begin,
                       Concat("'", Printable(unit), "' is not a unit of time: s, m, h, d or w"));
    }
    const double product = *number * static_cast<double>(*micros);
    if (!(std::abs(product) < 9e18)) {
      return ProblemAt(text_, begin, "the duration is too long");
    }
    token->kind = TokenKind::kDuration;
    token->micros = std::llround(product);
    return absl::OkStatus();
  }

  absl::Status ScanQuoted(char quote, TokenKind kind, Token* token) {
    const size_t begin = at_++;
    token->kind = kind;
    for (;; ++at_) {
      if (at_ == text_.size()) {
        return ProblemAt(text_, begin, Concat("the quote ", quote, " has no end"));
      }
      if (text_[at_] == quote) {
        if (at_ + 1 == text_.size() || text_[at_ + 1] != quote) break;
        ++at_;
      }
      token->text += text_[at_];
    }
    ++at_;
    if (kind == TokenKind::kQuotedName && token->text.empty()) {
      return ProblemAt(text_, begin, "a column without a name");
    }
    return absl::OkStatus();
  }

  absl::Status ScanName(Token* token) {
    const size_t begin = at_;
    const auto part = [&] {
      while (at_ < text_.size() && (BeginsName(text_[at_]) || IsDigit(text_[at_]))) ++at_;
    };
    part();
    while (at_ + 1 < text_.size() && text_[at_] == '.' && BeginsName(text_[at_ + 1])) {
      ++at_;
      part();
    }
    token->kind = TokenKind::kName;
    token->text = text_.substr(begin, at_ - begin);
    return absl::OkStatus();
  }

  absl::Status ScanSymbol(Token* token) {
    static constexpr std::array<std::string_view, 16> kSymbols = {
        "==", "!=", "<>", "<=", ">=", "(", ")", ",", "+", "-", "*", "/", "%", "=", "<", ">"};
    for (const std::string_view symbol : kSymbols) {
      if (!text_.substr(at_).starts_with(symbol)) continue;
      token->kind = TokenKind::kSymbol;
      token->text = symbol;
      at_ += symbol.size();
      return absl::OkStatus();
    }
    return ProblemAt(text_, at_,
                     Concat("'", Printable(text_.substr(at_, 1)), "' is not part of the language"));
  }

  const std::string_view text_;
  size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

absl::StatusOr<std::vector<Token>> Tokenize(std::string_view text) { return Lexer(text).Run(); }

absl::Status ProblemAt(std::string_view text, size_t position, std::string_view problem) {
  return InvalidArgument("expression '", Printable(text, 200), "', position ", position + 1, ": ",
                         problem);
}

}  // namespace burgeon::expression
