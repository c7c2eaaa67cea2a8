#include "engine/governance/quality_report.h"

#include <cmath>

#include <nlohmann/json.hpp>
#include "engine/base/text.h"

namespace burgeon {
namespace {

// Sums of one score while it is made.
struct Sum {
  double weight = 0;
  double lost = 0;
  void Add(const RuleResult& rule) {
    if (rule.weight <= 0 || rule.checked == 0) return;
    weight += rule.weight;
    lost += rule.weight * rule.share();
  }
  Score score() const { return {weight > 0 ? 1 - lost / weight : 1, weight}; }
};

double Rounded(double value) { return std::round(value * 1e6) / 1e6; }

void CheckScore(std::string_view what, double score, double minimum,
                std::vector<std::string>* failures) {
  if (score >= minimum) return;
  failures->push_back(
      Concat(what, " score ", Rounded(score), " is below the minimum of ", minimum));
}

nlohmann::json RowJson(const ShownRow& row, const std::vector<std::string>& columns) {
  nlohmann::json values = nlohmann::json::object();
  for (size_t i = 0; i < row.values.size(); ++i) values[columns[i]] = row.values[i];
  nlohmann::json out = {{"line", row.line}, {"values", values}, {"rules", row.rules}};
  if (row.ingest > 0) out["ingest"] = row.ingest;
  return out;
}

nlohmann::json RuleJson(const RuleResult& rule, const QualityReport& report) {
  nlohmann::json out = {{"name", rule.name},       {"dimension", DimensionName(rule.dimension)},
                        {"field", rule.field},     {"wanted", rule.wanted},
                        {"unit", rule.unit},       {"severity", SeverityName(rule.severity)},
                        {"weight", rule.weight},   {"max_share", rule.max_share},
                        {"builtin", rule.builtin}, {"checked", rule.checked},
                        {"failing", rule.failing}, {"share", rule.share()},
                        {"passed", rule.passed()}};
  if (rule.groups > 0) out["groups"] = rule.groups;
  if (!rule.note.empty()) out["note"] = rule.note;
  const auto examples = report.examples.find(rule.name);
  if (examples != report.examples.end()) {
    for (const ShownRow& row : examples->second) {
      out["examples"].push_back(RowJson(row, report.columns));
    }
  }
  return out;
}

nlohmann::json FieldJson(const FieldSummary& field, const QualityReport& report) {
  nlohmann::json out = {{"name", field.name},
                        {"type", ExpressionTypeName(field.type)},
                        {"rows", field.rows},
                        {"missing", field.missing}};
  const auto score = report.field_scores.find(field.name);
  if (score != report.field_scores.end()) out["score"] = score->second.score;
  if (field.distinct > 0) out["distinct"] = field.distinct;
  if (!field.frequent.empty()) out["frequent"] = field.frequent;
  if (!field.quantiles.empty()) out["quantiles"] = field.quantiles;
  return out;
}

nlohmann::json TimelinessJson(const QualityReport& report) {
  nlohmann::json out = {{"hours", report.rhythm.hours},
                        {"silent_hours", report.rhythm.silent_hours}};
  out["silences"] = nlohmann::json::array();
  for (const SilentSpan& span : report.rhythm.silences) {
    out["silences"].push_back({{"begin", FormatTime(span.begin)},
                               {"end", FormatTime(span.end)},
                               {"hours", span.hours},
                               {"expected_events", std::round(span.expected)}});
  }
  for (const auto& [q, seconds] : report.lag_quantiles) {
    out["lag_seconds"].push_back({{"quantile", q}, {"seconds", seconds}});
  }
  return out;
}

}  // namespace

double RuleResult::share() const {
  return checked == 0 ? 0 : static_cast<double>(failing) / static_cast<double>(checked);
}

bool RuleResult::passed() const { return severity != Severity::kError || share() <= max_share; }

void Judge(const QualityOptions& options, QualityReport* report) {
  std::array<Sum, kQualityDimensions> dimensions;
  std::map<std::string, Sum> fields;
  bool broken = false;
  for (const RuleResult& rule : report->rules) {
    dimensions[static_cast<size_t>(rule.dimension)].Add(rule);
    if (!rule.field.empty()) fields[rule.field].Add(rule);
    if (rule.weight > 0 && rule.failing > 0) broken = true;
    if (rule.passed()) continue;
    report->failures.push_back(Concat("rule '", rule.name, "' (", rule.wanted, ") is broken by ",
                                      rule.failing, " of ", rule.checked, " ", rule.unit));
  }
  double sum = 0;
  int with_rules = 0;
  for (size_t i = 0; i < dimensions.size(); ++i) {
    report->dimensions[i] = dimensions[i].score();
    if (dimensions[i].weight <= 0) continue;
    ++with_rules;
    sum += report->dimensions[i].score;
    CheckScore(DimensionName(static_cast<QualityDimension>(i)), report->dimensions[i].score,
               options.min_scores[i], &report->failures);
  }
  for (const auto& [field, total] : fields) {
    if (total.weight > 0) report->field_scores[field] = total.score();
  }
  report->score = with_rules > 0 ? sum / with_rules : 1;
  CheckScore("the whole", report->score, options.min_score, &report->failures);
  report->verdict = !report->failures.empty() ? "fail" : broken ? "warn" : "pass";
}

nlohmann::json ReportJson(const QualityReport& report) {
  nlohmann::json out = {{"source", report.source},
                        {"input", report.input},
                        {"checked_at", FormatTime(report.checked_at)},
                        {"rows", report.rows},
                        {"score", report.score},
                        {"verdict", report.verdict},
                        {"failures", report.failures},
                        {"notes", report.notes},
                        {"timeliness", TimelinessJson(report)}};
  for (int i = 0; i < kQualityDimensions; ++i) {
    const Score& score = report.dimensions[static_cast<size_t>(i)];
    const std::string name(DimensionName(static_cast<QualityDimension>(i)));
    if (score.weight > 0) out["dimensions"][name] = score.score;
  }
  out["rules"] = nlohmann::json::array();
  for (const RuleResult& rule : report.rules) out["rules"].push_back(RuleJson(rule, report));
  out["fields"] = nlohmann::json::array();
  for (const FieldSummary& field : report.fields) out["fields"].push_back(FieldJson(field, report));
  out["worst_rows"] = nlohmann::json::array();
  for (const ShownRow& row : report.worst_rows) {
    out["worst_rows"].push_back(RowJson(row, report.columns));
  }
  return out;
}

}  // namespace burgeon
