// The types of an expression, and its operations: the Check of program.h.
#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "engine/expression/lexer.h"
#include "engine/expression/parser.h"
#include "engine/expression/program.h"

namespace burgeon::expression {
namespace {

using Type = ExpressionType;

// What a function takes and gives. Overloads stand one after another.
struct Function {
  std::string_view name;
  Op op;
  Type result;
  std::vector<Type> arguments;
};

const std::vector<Function>& Functions() {
  static const std::vector<Function>* const functions = new std::vector<Function>{
      {"length", Op::kLength, Type::kNumber, {Type::kText}},
      {"lower", Op::kLower, Type::kText, {Type::kText}},
      {"upper", Op::kUpper, Type::kText, {Type::kText}},
      {"trim", Op::kTrim, Type::kText, {Type::kText}},
      {"starts_with", Op::kStartsWith, Type::kBool, {Type::kText, Type::kText}},
      {"ends_with", Op::kEndsWith, Type::kBool, {Type::kText, Type::kText}},
      {"contains", Op::kContains, Type::kBool, {Type::kText, Type::kText}},
      {"abs", Op::kAbsNumber, Type::kNumber, {Type::kNumber}},
      {"abs", Op::kAbsMicros, Type::kDuration, {Type::kDuration}},
      {"days_between", Op::kDaysBetween, Type::kNumber, {Type::kTime, Type::kTime}},
      {"number", Op::kToNumber, Type::kNumber, {Type::kText}},
      {"time", Op::kToTime, Type::kTime, {Type::kText}},
  };
  return *functions;
}

bool Fits(Type found, Type wanted) { return found == wanted || found == Type::kNull; }

class Checker {
 public:
  Checker(std::string_view text, std::span<const ExpressionColumn> columns,
          const ExpressionOptions& options)
      : text_(text), columns_(columns), options_(options) {}

  absl::StatusOr<Program> Run(const SyntaxNode& root) {
    BURGEON_RETURN_IF_ERROR(Visit(root).status());
    program_.text = text_;
    for (Operation& operation : program_.operations) {
      if (operation.op == Op::kLiteral && operation.type == Type::kText) {
        operation.literal.text = program_.literals[operation.index];
      }
    }
    std::sort(program_.columns.begin(), program_.columns.end());
    program_.columns.erase(std::unique(program_.columns.begin(), program_.columns.end()),
                           program_.columns.end());
    return std::move(program_);
  }

 private:
  using Position = absl::StatusOr<uint32_t>;

  absl::Status Problem(const SyntaxNode& node, std::string_view problem) const {
    return ProblemAt(text_, node.position, problem);
  }
  Type TypeOf(uint32_t operation) const { return program_.operations[operation].type; }
  std::string_view NameOf(uint32_t operation) const {
    return ExpressionTypeName(TypeOf(operation));
  }

  uint32_t Emit(Op op, Type type, std::vector<uint32_t> operands) {
    Operation operation;
    operation.op = op;
    operation.type = type;
    operation.operands = std::move(operands);
    program_.operations.push_back(std::move(operation));
    return static_cast<uint32_t>(program_.operations.size() - 1);
  }

  absl::StatusOr<std::vector<uint32_t>> VisitChildren(const SyntaxNode& node) {
    std::vector<uint32_t> out;
    for (const auto& child : node.children) {
      BURGEON_ASSIGN_OR_RETURN(const uint32_t operation, Visit(*child));
      out.push_back(operation);
    }
    return out;
  }

  Position Visit(const SyntaxNode& node) {
    switch (node.kind) {
      case NodeKind::kLiteral:
        return Literal(node.value, node.text);
      case NodeKind::kColumn:
        return Column(node);
      case NodeKind::kCall:
        return Call(node);
      case NodeKind::kNegate:
      case NodeKind::kAdd:
      case NodeKind::kSubtract:
      case NodeKind::kMultiply:
      case NodeKind::kDivide:
      case NodeKind::kRemainder:
        return Arithmetic(node);
      case NodeKind::kEqual:
      case NodeKind::kNotEqual:
      case NodeKind::kLess:
      case NodeKind::kLessEqual:
      case NodeKind::kGreater:
      case NodeKind::kGreaterEqual:
        return Comparison(node);
      case NodeKind::kIn:
        return In(node);
      case NodeKind::kBetween:
        return Between(node);
      case NodeKind::kPattern:
        return PatternTest(node);
      case NodeKind::kIsNull:
        return IsNull(node);
      case NodeKind::kIsTrue:
      case NodeKind::kIsFalse:
      case NodeKind::kNot:
      case NodeKind::kAnd:
      case NodeKind::kOr:
        return Logic(node);
    }
    return Problem(node, "not known");
  }

  uint32_t Literal(const ExpressionValue& value, const std::string& text) {
    const uint32_t at = Emit(Op::kLiteral, value.type, {});
    Operation& operation = program_.operations[at];
    operation.literal = value;
    if (value.type == Type::kText) {
      operation.index = static_cast<uint32_t>(program_.literals.size());
      program_.literals.push_back(text);
    }
    return at;
  }

  Position Column(const SyntaxNode& node) {
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (columns_[i].name != node.text) continue;
      const uint32_t at = Emit(Op::kColumn, columns_[i].type, {});
      program_.operations[at].index = static_cast<uint32_t>(i);
      program_.columns.push_back(i);
      return at;
    }
    std::vector<std::string> names;
    for (const ExpressionColumn& column : columns_) names.push_back(Printable(column.name));
    return Problem(node, Concat("there is no column '", Printable(node.text), "'; the columns are ",
                                names.empty() ? "none" : Printable(JoinComma(names), 600)));
  }

  Position IsNull(const SyntaxNode& node) {
    BURGEON_ASSIGN_OR_RETURN(std::vector<uint32_t> operands, VisitChildren(node));
    return Emit(Op::kIsNull, Type::kBool, std::move(operands));
  }

  Position Logic(const SyntaxNode& node) {
    static const std::map<NodeKind, std::pair<Op, std::string_view>> kinds = {
        {NodeKind::kIsTrue, {Op::kIsTrue, "is true"}},
        {NodeKind::kIsFalse, {Op::kIsFalse, "is false"}},
        {NodeKind::kNot, {Op::kNot, "not"}},
        {NodeKind::kAnd, {Op::kAnd, "and"}},
        {NodeKind::kOr, {Op::kOr, "or"}}};
    const auto& [op, name] = kinds.at(node.kind);
    BURGEON_ASSIGN_OR_RETURN(std::vector<uint32_t> operands, VisitChildren(node));
    for (size_t i = 0; i < operands.size(); ++i) {
      if (Fits(TypeOf(operands[i]), Type::kBool)) continue;
      return Problem(*node.children[i], Concat("'", name, "' takes what is true or false, not a ",
                                               NameOf(operands[i])));
    }
    return Emit(op, Type::kBool, std::move(operands));
  }

  // All operands of one type, or null; that type.
  absl::StatusOr<Type> OneType(const SyntaxNode& node, const std::vector<uint32_t>& operands) {
    Type type = Type::kNull;
    for (size_t i = 0; i < operands.size(); ++i) {
      const Type other = TypeOf(operands[i]);
      if (other == Type::kNull || other == type) continue;
      if (type != Type::kNull) {
        return Problem(*node.children[i], Mismatch(type, other));
      }
      type = other;
    }
    return type;
  }
  static std::string Mismatch(Type a, Type b) {
    std::string out =
        Concat("a ", ExpressionTypeName(a), " cannot be compared with a ", ExpressionTypeName(b));
    const bool text = a == Type::kText || b == Type::kText;
    if (text && (a == Type::kTime || b == Type::kTime)) {
      out += "; a time is written date '2011-12-09', a text becomes one with time(x)";
    } else if (text && (a == Type::kNumber || b == Type::kNumber)) {
      out += "; a text becomes a number with number(x)";
    }
    return out;
  }

  Position Comparison(const SyntaxNode& node) {
    static const std::map<NodeKind, Op> ops = {
        {NodeKind::kEqual, Op::kEqual},     {NodeKind::kNotEqual, Op::kNotEqual},
        {NodeKind::kLess, Op::kLess},       {NodeKind::kLessEqual, Op::kLessEqual},
        {NodeKind::kGreater, Op::kGreater}, {NodeKind::kGreaterEqual, Op::kGreaterEqual}};
    const Op op = ops.at(node.kind);
    BURGEON_ASSIGN_OR_RETURN(std::vector<uint32_t> operands, VisitChildren(node));
    BURGEON_ASSIGN_OR_RETURN(const Type type, OneType(node, operands));
    if (type == Type::kBool && op != Op::kEqual && op != Op::kNotEqual) {
      return Problem(node, "true and false have no order; only = and != compare them");
    }
    return Emit(op, Type::kBool, std::move(operands));
  }

  Position Between(const SyntaxNode& node) {
    BURGEON_ASSIGN_OR_RETURN(std::vector<uint32_t> operands, VisitChildren(node));
    BURGEON_ASSIGN_OR_RETURN(const Type type, OneType(node, operands));
    if (type == Type::kBool) return Problem(node, "true and false have no order");
    return Emit(Op::kBetween, Type::kBool, std::move(operands));
  }

  Position In(const SyntaxNode& node) {
    BURGEON_ASSIGN_OR_RETURN(std::vector<uint32_t> operands, VisitChildren(node));
    BURGEON_ASSIGN_OR_RETURN(const Type type, OneType(node, operands));
    const bool literals = std::all_of(operands.begin() + 1, operands.end(), [&](uint32_t i) {
      return program_.operations[i].op == Op::kLiteral;
    });
    if (!literals || (type != Type::kText && type != Type::kNumber)) {
      return Emit(Op::kIn, Type::kBool, std::move(operands));
    }
    bool has_null = false;
    StringSet texts;
    std::vector<double> numbers;
    for (size_t i = 1; i < operands.size(); ++i) {
      const Operation& item = program_.operations[operands[i]];
      if (item.type == Type::kNull) {
        has_null = true;
      } else if (type == Type::kText) {
        texts.insert(program_.literals[item.index]);
      } else {
        numbers.push_back(item.literal.number);
      }
    }
    std::sort(numbers.begin(), numbers.end());
    const bool is_text = type == Type::kText;
    const size_t index = is_text ? program_.texts.size() : program_.numbers.size();
    const uint32_t at =
        Emit(is_text ? Op::kInTexts : Op::kInNumbers, Type::kBool, {operands.front()});
    program_.operations[at].index = static_cast<uint32_t>(index);
    program_.operations[at].list_has_null = has_null;
    if (is_text) {
      program_.texts.push_back(std::move(texts));
    } else {
      program_.numbers.push_back(std::move(numbers));
    }
    return at;
  }

  Position PatternTest(const SyntaxNode& node) {
    BURGEON_ASSIGN_OR_RETURN(std::vector<uint32_t> operands, VisitChildren(node));
    if (!Fits(TypeOf(operands[0]), Type::kText)) {
      return Problem(*node.children[0],
                     Concat("a pattern is for a text, not for a ", NameOf(operands[0])));
    }
    absl::StatusOr<Pattern> pattern = Pattern::Compile(node.pattern, node.text);
    if (!pattern.ok()) return Problem(node, MessageOf(pattern.status()));
    const uint32_t at = Emit(Op::kPattern, Type::kBool, std::move(operands));
    program_.operations[at].index = static_cast<uint32_t>(program_.patterns.size());
    program_.patterns.push_back(*std::move(pattern));
    return at;
  }

  Position Arithmetic(const SyntaxNode& node) {
    BURGEON_ASSIGN_OR_RETURN(std::vector<uint32_t> operands, VisitChildren(node));
    const Type a = TypeOf(operands[0]);
    const Type b = operands.size() > 1 ? TypeOf(operands[1]) : Type::kNull;
    const auto typed = TypedArithmetic(node.kind, a, b);
    if (!typed) {
      static const std::map<NodeKind, std::string_view> names = {
          {NodeKind::kNegate, "-"},   {NodeKind::kAdd, "+"},    {NodeKind::kSubtract, "-"},
          {NodeKind::kMultiply, "*"}, {NodeKind::kDivide, "/"}, {NodeKind::kRemainder, "%"}};
      std::string problem =
          Concat("'", names.at(node.kind), "' is not for a ", ExpressionTypeName(a));
      if (operands.size() > 1) problem += Concat(" and a ", ExpressionTypeName(b));
      return Problem(node, problem);
    }
    return Emit(typed->first, typed->second, std::move(operands));
  }

  // The operation for these types and the type it gives. A null operand takes the type that makes
  // the operation one of numbers, or of what the other operand asks for; the result is null.
  static std::optional<std::pair<Op, Type>> TypedArithmetic(NodeKind kind, Type a, Type b) {
    const bool numbers = Fits(a, Type::kNumber) && Fits(b, Type::kNumber);
    const bool durations = Fits(a, Type::kDuration) && Fits(b, Type::kDuration);
    const bool time_first = a == Type::kTime && Fits(b, Type::kDuration);
    switch (kind) {
      case NodeKind::kNegate:
        if (numbers) return std::pair(Op::kNegateNumber, a);
        if (durations) return std::pair(Op::kNegateMicros, Type::kDuration);
        return std::nullopt;
      case NodeKind::kAdd:
        if (numbers) return std::pair(Op::kAddNumbers, Combined(a, b));
        if (durations) return std::pair(Op::kAddMicros, Type::kDuration);
        if (time_first || (Fits(a, Type::kDuration) && b == Type::kTime)) {
          return std::pair(Op::kAddMicros, Type::kTime);
        }
        return std::nullopt;
      case NodeKind::kSubtract:
        if (numbers) return std::pair(Op::kSubtractNumbers, Combined(a, b));
        if (durations) return std::pair(Op::kSubtractMicros, Type::kDuration);
        if (Fits(a, Type::kTime) && b == Type::kTime) {
          return std::pair(Op::kSubtractMicros, Type::kDuration);
        }
        if (time_first) return std::pair(Op::kSubtractMicros, Type::kTime);
        return std::nullopt;
      case NodeKind::kMultiply:
        if (numbers) return std::pair(Op::kMultiply, Combined(a, b));
        if ((a == Type::kDuration && Fits(b, Type::kNumber)) ||
            (Fits(a, Type::kNumber) && b == Type::kDuration)) {
          return std::pair(Op::kScaleMicros, Type::kDuration);
        }
        return std::nullopt;
      case NodeKind::kDivide:
        if (numbers) return std::pair(Op::kDivide, Combined(a, b));
        if (Fits(a, Type::kDuration) && b == Type::kDuration) {
          return std::pair(Op::kRatioMicros, Type::kNumber);
        }
        if (a == Type::kDuration && Fits(b, Type::kNumber)) {
          return std::pair(Op::kDivideMicros, Type::kDuration);
        }
        return std::nullopt;
      default:
        if (numbers) return std::pair(Op::kRemainder, Combined(a, b));
        return std::nullopt;
    }
  }
  static Type Combined(Type a, Type b) { return a == Type::kNull ? b : a; }

  Position Call(const SyntaxNode& node) {
    if (node.text == "now") return Now(node);
    BURGEON_ASSIGN_OR_RETURN(std::vector<uint32_t> operands, VisitChildren(node));
    if (node.text == "coalesce") {
      if (operands.empty()) return Problem(node, "coalesce takes one argument or more");
      BURGEON_ASSIGN_OR_RETURN(const Type type, OneType(node, operands));
      return Emit(Op::kCoalesce, type, std::move(operands));
    }
    const Function* named = nullptr;
    for (const Function& function : Functions()) {
      if (function.name != node.text) continue;
      named = &function;
      if (function.arguments.size() != operands.size()) continue;
      const auto fits = [&](size_t i) { return Fits(TypeOf(operands[i]), function.arguments[i]); };
      bool all = true;
      for (size_t i = 0; i < operands.size(); ++i) all = all && fits(i);
      if (!all) continue;
      const uint32_t at = Emit(function.op, function.result, std::move(operands));
      if (function.op == Op::kLower || function.op == Op::kUpper) {
        program_.operations[at].index = static_cast<uint32_t>(program_.scratch_texts++);
      }
      return at;
    }
    if (named == nullptr) return UnknownFunction(node);
    return Problem(node,
                   Concat(node.text, " takes ", Signature(*named), ", not ", Found(operands)));
  }

  Position Now(const SyntaxNode& node) {
    if (!node.children.empty()) return Problem(node, "now takes no argument");
    if (!options_.now) return Problem(node, "now() has no meaning here");
    return Literal(ExpressionValue::Time(*options_.now), "");
  }

  absl::Status UnknownFunction(const SyntaxNode& node) const {
    std::vector<std::string> names = {"coalesce", "now"};
    for (const Function& function : Functions()) names.emplace_back(function.name);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return Problem(node, Concat("there is no function '", Printable(node.text),
                                "'; the functions are ", JoinComma(names)));
  }
  static std::string Signature(const Function& function) {
    std::vector<std::string> types;
    for (const Type type : function.arguments) types.emplace_back(ExpressionTypeName(type));
    return Concat("(", JoinComma(types), ")");
  }
  std::string Found(const std::vector<uint32_t>& operands) const {
    std::vector<std::string> types;
    for (const uint32_t operand : operands) types.emplace_back(NameOf(operand));
    return Concat("(", JoinComma(types), ")");
  }

  const std::string_view text_;
  const std::span<const ExpressionColumn> columns_;
  const ExpressionOptions& options_;
  Program program_;
};

}  // namespace

absl::StatusOr<Program> Check(std::string_view text, std::span<const ExpressionColumn> columns,
                              const ExpressionOptions& options) {
  BURGEON_ASSIGN_OR_RETURN(const std::unique_ptr<SyntaxNode> root, Parse(text));
  return Checker(text, columns, options).Run(*root);
}

}  // namespace burgeon::expression
