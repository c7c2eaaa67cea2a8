#include "engine/governance/quality_rules.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "engine/base/text.h"

namespace burgeon {
namespace {

constexpr std::array<std::string_view, kQualityDimensions> kDimensionNames = {
    "accuracy", "completeness", "consistency", "timeliness", "uniqueness", "drift"};
constexpr std::array<std::string_view, 3> kSeverityNames = {"info", "warning", "error"};

// The fields one of which says what a rule is.
constexpr std::array<std::pair<std::string_view, RuleKind>, 12> kKinds = {{
    {"expression", RuleKind::kExpression},
    {"required", RuleKind::kRequired},
    {"in", RuleKind::kIn},
    {"range", RuleKind::kRange},
    {"pattern", RuleKind::kPattern},
    {"references", RuleKind::kReferences},
    {"unique", RuleKind::kUnique},
    {"one_value_per", RuleKind::kOneValuePer},
    {"near_duplicates", RuleKind::kNearDuplicates},
    {"near_identical", RuleKind::kNearIdentical},
    {"one_format", RuleKind::kOneFormat},
    {"constant", RuleKind::kConstant},
}};

std::string KindNames() {
  std::vector<std::string> names;
  for (const auto& [name, kind] : kKinds) names.emplace_back(name);
  return JoinComma(names);
}

QualityDimension DefaultDimension(RuleKind kind) {
  switch (kind) {
    case RuleKind::kExpression:
    case RuleKind::kIn:
    case RuleKind::kRange:
    case RuleKind::kPattern:
      return QualityDimension::kAccuracy;
    case RuleKind::kRequired:
      return QualityDimension::kCompleteness;
    case RuleKind::kReferences:
    case RuleKind::kOneValuePer:
    case RuleKind::kOneFormat:
    case RuleKind::kConstant:
      return QualityDimension::kConsistency;
    case RuleKind::kUnique:
    case RuleKind::kNearDuplicates:
    case RuleKind::kNearIdentical:
      return QualityDimension::kUniqueness;
  }
  return QualityDimension::kAccuracy;
}

std::vector<std::string> Names(const auto& names) {
  return std::vector<std::string>(names.begin(), names.end());
}

bool NeedsField(RuleKind kind) {
  return kind != RuleKind::kExpression && kind != RuleKind::kUnique &&
         kind != RuleKind::kNearDuplicates;
}

std::optional<RuleKind> ParseKind(const ConfigNode& node) {
  std::optional<RuleKind> kind;
  for (const auto& [name, candidate] : kKinds) {
    if (!node.Has(name)) continue;
    if (kind) {
      node.Fail(name, Concat("a rule is one thing; of ", KindNames(), " only one may stand"));
      return std::nullopt;
    }
    kind = candidate;
  }
  if (!kind) node.Fail("name", Concat("the rule does not say what it wants: one of ", KindNames()));
  return kind;
}

void RequireTrue(const ConfigNode& node, const char* field) {
  if (!node.GetBool(field, true))
    node.Fail(field, "'false' means nothing here; leave the rule out");
}

void RequireSome(const ConfigNode& node, const char* field, const std::vector<std::string>& list) {
  if (list.empty()) node.Fail(field, "is empty; at least one is wanted");
}

void ParseReference(const ConfigNode& node, RuleReference* out) {
  const ConfigNode reference = node.Child("references");
  out->file = reference.GetPath("file");
  if (!out->file.empty()) {
    out->column = reference.RequireString("column");
  } else {
    out->store = reference.RequireEnum("store", {"items", "customers"});
  }
}

void ParseWanted(const ConfigNode& node, QualityRule* rule) {
  switch (rule->kind) {
    case RuleKind::kExpression:
      rule->expression = node.RequireString("expression");
      break;
    case RuleKind::kPattern:
      rule->expression = node.RequireString("pattern");
      break;
    case RuleKind::kRequired:
      RequireTrue(node, "required");
      break;
    case RuleKind::kIn:
      rule->values = node.GetStrings("in");
      RequireSome(node, "in", rule->values);
      break;
    case RuleKind::kRange: {
      const ConfigNode range = node.Child("range");
      rule->min = range.GetString("min", "");
      rule->max = range.GetString("max", "");
      if (rule->min.empty() && rule->max.empty()) range.Fail("min", "neither min nor max is there");
      break;
    }
    case RuleKind::kReferences:
      ParseReference(node, &rule->reference);
      break;
    case RuleKind::kUnique:
      rule->columns = node.GetStrings("unique");
      RequireSome(node, "unique", rule->columns);
      break;
    case RuleKind::kOneValuePer:
      rule->columns = node.GetStrings("one_value_per");
      RequireSome(node, "one_value_per", rule->columns);
      break;
    case RuleKind::kNearDuplicates:
      rule->columns = node.GetStrings("near_duplicates");
      RequireSome(node, "near_duplicates", rule->columns);
      rule->time_column = node.RequireString("time");
      rule->within_micros = std::llround(node.RequireDouble("within_seconds", {0, 1e9}) *
                                         static_cast<double>(kMicrosPerSecond));
      break;
    case RuleKind::kNearIdentical:
      RequireTrue(node, "near_identical");
      break;
    case RuleKind::kOneFormat:
      RequireTrue(node, "one_format");
      break;
    case RuleKind::kConstant:
      RequireTrue(node, "constant");
      break;
  }
}

QualityRule ParseRule(const ConfigNode& node) {
  QualityRule rule;
  rule.name = node.RequireString("name");
  const std::optional<RuleKind> kind = ParseKind(node);
  if (!kind) return rule;
  rule.kind = *kind;
  rule.field = NeedsField(*kind) ? node.RequireString("field") : node.GetString("field", "");
  const std::string fallback(DimensionName(DefaultDimension(*kind)));
  rule.dimension = *ParseDimension(node.GetEnum("dimension", fallback, Names(kDimensionNames)));
  rule.where = node.GetString("where", "");
  const std::string severity = node.GetEnum("severity", "warning", Names(kSeverityNames));
  rule.severity = severity == "info"    ? Severity::kInfo
                  : severity == "error" ? Severity::kError
                                        : Severity::kWarning;
  rule.weight = node.GetDouble("weight", rule.severity == Severity::kInfo ? 0 : 1, {0, 1000});
  rule.max_share = node.GetDouble("max_share", 0, {0, 1});
  ParseWanted(node, &rule);
  return rule;
}

void ParseRuleList(const ConfigNode& node, const char* field, std::vector<QualityRule>* out) {
  std::set<std::string> names;
  for (const QualityRule& rule : *out) names.insert(rule.name);
  for (const ConfigNode& child : node.Children(field)) {
    out->push_back(ParseRule(child));
    if (!names.insert(out->back().name).second) {
      child.Fail("name", Concat("'", Printable(out->back().name), "' is another rule's name too"));
    }
  }
}

}  // namespace

std::string_view DimensionName(QualityDimension dimension) {
  return kDimensionNames[static_cast<size_t>(dimension)];
}

std::optional<QualityDimension> ParseDimension(std::string_view name) {
  for (size_t i = 0; i < kDimensionNames.size(); ++i) {
    if (kDimensionNames[i] == name) return static_cast<QualityDimension>(i);
  }
  return std::nullopt;
}

std::string_view SeverityName(Severity severity) {
  return kSeverityNames[static_cast<size_t>(severity)];
}

void ParseQualityRules(const ConfigNode& node, QualityOptions* options) {
  for (const auto& [column, type] : node.GetMap("columns")) {
    const auto parsed = ParseExpressionType(type);
    if (parsed && *parsed != ExpressionType::kDuration) {
      options->columns[column] = *parsed;
    } else {
      node.Fail("columns", Concat("'", Printable(column), ": ", Printable(type),
                                  "'; number, text, time or bool is wanted"));
    }
  }
  for (std::string& column : node.GetStrings("conceal")) {
    options->conceal.push_back(std::move(column));
  }
  ParseRuleList(node, "rules", &options->rules);
  ParseRuleList(node, "store_rules", &options->store_rules);
}

QualityOptions ParseQualityOptions(const ConfigNode& node) {
  QualityOptions options;
  options.gate = node.GetBool("gate", false);
  options.min_score = node.GetDouble("min_score", 0, {0, 1});
  const ConfigNode min_scores = node.Child("min_scores");
  for (size_t i = 0; i < kDimensionNames.size(); ++i) {
    options.min_scores[i] = min_scores.GetDouble(kDimensionNames[i], 0, {0, 1});
  }
  options.builtin_rules = node.GetBool("builtin_rules", true);
  options.memory_limit_mib = node.GetInt("memory_limit_mib", 256, {1, 1 << 20});
  options.rows_shown = node.GetInt("rows_shown", 20, {0, 1000});
  options.near_duplicate_seconds = node.GetDouble("near_duplicate_seconds", 1, {0, 86'400});
  options.max_staleness_days = node.GetDouble("max_staleness_days", 0, {0, 36'500});
  const ConfigNode drift = node.Child("drift");
  options.drift_reference = drift.GetPath("reference");
  const DriftLimits limits;
  options.drift.max_psi = drift.GetDouble("max_psi", limits.max_psi, {0, 100});
  options.drift.max_distance = drift.GetDouble("max_distance", limits.max_distance, {0, 1});
  options.drift.max_null_shift = drift.GetDouble("max_null_shift", limits.max_null_shift, {0, 1});
  options.drift.max_rate_ratio = drift.GetDouble("max_rate_ratio", limits.max_rate_ratio, {1, 1e9});
  ParseQualityRules(node, &options);
  return options;
}

std::string DescribeRule(const QualityRule& rule) {
  std::string text;
  switch (rule.kind) {
    case RuleKind::kExpression:
      text = rule.expression;
      break;
    case RuleKind::kRequired:
      text = Concat(rule.field, " is there");
      break;
    case RuleKind::kIn:
      text = Concat(rule.field, " is one of ", JoinComma(rule.values));
      break;
    case RuleKind::kRange:
      text = Concat(rule.field, rule.min.empty() ? "" : Concat(" from ", rule.min),
                    rule.max.empty() ? "" : Concat(" to ", rule.max));
      break;
    case RuleKind::kPattern:
      text = Concat(rule.field, " matches ", rule.expression);
      break;
    case RuleKind::kReferences:
      text = Concat(rule.field, " is in ",
                    rule.reference.file.empty()
                        ? Concat("the ", rule.reference.store, " of the store")
                        : Concat(rule.reference.column, " of ", rule.reference.file));
      break;
    case RuleKind::kUnique:
      text = Concat("no two rows with the same ", JoinComma(rule.columns));
      break;
    case RuleKind::kOneValuePer:
      text = Concat("one ", rule.field, " for each ", JoinComma(rule.columns));
      break;
    case RuleKind::kNearDuplicates:
      text = Concat("no two rows with the same ", JoinComma(rule.columns), " within ",
                    static_cast<double>(rule.within_micros) / kMicrosPerSecond, " s");
      break;
    case RuleKind::kNearIdentical:
      text = Concat("no values of ", rule.field, " that are nearly the same");
      break;
    case RuleKind::kOneFormat:
      text = Concat("one format of ", rule.field);
      break;
    case RuleKind::kConstant:
      text = Concat("one value of ", rule.field);
      break;
  }
  if (!rule.where.empty()) text += Concat(", where ", rule.where);
  return Printable(text, 300);
}

}  // namespace burgeon
