#include "training/tune/tune_options.h"

#include <algorithm>
#include <cmath>

namespace burgeon {

double TuneOptions::ShareOfRound(int round) const {
  return std::pow(static_cast<double>(eta), round - (rounds - 1));
}

int64_t TuneOptions::TrialsOfRound(int round) const {
  int64_t count = trials;
  for (int r = 0; r < round; ++r) count /= eta;
  return std::max<int64_t>(1, count);
}

std::string_view MetricName(TuneMetric metric) {
  switch (metric) {
    case TuneMetric::kNdcg:
      return "ndcg@20";
    case TuneMetric::kRecall:
      return "recall@20";
    case TuneMetric::kHitRate:
      return "hit_rate@20";
  }
  return "unknown";
}

std::string_view ValidationName(ValidationKind kind) {
  switch (kind) {
    case ValidationKind::kTime:
      return "time";
    case ValidationKind::kLeaveLastOut:
      return "leave_last_out";
    case ValidationKind::kRandom:
      return "random";
  }
  return "unknown";
}

std::string_view FidelityName(FidelityKind kind) {
  switch (kind) {
    case FidelityKind::kCustomers:
      return "customers";
    case FidelityKind::kEvaluatedCustomers:
      return "evaluated_customers";
    case FidelityKind::kEpochs:
      return "epochs";
  }
  return "unknown";
}

std::string SearchText(const TuneOptions& o) {
  std::string text =
      Concat("model ", o.model, " metric ", MetricName(o.metric), " trials ", o.trials, " seed ",
             o.seed, " validation ", ValidationName(o.validation), " ", o.window_days, " ", o.share,
             " fidelity ", FidelityName(o.fidelity), " eta ", o.eta, " rounds ", o.rounds);
  for (const SearchDimension& d : o.space) {
    text += Concat("; ", d.field, " ", static_cast<int>(d.type), " ", d.low, " ", d.high, " ",
                   static_cast<int>(d.scale));
    for (const std::string& choice : d.choices) text += Concat(" ", choice.size(), ":", choice);
  }
  return text;
}

TuneOptions ParseTuneOptions(const ConfigNode& node) {
  TuneOptions options;
  options.model = node.GetString("model", "");
  options.space = ParseSearchSpace(node, "space");
  const std::string metric =
      node.GetEnum("metric", "ndcg@20", {"ndcg@20", "recall@20", "hit_rate@20"});
  for (const TuneMetric known : {TuneMetric::kNdcg, TuneMetric::kRecall, TuneMetric::kHitRate}) {
    if (metric == MetricName(known)) options.metric = known;
  }
  const ConfigNode budget = node.Child("budget");
  options.trials = budget.GetInt("trials", options.trials, {1, 1'000'000});
  options.minutes = budget.GetDouble("minutes", options.minutes, {0, 1e6});
  options.seed = static_cast<uint64_t>(
      node.GetInt("seed", static_cast<int64_t>(options.seed), {0, INT64_MAX}));
  const ConfigNode validation = node.Child("validation");
  const std::string kind =
      validation.GetEnum("kind", "random", {"time", "leave_last_out", "random"});
  for (const ValidationKind known :
       {ValidationKind::kTime, ValidationKind::kLeaveLastOut, ValidationKind::kRandom}) {
    if (kind == ValidationName(known)) options.validation = known;
  }
  options.window_days = validation.GetInt("window_days", options.window_days, {1, 3650});
  options.share = validation.GetDouble("share", options.share, {0.001, 0.9});
  const ConfigNode halving = node.Child("halving");
  const std::string fidelity =
      halving.GetEnum("fidelity", "customers", {"customers", "evaluated_customers", "epochs"});
  for (const FidelityKind known :
       {FidelityKind::kCustomers, FidelityKind::kEvaluatedCustomers, FidelityKind::kEpochs}) {
    if (fidelity == FidelityName(known)) options.fidelity = known;
  }
  options.eta = static_cast<int>(halving.GetInt("eta", options.eta, {2, 16}));
  options.rounds = static_cast<int>(halving.GetInt("rounds", options.rounds, {1, 8}));
  return options;
}

}  // namespace burgeon
