#include "engine/expression/parser.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "engine/expression/expression.h"
#include "engine/expression/lexer.h"

namespace burgeon::expression {
namespace {

using Node = std::unique_ptr<SyntaxNode>;
using NodeOr = absl::StatusOr<Node>;

std::string LowerAscii(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

constexpr std::array<std::string_view, 13> kReserved = {"and",  "or",    "not", "in",   "between",
                                                        "like", "glob",  "is",  "null", "matches",
                                                        "true", "false", ""};

bool IsReserved(const std::string& lower) {
  return !lower.empty() && std::find(kReserved.begin(), kReserved.end(), lower) != kReserved.end();
}

class Parser {
 public:
  Parser(std::string_view text, std::vector<Token> tokens)
      : text_(text), tokens_(std::move(tokens)) {}

  NodeOr Run() {
    BURGEON_ASSIGN_OR_RETURN(Node node, Disjunction());
    if (here().kind != TokenKind::kEnd) return Wanted("the end of the expression");
    return node;
  }

 private:
  const Token& here() const { return tokens_[at_]; }
  absl::Status Wanted(std::string_view what) const {
    const Token& token = here();
    const std::string found = token.kind == TokenKind::kEnd
                                  ? std::string("the expression ends")
                                  : Concat("'", Printable(token.text), "' stands here");
    return ProblemAt(text_, token.position, Concat(found, ", wanted ", what));
  }
  bool AtSymbol(std::string_view symbol) const {
    return here().kind == TokenKind::kSymbol && here().text == symbol;
  }
  bool TakeSymbol(std::string_view symbol) {
    if (!AtSymbol(symbol)) return false;
    ++at_;
    return true;
  }
  bool KeywordAt(size_t at, std::string_view word) const {
    return at < tokens_.size() && tokens_[at].kind == TokenKind::kName &&
           LowerAscii(tokens_[at].text) == word;
  }
  bool TakeKeyword(std::string_view word) {
    if (!KeywordAt(at_, word)) return false;
    ++at_;
    return true;
  }

  NodeOr Make(NodeKind kind, size_t position, std::vector<Node> children) {
    if (++nodes_ > kMaxExpressionNodes) {
      return ProblemAt(text_, position,
                       Concat("more than ", kMaxExpressionNodes, " parts in the expression"));
    }
    auto node = std::make_unique<SyntaxNode>();
    node->kind = kind;
    node->position = position;
    for (const Node& child : children) node->depth = std::max(node->depth, child->depth + 1);
    node->children = std::move(children);
    if (node->depth > kMaxExpressionDepth) return TooDeep(position);
    return node;
  }
  NodeOr Make(NodeKind kind, size_t position, Node a) {
    std::vector<Node> children;
    children.push_back(std::move(a));
    return Make(kind, position, std::move(children));
  }
  NodeOr Make(NodeKind kind, size_t position, Node a, Node b) {
    std::vector<Node> children;
    children.push_back(std::move(a));
    children.push_back(std::move(b));
    return Make(kind, position, std::move(children));
  }
  absl::Status TooDeep(size_t position) const {
    return ProblemAt(text_, position,
                     Concat("the expression is nested deeper than ", kMaxExpressionDepth));
  }

  NodeOr Disjunction() {
    if (++nesting_ > kMaxExpressionDepth) return TooDeep(here().position);
    const size_t position = here().position;
    std::vector<Node> parts;
    do {
      BURGEON_ASSIGN_OR_RETURN(Node part, Conjunction());
      parts.push_back(std::move(part));
    } while (TakeKeyword("or"));
    --nesting_;
    if (parts.size() == 1) return std::move(parts[0]);
    return Make(NodeKind::kOr, position, std::move(parts));
  }

  NodeOr Conjunction() {
    const size_t position = here().position;
    std::vector<Node> parts;
    do {
      BURGEON_ASSIGN_OR_RETURN(Node part, Negation());
      parts.push_back(std::move(part));
    } while (TakeKeyword("and"));
    if (parts.size() == 1) return std::move(parts[0]);
    return Make(NodeKind::kAnd, position, std::move(parts));
  }

  NodeOr Negation() {
    const size_t position = here().position;
    if (!TakeKeyword("not")) return Predicate();
    if (++nesting_ > kMaxExpressionDepth) return TooDeep(position);
    BURGEON_ASSIGN_OR_RETURN(Node operand, Negation());
    --nesting_;
    return Make(NodeKind::kNot, position, std::move(operand));
  }

  std::optional<NodeKind> TakeComparison() {
    static constexpr std::array<std::pair<std::string_view, NodeKind>, 8> kComparisons = {{
        {"=", NodeKind::kEqual},
        {"==", NodeKind::kEqual},
        {"!=", NodeKind::kNotEqual},
        {"<>", NodeKind::kNotEqual},
        {"<", NodeKind::kLess},
        {"<=", NodeKind::kLessEqual},
        {">", NodeKind::kGreater},
        {">=", NodeKind::kGreaterEqual},
    }};
    for (const auto& [symbol, kind] : kComparisons) {
      if (TakeSymbol(symbol)) return kind;
    }
    return std::nullopt;
  }

  NodeOr Predicate() {
    BURGEON_ASSIGN_OR_RETURN(Node left, Sum());
    const size_t position = here().position;
    if (const auto comparison = TakeComparison(); comparison) {
      BURGEON_ASSIGN_OR_RETURN(Node right, Sum());
      return Make(*comparison, position, std::move(left), std::move(right));
    }
    if (TakeKeyword("is")) return IsTest(std::move(left), position);
    const bool negated = KeywordAt(at_, "not") && (KeywordAt(at_ + 1, "in") ||
                                                   KeywordAt(at_ + 1, "between") || PatternNext(1));
    if (negated) ++at_;
    NodeOr test = Test(std::move(left), position);
    if (!test.ok() || !negated) return test;
    return Make(NodeKind::kNot, position, *std::move(test));
  }

  bool PatternNext(size_t ahead) const {
    return KeywordAt(at_ + ahead, "like") || KeywordAt(at_ + ahead, "glob") ||
           KeywordAt(at_ + ahead, "matches");
  }

  NodeOr IsTest(Node left, size_t position) {
    const bool negated = TakeKeyword("not");
    NodeKind kind = NodeKind::kIsNull;
    if (TakeKeyword("true")) {
      kind = NodeKind::kIsTrue;
    } else if (TakeKeyword("false")) {
      kind = NodeKind::kIsFalse;
    } else if (!TakeKeyword("null")) {
      return Wanted("null, true or false after 'is'");
    }
    NodeOr test = Make(kind, position, std::move(left));
    if (!test.ok() || !negated) return test;
    return Make(NodeKind::kNot, position, *std::move(test));
  }

  // in, between or a pattern after `left`; or nothing of these.
  NodeOr Test(Node left, size_t position) {
    if (TakeKeyword("in")) return InList(std::move(left), position);
    if (TakeKeyword("between")) {
      std::vector<Node> parts;
      parts.push_back(std::move(left));
      BURGEON_ASSIGN_OR_RETURN(Node low, Sum());
      parts.push_back(std::move(low));
      if (!TakeKeyword("and")) return Wanted("'and' and the upper end of 'between'");
      BURGEON_ASSIGN_OR_RETURN(Node high, Sum());
      parts.push_back(std::move(high));
      return Make(NodeKind::kBetween, position, std::move(parts));
    }
    if (!PatternNext(0)) return left;
    const std::string word = LowerAscii(here().text);
    ++at_;
    if (here().kind != TokenKind::kText) {
      return Wanted(Concat("a pattern in single quotes after '", word, "'"));
    }
    std::string pattern = here().text;
    ++at_;
    BURGEON_ASSIGN_OR_RETURN(Node node, Make(NodeKind::kPattern, position, std::move(left)));
    node->text = std::move(pattern);
    node->pattern = word == "like"   ? PatternKind::kLike
                    : word == "glob" ? PatternKind::kGlob
                                     : PatternKind::kRegex;
    return node;
  }

  NodeOr InList(Node left, size_t position) {
    if (!TakeSymbol("(")) return Wanted("'(' after 'in'");
    std::vector<Node> parts;
    parts.push_back(std::move(left));
    do {
      BURGEON_ASSIGN_OR_RETURN(Node item, Sum());
      parts.push_back(std::move(item));
    } while (TakeSymbol(","));
    if (!TakeSymbol(")")) return Wanted("',' or ')' in the list of 'in'");
    return Make(NodeKind::kIn, position, std::move(parts));
  }

  NodeOr Sum() {
    BURGEON_ASSIGN_OR_RETURN(Node left, Product());
    for (;;) {
      const size_t position = here().position;
      const bool add = TakeSymbol("+");
      if (!add && !TakeSymbol("-")) return left;
      BURGEON_ASSIGN_OR_RETURN(Node right, Product());
      BURGEON_ASSIGN_OR_RETURN(left, Make(add ? NodeKind::kAdd : NodeKind::kSubtract, position,
                                          std::move(left), std::move(right)));
    }
  }

  NodeOr Product() {
    BURGEON_ASSIGN_OR_RETURN(Node left, Factor());
    for (;;) {
      const size_t position = here().position;
      NodeKind kind = NodeKind::kMultiply;
      if (TakeSymbol("/")) {
        kind = NodeKind::kDivide;
      } else if (TakeSymbol("%")) {
        kind = NodeKind::kRemainder;
      } else if (!TakeSymbol("*")) {
        return left;
      }
      BURGEON_ASSIGN_OR_RETURN(Node right, Factor());
      BURGEON_ASSIGN_OR_RETURN(left, Make(kind, position, std::move(left), std::move(right)));
    }
  }

  NodeOr Factor() {
    const size_t position = here().position;
    if (!TakeSymbol("-")) return Primary();
    if (++nesting_ > kMaxExpressionDepth) return TooDeep(position);
    BURGEON_ASSIGN_OR_RETURN(Node operand, Factor());
    --nesting_;
    return Make(NodeKind::kNegate, position, std::move(operand));
  }

  NodeOr Literal(ExpressionValue value, std::string text = {}) {
    const size_t position = here().position;
    ++at_;
    BURGEON_ASSIGN_OR_RETURN(Node node, Make(NodeKind::kLiteral, position, std::vector<Node>{}));
    node->value = value;
    node->text = std::move(text);
    return node;
  }

  NodeOr Primary() {
    const Token& token = here();
    switch (token.kind) {
      case TokenKind::kNumber:
        return Literal(ExpressionValue::Number(token.number));
      case TokenKind::kDuration:
        return Literal(ExpressionValue::Duration(token.micros));
      case TokenKind::kText:
        return Literal(ExpressionValue::Text({}), token.text);
      case TokenKind::kQuotedName:
        return Column();
      case TokenKind::kName:
        return Named();
      case TokenKind::kSymbol:
      case TokenKind::kEnd:
        break;
    }
    if (!TakeSymbol("(")) return Wanted("a value, a column or '('");
    BURGEON_ASSIGN_OR_RETURN(Node node, Disjunction());
    if (!TakeSymbol(")")) return Wanted("')'");
    return node;
  }

  NodeOr Column() {
    const size_t position = here().position;
    std::string name = here().text;
    ++at_;
    BURGEON_ASSIGN_OR_RETURN(Node node, Make(NodeKind::kColumn, position, std::vector<Node>{}));
    node->text = std::move(name);
    return node;
  }

  NodeOr Named() {
    const std::string word = LowerAscii(here().text);
    if (word == "true" || word == "false") return Literal(ExpressionValue::Bool(word == "true"));
    if (word == "null") return Literal(ExpressionValue::Null());
    if (IsReserved(word))
      return Wanted("a value, a column or '('; a column of that name is \"" +
                    Printable(here().text) + "\"");
    const Token& next = tokens_[at_ + 1];  // a name is never the last token
    if ((word == "date" || word == "time") && next.kind == TokenKind::kText) {
      const auto time = ParseTimeLiteral(next.text);
      if (!time) {
        return ProblemAt(text_, next.position,
                         Concat("'", Printable(next.text), "' is not a time such as ",
                                "'2011-12-09' or '2011-12-09T12:50:00Z'"));
      }
      ++at_;
      return Literal(ExpressionValue::Time(*time));
    }
    if (next.kind == TokenKind::kSymbol && next.text == "(") return Call(word);
    return Column();
  }

  NodeOr Call(const std::string& function) {
    const size_t position = here().position;
    at_ += 2;
    std::vector<Node> arguments;
    if (!AtSymbol(")")) {
      do {
        BURGEON_ASSIGN_OR_RETURN(Node argument, Disjunction());
        arguments.push_back(std::move(argument));
      } while (TakeSymbol(","));
    }
    if (!TakeSymbol(")")) return Wanted("',' or ')' in the arguments");
    BURGEON_ASSIGN_OR_RETURN(Node node, Make(NodeKind::kCall, position, std::move(arguments)));
    node->text = function;
    return node;
  }

  const std::string_view text_;
  const std::vector<Token> tokens_;
  size_t at_ = 0;
  size_t nodes_ = 0;
  int nesting_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<SyntaxNode>> Parse(std::string_view text) {
  BURGEON_ASSIGN_OR_RETURN(std::vector<Token> tokens, Tokenize(text));
  return Parser(text, std::move(tokens)).Run();
}

}  // namespace burgeon::expression
