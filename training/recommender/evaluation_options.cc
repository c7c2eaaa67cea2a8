#include "training/recommender/evaluation_options.h"

#include <algorithm>

#include "engine/base/limits.h"

namespace burgeon {
namespace {

std::vector<int> ParseKs(const ConfigNode& node, std::vector<int> fallback) {
  const std::vector<std::string> texts = node.GetStrings("k");
  if (texts.empty()) return fallback;
  std::vector<int> ks;
  for (const std::string& text : texts) {
    const auto k = ParseInt64(text);
    if (!k || *k < 1 || *k > limits::kMaxK || (!ks.empty() && *k <= ks.back())) {
      node.Fail("k", Concat("'", Printable(text), "' is not a number from 1 to ", limits::kMaxK,
                            " above the one before"));
      return fallback;
    }
    ks.push_back(static_cast<int>(*k));
  }
  return ks;
}

// The name of a run stands in tables and is a key of the JSON.
std::vector<EvaluatedRun> ParseRuns(const ConfigNode& node) {
  std::vector<EvaluatedRun> runs;
  for (const ConfigNode& child : node.Children("runs")) {
    EvaluatedRun run;
    run.name = child.RequireString("name");
    run.chosen_by = child.GetString("chosen_by", "");
    run.recommender = ParseRecommenderOptions(child.Child("recommender"));
    run.model = run.recommender.kind;
    const auto same = [&](const EvaluatedRun& other) { return other.name == run.name; };
    if (std::ranges::any_of(runs, same)) {
      child.Fail("name", Concat("'", Printable(run.name), "' is there twice"));
    }
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace

EvaluationOptions ParseEvaluationOptions(const ConfigNode& node) {
  EvaluationOptions options;
  options.window_days = node.GetInt("window_days", options.window_days, {1, 3650});
  options.models = node.GetStrings("models");
  for (const std::string& name : options.models) {
    const auto model = ParseEvaluatedModel(name);
    if (!model.ok()) node.Fail("models", MessageOf(model.status()));
  }
  options.runs = ParseRuns(node);
  if (!options.runs.empty() && !options.models.empty()) {
    node.Fail("runs", "stands beside `models`; one of them says what is evaluated");
  }
  options.session_neighbours = static_cast<int>(
      node.GetInt("session_neighbours", options.session_neighbours, {1, 1'000'000}));
  options.session_sample =
      static_cast<int>(node.GetInt("session_sample", options.session_sample, {1, 10'000'000}));
  ComparisonOptions& comparison = options.comparison;
  comparison.ks = ParseKs(node, comparison.ks);
  comparison.baseline = node.GetString("baseline", comparison.baseline);
  BootstrapOptions& bootstrap = comparison.bootstrap;
  bootstrap.replicates =
      node.GetInt("bootstrap_replicates", bootstrap.replicates, {0, kMaxReplicates});
  bootstrap.level = node.GetDouble("confidence", bootstrap.level, {.min = 0.01, .max = 0.999});
  bootstrap.seed = static_cast<uint64_t>(
      node.GetInt("random_seed", static_cast<int64_t>(bootstrap.seed), {0, INT64_MAX}));
  comparison.half_life_days = node.GetDouble("popularity_half_life_days", comparison.half_life_days,
                                             {.min = 1e-3, .max = 1e6});
  GroupOptions& groups = comparison.groups;
  groups.new_max = node.GetInt("new_customer_max_items", groups.new_max, {0, limits::kMaxItems});
  groups.heavy_quantile =
      node.GetDouble("heavy_quantile", groups.heavy_quantile, {.min = 0, .max = 1});
  return options;
}

absl::StatusOr<std::vector<EvaluatedRun>> RunsOf(const EvaluationOptions& options,
                                                 const RecommenderOptions& recommender) {
  if (!options.runs.empty()) return options.runs;
  const std::vector<std::string>& models = options.models;
  std::vector<EvaluatedRun> runs;
  if (models.empty()) {
    for (const RecommenderKind kind : TrainableKinds()) {
      // Networks take much longer than the others: who wants them names them.
      if (NeedsOrder(kind) || kind == RecommenderKind::kTwoTower) continue;
      if (kind == RecommenderKind::kBlend && recommender.blend.members.empty()) continue;
      runs.push_back({.name = std::string(RecommenderKindName(kind)),
                      .model = kind,
                      .recommender = recommender});
    }
  }
  for (const std::string& name : models) {
    BURGEON_ASSIGN_OR_RETURN(const EvaluatedModel model, ParseEvaluatedModel(name));
    const auto same = [&](const EvaluatedRun& run) { return run.name == name; };
    if (std::ranges::any_of(runs, same)) {
      return InvalidArgument("model: '", name, "' is there twice");
    }
    runs.push_back({.name = name, .model = model, .recommender = recommender});
  }
  return runs;
}

}  // namespace burgeon
