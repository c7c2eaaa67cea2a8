#include "cli/tune_report.h"

#include <algorithm>
#include <cstdio>
#include <map>

namespace burgeon {
namespace {

constexpr size_t kShownTrials = 10;

std::string Fixed4(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), "%.4f", value);
  return text;
}

nlohmann::json TrialJson(const TrialResult& result) {
  nlohmann::json values = nlohmann::json::object();
  for (const auto& [field, value] : result.trial.values) values[field] = value;
  nlohmann::json out = {{"trial", result.trial.number},
                        {"round", result.trial.round},
                        {"share", result.trial.share},
                        {"values", std::move(values)},
                        {"seconds", result.seconds}};
  if (result.metric) {
    out["metric"] = *result.metric;
  } else {
    out["error"] = result.error;
  }
  return out;
}

// Trial 0 in the round of the best; nullptr when it failed there.
const TrialResult* AsConfigured(const TuneOutcome& outcome) {
  if (!outcome.best) return nullptr;
  for (const TrialResult& result : outcome.results) {
    if (result.trial.number == 0 && result.trial.round == outcome.best->trial.round &&
        result.metric) {
      return &result;
    }
  }
  return nullptr;
}

std::string ValuesText(const TrialValues& values) {
  if (values.empty()) return "as configured";
  std::string text;
  for (const auto& [field, value] : values) {
    text += Concat(text.empty() ? "" : ", ", field, " ", value);
  }
  return text;
}

// A tree of fields, or a value.
struct Field {
  std::string value;
  std::map<std::string, Field> fields;
};

void Write(const Field& field, int depth, std::string* out) {
  for (const auto& [name, child] : field.fields) {
    *out += std::string(static_cast<size_t>(2 * depth), ' ') + name + ":";
    *out += child.fields.empty() ? " " + child.value + "\n" : "\n";
    Write(child, depth + 1, out);
  }
}

}  // namespace

nlohmann::json TuneJson(const TuneSummary& summary) {
  const TuneOutcome& outcome = summary.outcome;
  nlohmann::json out = {{"model", summary.model},
                        {"validation", summary.validation},
                        {"metric", MetricName(summary.options.metric)},
                        {"journal", summary.journal},
                        {"complete", outcome.complete},
                        {"ended", outcome.ended},
                        {"trials", nlohmann::json::array()}};
  for (const TrialResult& result : outcome.results) out["trials"].push_back(TrialJson(result));
  if (outcome.best) out["best"] = TrialJson(*outcome.best);
  if (const TrialResult* const base = AsConfigured(outcome))
    out["as_configured"] = TrialJson(*base);
  for (const DimensionSummary& dimension :
       SummarizeDimensions(summary.options.space, outcome.results)) {
    nlohmann::json groups = nlohmann::json::array();
    for (const auto& [name, mean] : dimension.mean) {
      groups.push_back({{"values", name}, {"mean", mean}});
    }
    out["dimensions"].push_back({{"field", dimension.field},
                                 {"share_of_variance", dimension.share_of_variance},
                                 {"groups", std::move(groups)}});
  }
  return out;
}

void SayTune(Session& session, const TuneSummary& summary) {
  const TuneOutcome& outcome = summary.outcome;
  session.Say(Concat(outcome.results.size(), " results, ", outcome.ended));
  if (!outcome.best) {
    session.Say("nothing that could be chosen");
    return;
  }
  std::vector<TrialResult> last;  // of the best's round, best first
  for (const TrialResult& result : outcome.results) {
    if (result.trial.round == outcome.best->trial.round && result.metric) last.push_back(result);
  }
  std::ranges::stable_sort(last, std::greater(), [](const TrialResult& r) { return *r.metric; });
  session.Say(Concat("round ", outcome.best->trial.round + 1, " of ", summary.options.rounds, ", ",
                     100 * outcome.best->trial.share, " % of the data, ",
                     MetricName(summary.options.metric), " on validation:"));
  for (size_t k = 0; k < std::min(kShownTrials, last.size()); ++k) {
    session.Say(Concat("  ", Fixed4(*last[k].metric), "  trial ", last[k].trial.number, ": ",
                       ValuesText(last[k].trial.values)));
  }
  const auto dimensions = SummarizeDimensions(summary.options.space, outcome.results);
  if (dimensions.empty()) return;
  session.Say("how much of the first round's differences goes with each field:");
  for (const DimensionSummary& dimension : dimensions) {
    std::string line = Concat("  ", dimension.field, " ",
                              static_cast<int>(100 * dimension.share_of_variance + 0.5), " %:");
    for (const auto& [name, mean] : dimension.mean) {
      line += Concat(" [", name, "] ", Fixed4(mean));
    }
    session.Say(line);
  }
}

std::string BestConfig(const TuneSummary& summary) {
  const TrialResult& best = *summary.outcome.best;
  Field root;
  Field& recommender = root.fields["recommender"];
  recommender.fields["model"].value = summary.model;
  for (const auto& [field, value] : best.trial.values) {
    Field* at = &recommender;
    for (size_t begin = 0; begin <= field.size();) {
      const size_t end = std::min(field.find('.', begin), field.size());
      at = &at->fields[field.substr(begin, end - begin)];
      begin = end + 1;
    }
    at->value = value;
  }
  std::string out =
      Concat("# burgeon tune: ", MetricName(summary.options.metric), " ", Fixed4(*best.metric),
             " on validation, trial ", best.trial.number, " of ", summary.options.trials, " with ",
             100 * best.trial.share, " % of the data",
             best.trial.number == 0 ? "; nothing was better than the config as it is" : "", ".\n# ",
             summary.validation, "\n");
  Write(root, 0, &out);
  return out;
}

}  // namespace burgeon
