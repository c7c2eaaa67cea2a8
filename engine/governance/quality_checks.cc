#include "engine/governance/quality_checks.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/governance/quality_text.h"

namespace burgeon {
namespace {

constexpr size_t kFrequentShown = 10;
constexpr size_t kHistogramBars = 24;
constexpr std::array<double, 7> kLagQuantiles = {0, 0.25, 0.5, 0.75, 0.95, 0.99, 1};

// Bars over the sketch: of equal width between the 1 % and the 99 % quantile, and what lies beyond
// in the first and the last.
std::vector<std::pair<std::string, int64_t>> HistogramOf(const NumberSketch& numbers) {
  std::vector<std::pair<std::string, int64_t>> bars;
  if (numbers.count() == 0) return bars;
  const double low = numbers.Quantile(0.01);
  const double high = numbers.Quantile(0.99);
  const double width = (high - low) / static_cast<double>(kHistogramBars);
  if (!(width > 0)) return {{Concat(low), numbers.count()}};
  for (size_t i = 0; i < kHistogramBars; ++i) {
    const double begin = low + width * static_cast<double>(i);
    bars.emplace_back(Concat("from ", std::round(begin * 1000) / 1000), 0);
  }
  for (const auto& [value, count] : numbers.Buckets()) {
    const double at = std::floor((value - low) / width);
    const double bar = std::clamp(at, 0.0, static_cast<double>(kHistogramBars - 1));
    bars[static_cast<size_t>(bar)].second += count;
  }
  return bars;
}

bool WorseThan(double weight_a, int64_t a, double weight_b, int64_t b) {
  return weight_a != weight_b ? weight_a > weight_b : a < b;
}

}  // namespace

RuleResult ResultOf(const QualityRule& rule, std::string wanted) {
  RuleResult result;
  result.name = rule.name;
  result.dimension = rule.dimension;
  result.field = rule.field;
  result.wanted = std::move(wanted);
  result.unit = "rows";
  result.severity = rule.severity;
  result.weight = rule.weight;
  result.max_share = rule.max_share;
  result.builtin = rule.builtin;
  return result;
}

QualityChecks::QualityChecks(ChecksSetup setup) : setup_(std::move(setup)) {
  for (const ExpressionColumn& column : setup_.context.columns) {
    fields_.emplace_back().profile.type = column.type;
  }
}

absl::StatusOr<std::unique_ptr<QualityChecks>> QualityChecks::Make(ChecksSetup setup) {
  std::unique_ptr<QualityChecks> checks(new QualityChecks(std::move(setup)));
  for (BuiltinRule& builtin : checks->setup_.builtins) checks->AddBuiltin(std::move(builtin));
  checks->setup_.builtins.clear();
  for (const QualityRule& rule : checks->setup_.rules) {
    BURGEON_RETURN_IF_ERROR(checks->AddRule(rule));
  }
  return checks;
}

void QualityChecks::AddBuiltin(BuiltinRule builtin) {
  RuleResult result = ResultOf(builtin.rule, builtin.wanted);
  result.builtin = true;
  if (builtin.test) {
    row_rules_.push_back({std::move(builtin.test), std::move(result)});
  } else {
    group_rules_.push_back({std::move(builtin.group), std::move(result)});
  }
}

absl::Status QualityChecks::AddRule(const QualityRule& rule) {
  RuleResult result = ResultOf(rule, DescribeRule(rule));
  if (IsGroupRule(rule.kind)) {
    TestContext context = setup_.context;
    context.spill_folder = JoinPath(context.spill_folder, Concat("rule-", group_rules_.size()));
    BURGEON_ASSIGN_OR_RETURN(std::unique_ptr<GroupTest> test, MakeGroupTest(rule, context));
    group_rules_.push_back({std::move(test), std::move(result)});
    return absl::OkStatus();
  }
  BURGEON_ASSIGN_OR_RETURN(RowTest test, MakeRowTest(rule, setup_.context));
  row_rules_.push_back({std::move(test), std::move(result)});
  return absl::OkStatus();
}

absl::Status QualityChecks::Add(const QualityRow& row) {
  const int64_t number = rows_++;
  double weight = 0;
  for (RowRule& rule : row_rules_) {
    const RowVerdict verdict = rule.test(row);
    if (verdict == RowVerdict::kNotConcerned) continue;
    ++rule.result.checked;
    if (verdict == RowVerdict::kHolds) continue;
    ++rule.result.failing;
    weight += rule.result.weight;
    if (rule.result.rows.size() < kExamplesShown) rule.result.rows.push_back(number);
  }
  for (GroupRule& rule : group_rules_) BURGEON_RETURN_IF_ERROR(rule.test->Add(row, number));
  if (weight > 0) RememberBad(weight, number);
  CountFields(row);
  if (row.event() != nullptr) CountEvent(*row.event());
  return absl::OkStatus();
}

void QualityChecks::RememberBad(double weight, int64_t number) {
  const auto better = [](const Bad& a, const Bad& b) {
    return WorseThan(a.weight, a.number, b.weight, b.number);
  };
  if (setup_.rows_shown == 0) return;
  if (worst_.size() == setup_.rows_shown) {
    if (!WorseThan(weight, number, worst_.front().weight, worst_.front().number)) return;
    std::pop_heap(worst_.begin(), worst_.end(), better);
    worst_.pop_back();
  }
  worst_.push_back({weight, number});
  std::push_heap(worst_.begin(), worst_.end(), better);
}

void QualityChecks::CountFields(const QualityRow& row) {
  for (size_t i = 0; i < fields_.size(); ++i) {
    FieldCounts& field = fields_[i];
    const auto text = row.Text(i, &buffer_);
    if (!text) {
      field.profile.AddNull();
      continue;
    }
    switch (field.profile.type) {
      case ExpressionType::kNumber: {
        const ExpressionValue value = row.Column(i);
        if (value.is_null()) {
          field.profile.AddOther();
        } else {
          field.profile.AddNumber(value.number);
        }
        continue;
      }
      case ExpressionType::kText:
      case ExpressionType::kBool:
        break;
      default:
        field.profile.AddOther();
        continue;
    }
    ShapeOf(*text, &shape_);
    field.profile.AddText(*text, shape_, setup_.personal[i]);
    if (field.too_many || setup_.personal[i]) continue;
    const auto found = field.values.find(*text);
    if (found != field.values.end()) {
      ++found->second;
    } else if (field.values.size() < kMaxCategories) {
      field.values.emplace(std::string(*text), 1);
    } else {
      field.too_many = true;
      field.values.clear();
    }
  }
}

void QualityChecks::CountEvent(const EventFacts& event) {
  rhythm_.Add(event.event_time);
  const TimeMicros time = event.event_time;
  ++days_[time / kMicrosPerDay - (time % kMicrosPerDay < 0 ? 1 : 0)];
  lags_.Add(static_cast<double>(event.known_at - event.event_time) /
            static_cast<double>(kMicrosPerSecond));
  first_event_ = events_ == 0 ? time : std::min(first_event_, time);
  last_event_ = events_ == 0 ? time : std::max(last_event_, time);
  ++events_;
}

FieldSummary QualityChecks::Summarise(size_t column) const {
  const FieldCounts& field = fields_[column];
  FieldSummary out;
  out.name = setup_.context.columns[column].name;
  out.type = field.profile.type;
  out.personal = setup_.personal[column];
  out.rows = field.profile.rows;
  out.missing = field.profile.nulls;
  out.distinct = static_cast<int64_t>(field.values.size());
  for (const auto& [value, count] : field.values) out.frequent.emplace_back(value, count);
  std::sort(out.frequent.begin(), out.frequent.end(), [](const auto& a, const auto& b) {
    return a.second != b.second ? a.second > b.second : a.first < b.first;
  });
  if (out.frequent.size() > kFrequentShown) out.frequent.resize(kFrequentShown);
  const NumberSketch& numbers = field.profile.numbers;
  if (numbers.count() > 0) {
    out.quantiles = {numbers.min(), numbers.Quantile(0.25), numbers.Quantile(0.5),
                     numbers.Quantile(0.75), numbers.max()};
    out.histogram = HistogramOf(numbers);
  }
  return out;
}

absl::Status QualityChecks::FinishGroups(QualityReport* report) {
  std::map<int64_t, std::vector<std::string>> worst;
  for (const Bad& bad : worst_) worst[bad.number];
  for (GroupRule& rule : group_rules_) {
    RuleResult& result = rule.result;
    // The first rows: groups come in the order of their hashes, so the lowest numbers are kept.
    std::vector<int64_t> first;
    const auto failing = [&](int64_t row, int64_t count) {
      result.failing += count;
      if (const auto at = worst.find(row); at != worst.end()) at->second.push_back(result.name);
      if (first.size() == kExamplesShown && row >= first.front()) return;
      first.push_back(row);
      std::push_heap(first.begin(), first.end());
      if (first.size() <= kExamplesShown) return;
      std::pop_heap(first.begin(), first.end());
      first.pop_back();
    };
    BURGEON_ASSIGN_OR_RETURN(const GroupOutcome outcome, rule.test->Finish(failing));
    rule.test.reset();
    std::sort(first.begin(), first.end());
    result.rows = std::move(first);
    result.checked = outcome.checked;
    result.groups = outcome.groups;
    if (!FieldIsPersonal(result.field)) result.note = outcome.note;  // it may quote values
    report->rules.push_back(result);
  }
  wanted_ = std::move(worst);
  return absl::OkStatus();
}

bool QualityChecks::FieldIsPersonal(const std::string& field) const {
  for (size_t i = 0; i < fields_.size(); ++i) {
    if (setup_.context.columns[i].name == field) return setup_.personal[i];
  }
  return false;
}

void QualityChecks::ChooseRowsToShow(const QualityReport& report) {
  for (const GroupRule& rule : group_rules_) {
    for (const int64_t row : rule.result.rows) {
      std::vector<std::string>& rules = wanted_[row];
      if (std::find(rules.begin(), rules.end(), rule.result.name) == rules.end()) {
        rules.push_back(rule.result.name);
      }
    }
  }
  for (const RuleResult& rule : report.rules) {
    for (const int64_t row : rule.rows) wanted_[row];
  }
  if (!wanted_.empty()) last_shown_ = wanted_.rbegin()->first;
}

absl::Status QualityChecks::Finish(QualityReport* report) {
  report->rows = rows_;
  for (const ExpressionColumn& column : setup_.context.columns) {
    report->columns.push_back(column.name);
  }
  for (const RowRule& rule : row_rules_) report->rules.push_back(rule.result);
  BURGEON_RETURN_IF_ERROR(FinishGroups(report));
  ChooseRowsToShow(*report);
  report->profile.rows = rows_;
  report->profile.first_event = first_event_;
  report->profile.last_event = last_event_;
  for (size_t i = 0; i < fields_.size(); ++i) {
    report->fields.push_back(Summarise(i));
    report->profile.columns[setup_.context.columns[i].name] = fields_[i].profile;
  }
  report->rhythm = rhythm_.Finish();
  for (const auto& [day, count] : days_) {
    report->events_by_day.emplace_back(day * kMicrosPerDay, count);
  }
  if (lags_.count() > 0) {
    for (const double q : kLagQuantiles) {
      const double lag = q == 0 ? lags_.min() : q == 1 ? lags_.max() : lags_.Quantile(q);
      report->lag_quantiles.emplace_back(q, lag);
    }
  }
  return absl::OkStatus();
}

std::vector<std::string> QualityChecks::ValuesOf(const QualityRow& row) const {
  std::vector<std::string> values;
  std::string buffer;
  for (size_t i = 0; i < fields_.size(); ++i) {
    const auto text = row.Text(i, &buffer);
    if (!text) {
      values.emplace_back();
    } else if (setup_.concealed[i]) {
      values.push_back(setup_.conceal ? setup_.conceal(*text) : "(hidden)");
    } else {
      values.push_back(Printable(*text, 120));
    }
  }
  return values;
}

void QualityChecks::Show(const QualityRow& row, const RowPlace& place) {
  const auto wanted = wanted_.find(place.number);
  if (wanted == wanted_.end()) return;
  ShownRow shown;
  shown.row = place.number;
  shown.line = place.line;
  shown.ingest = place.ingest;
  shown.values = ValuesOf(row);
  for (const RowRule& rule : row_rules_) {
    if (rule.test(row) != RowVerdict::kFails) continue;
    shown.rules.push_back(rule.result.name);
    shown.weight += rule.result.weight;
  }
  shown.rules.insert(shown.rules.end(), wanted->second.begin(), wanted->second.end());
  shown_[place.number] = std::move(shown);
}

void QualityChecks::FinishShowing(QualityReport* report) {
  std::sort(worst_.begin(), worst_.end(), [](const Bad& a, const Bad& b) {
    return WorseThan(a.weight, a.number, b.weight, b.number);
  });
  for (const Bad& bad : worst_) {
    const auto shown = shown_.find(bad.number);
    if (shown != shown_.end()) report->worst_rows.push_back(shown->second);
  }
  for (const RuleResult& rule : report->rules) {
    for (const int64_t row : rule.rows) {
      const auto shown = shown_.find(row);
      if (shown != shown_.end()) report->examples[rule.name].push_back(shown->second);
    }
  }
}

}  // namespace burgeon
