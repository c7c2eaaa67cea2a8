#include "engine/insight/satisfaction.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>
#include <tuple>
#include <utility>

namespace burgeon {
namespace {

constexpr double kSignificance = 0.05;

void AddAnswer(const Answer& answer, SatisfactionFigures* figures) {
  switch (answer.kind) {
    case AnswerKind::kNps:
      return figures->nps.Add(answer.score);
    case AnswerKind::kCsat:
      return figures->csat.Add(answer.score, answer.scale_max, 5);
    case AnswerKind::kEffort:
      return figures->effort.Add(answer.score, answer.scale_max, 7);
    case AnswerKind::kReview:
      return figures->review.Add(answer.score, answer.scale_max, 5);
  }
}

SatisfactionFigures FiguresOf(const std::string& group, const std::vector<const Answer*>& answers) {
  SatisfactionFigures figures;
  figures.group = group;
  std::set<uint32_t> customers;
  for (const Answer* answer : answers) {
    AddAnswer(*answer, &figures);
    customers.insert(answer->customer);
  }
  figures.customers = static_cast<int64_t>(customers.size());
  return figures;
}

void Suppress(SatisfactionFigures* figures) {
  SatisfactionFigures hidden;
  hidden.group = figures->group;
  hidden.suppressed = true;
  *figures = std::move(hidden);
}

// Hides small groups, and one more where a single one could be computed from the total.
void SuppressSmall(int64_t min_group, std::vector<SatisfactionFigures>* groups) {
  int64_t hidden = 0;
  for (SatisfactionFigures& figures : *groups) {
    if (figures.customers >= min_group) continue;
    Suppress(&figures);
    ++hidden;
  }
  if (hidden != 1) return;
  SatisfactionFigures* smallest = nullptr;
  for (SatisfactionFigures& figures : *groups) {
    if (figures.suppressed) continue;
    if (smallest == nullptr || figures.customers < smallest->customers) smallest = &figures;
  }
  if (smallest != nullptr) Suppress(smallest);
}

// Fewer answers on either side are not compared: the normal approximation does not hold.
constexpr int64_t kMinCompared = 10;

// A mean of answers, with the variance of one answer.
struct Share {
  int64_t answers = 0;
  double mean = 0;
  double variance = 0;
  double variance_of_mean() const { return variance / static_cast<double>(answers); }
};

Share NpsShare(const NetPromoter& nps) {
  const double error = nps.standard_error();
  return {nps.answers(), nps.score(), error * error * static_cast<double>(nps.answers())};
}

Share CsatShare(const ScoreSummary& csat) {
  const double p = csat.top_two_share();
  return {csat.answers, 100 * p, 1e4 * p * (1 - p)};
}

NetPromoter Rest(const NetPromoter& all, const NetPromoter& part) {
  return {all.promoters - part.promoters, all.passives - part.passives,
          all.detractors - part.detractors};
}

ScoreSummary Rest(const ScoreSummary& all, const ScoreSummary& part) {
  return {all.answers - part.answers, all.top_two - part.top_two, all.sum - part.sum,
          all.sum_of_squares - part.sum_of_squares};
}

// The p-value is of the hypothesis that both are alike, with the variance of all answers together;
// the interval has the variance of each side.
void Compare(const std::string& dimension, const std::string& group, const std::string& measure,
             const Share& part, const Share& rest, const Share& all,
             std::vector<SatisfactionDriver>* drivers) {
  if (part.answers < kMinCompared || rest.answers < kMinCompared) return;
  SatisfactionDriver driver{.dimension = dimension, .group = group, .measure = measure};
  driver.difference = part.mean - rest.mean;
  const double half = kNormal95 * std::sqrt(part.variance_of_mean() + rest.variance_of_mean());
  driver.interval = {driver.difference - half, driver.difference + half};
  driver.p_value =
      DifferencePValue(driver.difference, all.variance / static_cast<double>(part.answers),
                       all.variance / static_cast<double>(rest.answers));
  drivers->push_back(std::move(driver));
}

void AddDrivers(const SatisfactionBreakdown& breakdown, const SatisfactionFigures& total,
                std::vector<SatisfactionDriver>* drivers) {
  for (const SatisfactionFigures& group : breakdown.groups) {
    if (group.suppressed) continue;
    Compare(breakdown.dimension, group.group, "nps", NpsShare(group.nps),
            NpsShare(Rest(total.nps, group.nps)), NpsShare(total.nps), drivers);
    Compare(breakdown.dimension, group.group, "csat", CsatShare(group.csat),
            CsatShare(Rest(total.csat, group.csat)), CsatShare(total.csat), drivers);
  }
}

void Adjust(std::vector<SatisfactionDriver>* drivers) {
  std::vector<double> p_values;
  for (const SatisfactionDriver& driver : *drivers) p_values.push_back(driver.p_value);
  const std::vector<double> adjusted = HolmAdjusted(p_values);
  for (size_t k = 0; k < adjusted.size(); ++k) {
    (*drivers)[k].adjusted_p_value = adjusted[k];
    (*drivers)[k].stands_out = adjusted[k] <= kSignificance;
  }
  std::stable_sort(drivers->begin(), drivers->end(),
                   [](const SatisfactionDriver& a, const SatisfactionDriver& b) {
                     return std::make_tuple(a.adjusted_p_value, -std::abs(a.difference)) <
                            std::make_tuple(b.adjusted_p_value, -std::abs(b.difference));
                   });
}

}  // namespace

SatisfactionDimension ByChannel() {
  return {"channel", [](const Answer& answer) { return answer.channel; }};
}

SatisfactionDimension ByMonth() {
  return {"month", [](const Answer& answer) { return FormatTime(answer.time).substr(0, 7); }, true};
}

SatisfactionDimension ByItemValue(std::string name, std::map<std::string, std::string> values) {
  auto shared = std::make_shared<const std::map<std::string, std::string>>(std::move(values));
  return {std::move(name), [shared](const Answer& answer) {
            const auto found = shared->find(answer.item);
            return found == shared->end() ? std::string() : found->second;
          }};
}

SatisfactionDimension ByCustomerValue(std::string name, std::vector<std::string> values) {
  auto shared = std::make_shared<const std::vector<std::string>>(std::move(values));
  return {std::move(name), [shared](const Answer& answer) {
            return answer.customer < shared->size() ? (*shared)[answer.customer] : std::string();
          }};
}

SatisfactionReport ReportSatisfaction(const AnswerLog& log, TimeMicros as_of,
                                      const std::vector<SatisfactionDimension>& dimensions,
                                      const SatisfactionOptions& options) {
  SatisfactionReport report;
  report.as_of = as_of;
  report.min_group = options.min_group;
  report.responses_by_kind = log.by_kind;
  report.without_consent = log.without_consent;
  report.unreadable = log.unreadable;
  std::vector<const Answer*> all;
  for (const Answer& answer : log.answers) all.push_back(&answer);
  report.total = FiguresOf("", all);
  if (report.total.customers < options.min_group) {
    Suppress(&report.total);
    report.responses_by_kind.clear();
    return report;
  }
  for (const SatisfactionDimension& dimension : dimensions) {
    std::map<std::string, std::vector<const Answer*>> groups;
    for (const Answer& answer : log.answers) {
      groups[dimension.group_of(answer)].push_back(&answer);
    }
    SatisfactionBreakdown breakdown{.dimension = dimension.name, .groups = {}};
    for (const auto& [group, answers] : groups) {
      breakdown.groups.push_back(FiguresOf(group, answers));
    }
    SuppressSmall(options.min_group, &breakdown.groups);
    if (!dimension.is_trend) AddDrivers(breakdown, report.total, &report.drivers);
    report.breakdowns.push_back(std::move(breakdown));
  }
  Adjust(&report.drivers);
  return report;
}

}  // namespace burgeon
