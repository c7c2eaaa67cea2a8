// The rules of one row: MakeRowTest of quality_tests.h.
#include <algorithm>
#include <utility>

#include "engine/base/hash.h"
#include "engine/expression/pattern.h"
#include "engine/governance/quality_tests.h"

namespace burgeon {
namespace {

std::string Where(const QualityRule& rule) {
  return Concat("quality rule '", Printable(rule.name), "'");
}

// A text, a number or a time of a configuration as a value of a column's type.
absl::StatusOr<ExpressionValue> ParseBound(const std::string& text, ExpressionType type,
                                           const QualityRule& rule) {
  if (type == ExpressionType::kNumber) {
    if (const auto number = ParseDouble(text); number) return ExpressionValue::Number(*number);
  } else if (type == ExpressionType::kTime) {
    if (const auto time = ParseTimeLiteral(text); time) return ExpressionValue::Time(*time);
  } else if (type == ExpressionType::kText) {
    return InvalidArgument(Where(rule), ": range: the column ", Printable(rule.field),
                           " is text; name it a number or a time under quality.columns");
  }
  return InvalidArgument(Where(rule), ": range: '", Printable(text), "' is not a ",
                         ExpressionTypeName(type));
}

RowVerdict VerdictOf(bool holds) { return holds ? RowVerdict::kHolds : RowVerdict::kFails; }

// Evaluates an expression; null concerns nobody.
RowTest ExpressionTest(const Expression& expression) {
  auto scratch = std::make_shared<ExpressionScratch>();
  return [expression, scratch](const QualityRow& row) {
    const ExpressionValue value = expression.Evaluate(row, scratch.get());
    return value.is_null() ? RowVerdict::kNotConcerned : VerdictOf(value.truth);
  };
}

RowTest RequiredTest(size_t column) {
  auto buffer = std::make_shared<std::string>();
  return [column, buffer](const QualityRow& row) {
    return VerdictOf(row.Text(column, buffer.get()).has_value());
  };
}

RowTest InTest(size_t column, const std::vector<std::string>& values) {
  auto set = std::make_shared<StringSet>(values.begin(), values.end());
  auto buffer = std::make_shared<std::string>();
  return [column, set, buffer](const QualityRow& row) {
    const auto text = row.Text(column, buffer.get());
    return text ? VerdictOf(set->contains(TrimAscii(*text))) : RowVerdict::kNotConcerned;
  };
}

absl::StatusOr<RowTest> RangeTest(size_t column, const QualityRule& rule,
                                  const TestContext& context) {
  const ExpressionType type = context.columns[column].type;
  ExpressionValue low;
  ExpressionValue high;
  if (!rule.min.empty()) {
    BURGEON_ASSIGN_OR_RETURN(low, ParseBound(rule.min, type, rule));
  }
  if (!rule.max.empty()) {
    BURGEON_ASSIGN_OR_RETURN(high, ParseBound(rule.max, type, rule));
  }
  return RowTest([column, low, high](const QualityRow& row) {
    const ExpressionValue value = row.Column(column);
    if (value.is_null()) return RowVerdict::kNotConcerned;
    const bool above = low.is_null() || CompareValues(value, low) >= 0;
    const bool below = high.is_null() || CompareValues(value, high) <= 0;
    return VerdictOf(above && below);
  });
}

absl::StatusOr<RowTest> PatternTest(size_t column, const QualityRule& rule) {
  absl::StatusOr<Pattern> pattern = Pattern::Compile(PatternKind::kRegex, rule.expression);
  if (!pattern.ok()) return Annotate(pattern.status(), Where(rule));
  auto shared = std::make_shared<const Pattern>(*std::move(pattern));
  auto buffer = std::make_shared<std::string>();
  return RowTest([column, shared, buffer](const QualityRow& row) {
    const auto text = row.Text(column, buffer.get());
    return text ? VerdictOf(shared->Matches(*text)) : RowVerdict::kNotConcerned;
  });
}

absl::StatusOr<RowTest> ReferenceTest(size_t column, const QualityRule& rule,
                                      const TestContext& context) {
  absl::StatusOr<std::vector<Hash128>> loaded = context.references(rule.reference);
  if (!loaded.ok()) return Annotate(loaded.status(), Where(rule));
  auto ids = std::make_shared<std::vector<Hash128>>(*std::move(loaded));
  std::sort(ids->begin(), ids->end());
  auto buffer = std::make_shared<std::string>();
  return RowTest([column, ids, buffer](const QualityRow& row) {
    const auto text = row.Text(column, buffer.get());
    if (!text) return RowVerdict::kNotConcerned;
    return VerdictOf(std::binary_search(ids->begin(), ids->end(), Hash128Of(TrimAscii(*text))));
  });
}

absl::StatusOr<RowTest> MakeUnfiltered(const QualityRule& rule, const TestContext& context) {
  if (rule.kind == RuleKind::kExpression) {
    absl::StatusOr<Expression> expression =
        Expression::CompileCondition(rule.expression, context.columns, {.now = context.now});
    if (!expression.ok()) return Annotate(expression.status(), Where(rule));
    return ExpressionTest(*expression);
  }
  BURGEON_ASSIGN_OR_RETURN(const size_t column, FindColumn(rule.field, rule, context));
  switch (rule.kind) {
    case RuleKind::kRequired:
      return RequiredTest(column);
    case RuleKind::kIn:
      return InTest(column, rule.values);
    case RuleKind::kRange:
      return RangeTest(column, rule, context);
    case RuleKind::kPattern:
      return PatternTest(column, rule);
    case RuleKind::kReferences:
      return ReferenceTest(column, rule, context);
    default:
      return Internal(Where(rule), ": not a rule of one row");
  }
}

}  // namespace

absl::StatusOr<size_t> FindColumn(const std::string& name, const QualityRule& rule,
                                  const TestContext& context) {
  std::vector<std::string> names;
  for (size_t i = 0; i < context.columns.size(); ++i) {
    if (context.columns[i].name == name) return i;
    names.push_back(Printable(context.columns[i].name));
  }
  return InvalidArgument(Where(rule), ": there is no column '", Printable(name),
                         "'; the columns are ", Printable(JoinComma(names), 600));
}

absl::StatusOr<std::shared_ptr<const Expression>> MakeFilter(const QualityRule& rule,
                                                             const TestContext& context) {
  if (rule.where.empty()) return std::shared_ptr<const Expression>();
  absl::StatusOr<Expression> filter =
      Expression::CompileCondition(rule.where, context.columns, {.now = context.now});
  if (!filter.ok()) return Annotate(filter.status(), Concat(Where(rule), ": where"));
  return std::make_shared<const Expression>(*std::move(filter));
}

absl::StatusOr<RowTest> MakeRowTest(const QualityRule& rule, const TestContext& context) {
  BURGEON_ASSIGN_OR_RETURN(const std::shared_ptr<const Expression> filter,
                           MakeFilter(rule, context));
  BURGEON_ASSIGN_OR_RETURN(RowTest test, MakeUnfiltered(rule, context));
  if (filter == nullptr) return test;
  auto scratch = std::make_shared<ExpressionScratch>();
  return RowTest([filter, scratch, test](const QualityRow& row) {
    return filter->IsTrue(row, scratch.get()) ? test(row) : RowVerdict::kNotConcerned;
  });
}

}  // namespace burgeon
