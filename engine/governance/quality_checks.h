// One pass of a quality job over rows, wherever they come from: runs every rule, gathers profiles,
// rhythm and lags, and remembers which rows are worth showing.
//
//   BURGEON_ASSIGN_OR_RETURN(auto checks, QualityChecks::Make(setup));
//   for each row: BURGEON_RETURN_IF_ERROR(checks->Add(row));
//   BURGEON_RETURN_IF_ERROR(checks->Finish(&report));
//   for each row again, as far as checks->last_shown(): checks->Show(row, n, line, ingest,
//   &report);
//
// Not thread-safe. Rows are numbered from 0 in the order they come.
#ifndef BURGEON_ENGINE_GOVERNANCE_QUALITY_CHECKS_H_
#define BURGEON_ENGINE_GOVERNANCE_QUALITY_CHECKS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/hash.h"
#include "engine/governance/quality_report.h"
#include "engine/governance/quality_tests.h"

namespace burgeon {

inline constexpr size_t kExamplesShown = 5;  // of each rule

// A rule that a program knows, with its test; `test` empty: a rule of groups with `group`.
struct BuiltinRule {
  QualityRule rule;
  std::string wanted;
  RowTest test = {};
  std::unique_ptr<GroupTest> group = {};
};

struct ChecksSetup {
  TestContext context;
  std::vector<QualityRule> rules;
  std::vector<BuiltinRule> builtins;
  std::vector<bool> personal;   // by column: its values are not counted one by one
  std::vector<bool> concealed;  // by column: its values are not shown
  std::function<std::string(std::string_view)> conceal;  // what is shown instead; empty: "(hidden)"
  size_t rows_shown = 20;
};

// What a pass tells of each row beside its values.
struct RowPlace {
  int64_t number = 0;
  int64_t line = 0;
  int64_t ingest = 0;
};

class QualityChecks {
 public:
  static absl::StatusOr<std::unique_ptr<QualityChecks>> Make(ChecksSetup setup);

  absl::Status Add(const QualityRow& row);
  // Results of all rules, fields, rhythm, lags and the profile.
  absl::Status Finish(QualityReport* report);

  // After Finish: the number of the last row to show, -1 for none; and a row of the second pass.
  int64_t last_shown() const { return last_shown_; }
  bool Wants(int64_t number) const { return wanted_.contains(number); }
  void Show(const QualityRow& row, const RowPlace& place);
  // When all have been shown.
  void FinishShowing(QualityReport* report);

 private:
  struct RowRule {
    RowTest test;
    RuleResult result;
  };
  struct GroupRule {
    std::unique_ptr<GroupTest> test;
    RuleResult result;
  };
  struct FieldCounts {
    ColumnProfile profile;
    StringMap<int64_t> values;
    bool too_many = false;
  };
  // A row among the worst: more weight first, then the earlier one.
  struct Bad {
    double weight = 0;
    int64_t number = 0;
  };

  explicit QualityChecks(ChecksSetup setup);
  absl::Status AddRule(const QualityRule& rule);
  void AddBuiltin(BuiltinRule builtin);
  void CountFields(const QualityRow& row);
  void CountEvent(const EventFacts& event);
  void RememberBad(double weight, int64_t number);
  absl::Status FinishGroups(QualityReport* report);
  FieldSummary Summarise(size_t column) const;
  bool FieldIsPersonal(const std::string& field) const;
  void ChooseRowsToShow(const QualityReport& report);
  std::vector<std::string> ValuesOf(const QualityRow& row) const;

  ChecksSetup setup_;
  std::vector<RowRule> row_rules_;
  std::vector<GroupRule> group_rules_;
  std::vector<FieldCounts> fields_;
  HourlyRhythm rhythm_;
  std::map<int64_t, int64_t> days_;
  NumberSketch lags_;
  int64_t rows_ = 0;
  TimeMicros first_event_ = 0;
  TimeMicros last_event_ = 0;
  int64_t events_ = 0;
  std::vector<Bad> worst_;                              // a heap: the best of the worst in front
  std::map<int64_t, std::vector<std::string>> wanted_;  // row: the rules of groups it breaks
  std::map<int64_t, ShownRow> shown_;
  int64_t last_shown_ = -1;
  std::string buffer_;
  std::string shape_;
};

// A result of a rule before anything was counted.
RuleResult ResultOf(const QualityRule& rule, std::string wanted);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_GOVERNANCE_QUALITY_CHECKS_H_
