// What data must be like: the rules of the `quality` section of a configuration (docs/quality.md
// lists them all), and the options of a quality job.
//
//   const QualityOptions options = ParseQualityOptions(config.root().Child("quality"));
//   BURGEON_RETURN_IF_ERROR(config.Finish());
#ifndef BURGEON_ENGINE_GOVERNANCE_QUALITY_RULES_H_
#define BURGEON_ENGINE_GOVERNANCE_QUALITY_RULES_H_

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config/config.h"
#include "engine/expression/value.h"
#include "engine/governance/quality_profile.h"

namespace burgeon {

enum class QualityDimension : uint8_t {
  kAccuracy,
  kCompleteness,
  kConsistency,
  kTimeliness,
  kUniqueness,
  kDrift,
};
inline constexpr int kQualityDimensions = 6;
// "accuracy", "completeness", "consistency", "timeliness", "uniqueness", "drift".
std::string_view DimensionName(QualityDimension dimension);
std::optional<QualityDimension> ParseDimension(std::string_view name);

// kInfo is counted and shown but takes no part in scores; kError fails the verdict when more than
// max_share of what it looked at breaks it.
enum class Severity : uint8_t { kInfo, kWarning, kError };
std::string_view SeverityName(Severity severity);  // "info", "warning", "error"

enum class RuleKind : uint8_t {
  // Of one row.
  kExpression,  // `expression` is not false
  kRequired,    // the field is there
  kIn,          // the field is one of `values`
  kRange,       // min <= field <= max
  kPattern,     // the whole field matches the regular expression `expression`
  kReferences,  // the field is an id of `reference`
  // Of groups of rows; counted at the end.
  kUnique,          // no two rows agree in `columns`: second and further ones fail
  kOneValuePer,     // rows that agree in `columns` have one value of the field: the rarer ones fail
  kNearDuplicates,  // rows that agree in `columns`, at most `within` apart: the later one fails
  kNearIdentical,   // values of the field that are nearly the same: the rarer ones fail
  kOneFormat,       // the forms of the field (ShapeOf): all but the most frequent fail
  kConstant,        // the values of the field: all but the most frequent fail
};

struct RuleReference {
  std::string file;    // a table...
  std::string column;  // ...and its column
  std::string store;   // or "items" or "customers": ids with attributes in the event store
};

struct QualityRule {
  std::string name;
  QualityDimension dimension = QualityDimension::kAccuracy;
  RuleKind kind = RuleKind::kExpression;
  std::string field;       // "" for a rule about no one field
  std::string expression;  // of kExpression; the pattern of kPattern
  std::string where;       // an expression: the rows it is for; "" all
  std::vector<std::string> values = {};
  std::string min;  // of kRange: a number or a time as text; "" none
  std::string max;
  std::vector<std::string> columns = {};
  std::string time_column;  // of kNearDuplicates
  int64_t within_micros = 0;
  RuleReference reference = {};
  Severity severity = Severity::kWarning;
  double weight = 1;
  double max_share = 0;
  bool builtin = false;
};

struct QualityOptions {
  bool gate = false;     // ingest and run look before they read
  double min_score = 0;  // of the whole
  std::array<double, kQualityDimensions> min_scores = {};
  bool builtin_rules = true;
  int64_t memory_limit_mib = 256;         // of records for rules of groups, all together
  int64_t rows_shown = 20;                // the worst rows; and of each rule at most 5
  double near_duplicate_seconds = 1;      // of the built-in rule
  double max_staleness_days = 0;          // from the last event to now; 0: not looked at
  std::vector<std::string> conceal = {};  // columns whose values are never shown
  std::map<std::string, ExpressionType> columns = {};  // types of columns; text where not named
  std::vector<QualityRule> rules = {};                 // of the columns of a source's file
  std::vector<QualityRule> store_rules = {};           // of the fields of stored events
  std::string drift_reference;                         // path of a profile; ""
  DriftLimits drift = {};
};

// The `quality` section; problems are remembered by the node.
QualityOptions ParseQualityOptions(const ConfigNode& node);
// Adds the rules, columns and concealed columns of a rules file (fields `rules`, `store_rules`,
// `columns`, `conceal`) to *options.
void ParseQualityRules(const ConfigNode& node, QualityOptions* options);

// "Quantity >= 0", "in (a, b)", "one value a StockCode": the rule for people.
std::string DescribeRule(const QualityRule& rule);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_GOVERNANCE_QUALITY_RULES_H_
