#include "cli/evaluate_steps.h"

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "cli/pipeline.h"
#include "engine/dataset/time_split.h"
#include "engine/release/overlay.h"
#include "training/recommender/evaluate_recommender.h"
#include "training/recommender/train_recommender.h"

namespace burgeon {
namespace {

constexpr int kEvaluationK = 20;

// Test items without those the customer had bought before: they are masked, so no list can hit
// them.
CsrMatrix NewItems(const CsrView& test, const CsrView& seen) {
  CsrMatrix out;
  out.cols = test.cols;
  for (int64_t row = 0; row < test.rows(); ++row) {
    const auto wanted = test.row_columns(row);
    const auto had = seen.row_columns(row);
    std::set_difference(wanted.begin(), wanted.end(), had.begin(), had.end(),
                        std::back_inserter(out.columns));
    out.offsets.push_back(static_cast<int64_t>(out.columns.size()));
  }
  return out;
}

nlohmann::json ToJson(const RankingMetrics& metrics) {
  return {{"recall@20", metrics.recall},
          {"ndcg@20", metrics.ndcg},
          {"hit_rate@20", metrics.hit_rate},
          {"customers", metrics.customers}};
}

std::string Fixed4(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof(buffer), "%.4f", value);
  return buffer;
}

void SayMetrics(Session& session, std::string_view name, const RankingMetrics& metrics) {
  session.Say(Concat("  ", name, ": recall@20 ", Fixed4(metrics.recall), ", ndcg@20 ",
                     Fixed4(metrics.ndcg), ", hit rate ", Fixed4(metrics.hit_rate)));
}

}  // namespace

absl::StatusOr<nlohmann::json> EvaluateRecommenderByTime(Session& session, const JobConfig& job,
                                                         int64_t window_days) {
  BURGEON_ASSIGN_OR_RETURN(ExecutionContext* const context, session.context());
  BURGEON_ASSIGN_OR_RETURN(const EventStore store, OpenEvents(session));
  BURGEON_ASSIGN_OR_RETURN(const Overlay overlay,
                           LoadOverlay(session.files(), session.workspace()));
  SnapshotOptions options = job.snapshot_options(Purpose::kRecommend);
  options.overrides = &overlay.customers;
  options.as_of = store.manifest().max_event_time - window_days * kMicrosPerDay;
  BURGEON_ASSIGN_OR_RETURN(const TimeSplit split,
                           BuildTimeSplit(session.pool(), store, options, window_days));
  const CsrMatrix test = NewItems(split.test.view(), split.train.seen.view());
  session.Say(Concat("time split at ", FormatTime(options.as_of), ", window ", window_days,
                     " days: ", split.train.customers.size(), " customers, ",
                     split.train.items.size(), " items, ", test.columns.size(),
                     " new items bought after"));
  const CsrView interactions = split.train.interactions.view();
  const CsrView mask = split.train.seen.view();
  nlohmann::json models = nlohmann::json::object();
  TrainingReport report;
  std::vector<float> popularity;
  for (const RecommenderKind kind : TrainableKinds()) {
    BURGEON_ASSIGN_OR_RETURN(
        const RecommenderModel model,
        TrainRecommender(*context, {.interactions = interactions}, kind, job.recommender, &report));
    BURGEON_ASSIGN_OR_RETURN(
        const RankingMetrics metrics,
        EvaluateModel(*context, model, interactions, mask, test.view(), kEvaluationK));
    SayMetrics(session, RecommenderKindName(kind), metrics);
    models[std::string(RecommenderKindName(kind))] = ToJson(metrics);
    popularity = model.popularity;
  }
  BURGEON_ASSIGN_OR_RETURN(
      const RankingMetrics popular,
      EvaluatePopularity(*context, popularity, mask, test.view(), kEvaluationK));
  SayMetrics(session, "popularity", popular);
  models["popularity"] = ToJson(popular);
  return nlohmann::json{{"split_time", FormatTime(options.as_of)},
                        {"window_days", window_days},
                        {"new_customer_pairs", split.new_customer_pairs},
                        {"new_item_pairs", split.new_item_pairs},
                        {"models", std::move(models)}};
}

absl::StatusOr<nlohmann::json> EvaluateChurn(Session& session, const JobConfig& job) {
  BURGEON_ASSIGN_OR_RETURN(const EventStore store, OpenEvents(session));
  BURGEON_ASSIGN_OR_RETURN(const ChurnTraining training,
                           TrainChurnOnWorkspace(session, job, store));
  return ChurnJson(training);
}

}  // namespace burgeon
