// What a quality job found: rules with exact counts, scores, the worst rows, and the verdict.
#ifndef BURGEON_ENGINE_GOVERNANCE_QUALITY_REPORT_H_
#define BURGEON_ENGINE_GOVERNANCE_QUALITY_REPORT_H_

#include <array>
#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/clock.h"
#include "engine/governance/quality_profile.h"
#include "engine/governance/quality_rhythm.h"
#include "engine/governance/quality_rules.h"

namespace burgeon {

struct RuleResult {
  std::string name;
  QualityDimension dimension = QualityDimension::kAccuracy;
  std::string field;
  std::string wanted;  // DescribeRule
  std::string unit;    // what is counted: "rows", "hours", "columns", "ingests"
  Severity severity = Severity::kWarning;
  double weight = 1;
  double max_share = 0;
  bool builtin = false;
  int64_t checked = 0;        // rows the rule applies to
  int64_t failing = 0;        // exactly, of those
  int64_t groups = 0;         // of rules of groups: keys or values that the failing rows belong to
  std::string note;           // what else there is to say
  std::vector<int64_t> rows;  // the first failing rows, by their number in the pass
  double share() const;       // failing / checked; 0 when nothing was checked
  bool passed() const;        // of an error: no more than max_share
};

struct FieldSummary {
  std::string name;
  ExpressionType type = ExpressionType::kText;
  bool personal = false;  // no values are given
  int64_t rows = 0;
  int64_t missing = 0;
  int64_t distinct = 0;  // 0: more than kMaxCategories
  std::vector<std::pair<std::string, int64_t>> frequent =
      {};                              // values, at most 10, most frequent first
  std::vector<double> quantiles = {};  // 0, 1/4, 1/2, 3/4, 1; of numbers
  std::vector<std::pair<std::string, int64_t>> histogram = {};  // of numbers: label, count
};

struct ShownRow {
  int64_t row = 0;
  int64_t ingest = 0;  // of the store; 0 for a file
  int64_t line = 0;
  double weight = 0;                // of the rules of one row that it breaks
  std::vector<std::string> values;  // by QualityReport::columns; concealed where it must be
  std::vector<std::string> rules;   // that it breaks, as far as they were looked for
};

struct Score {
  double score = 1;
  double weight = 0;  // of the rules it is made of; 0: there are none
};

struct QualityReport {
  std::string source;
  std::string input;
  TimeMicros checked_at = 0;
  int64_t rows = 0;
  std::vector<std::string> columns;
  std::vector<RuleResult> rules;
  std::vector<FieldSummary> fields;
  std::vector<ShownRow> worst_rows;
  std::map<std::string, std::vector<ShownRow>> examples;  // by rule
  Rhythm rhythm;
  std::vector<std::pair<TimeMicros, int64_t>> events_by_day;
  std::vector<std::pair<double, double>> lag_quantiles;  // q, seconds from event to known
  std::vector<std::string> notes;
  QualityProfile profile;

  // Filled by Judge.
  std::array<Score, kQualityDimensions> dimensions = {};
  std::map<std::string, Score> field_scores;
  double score = 1;
  std::vector<std::string> failures;  // why the verdict is "fail"
  std::string verdict;                // "pass", "warn" or "fail"
};

// Scores and verdict from the rules. The score of a dimension, and of a field, is
//   1 - sum(weight * failing / checked) / sum(weight)
// over its rules that have a weight and looked at something; the whole is the mean over the
// dimensions that have such rules. The verdict is "fail" when a score is below its minimum or a
// rule of severity error did not pass, else "warn" when a rule with a weight was broken.
void Judge(const QualityOptions& options, QualityReport* report);

nlohmann::json ReportJson(const QualityReport& report);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_GOVERNANCE_QUALITY_REPORT_H_
