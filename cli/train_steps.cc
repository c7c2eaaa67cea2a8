// The training steps of cli/pipeline.h.
#include <cstdio>

#include "cli/pipeline.h"
#include "engine/dataset/event_source.h"
#include "engine/dataset/interaction_order.h"
#include "engine/models/candidate.h"
#include "engine/release/overlay.h"
#include "training/churn/train_churn.h"
#include "training/recommender/memory_check.h"
#include "training/recommender/train_recommender.h"

namespace burgeon {
namespace {

// The rows of those who do not consent to `recommend`, emptied: they teach the model nothing.
CsrMatrix ConsentingInteractions(const Snapshot& snapshot) {
  CsrMatrix out;
  out.cols = snapshot.interactions.cols;
  const CsrView all = snapshot.interactions.view();
  for (int64_t row = 0; row < all.rows(); ++row) {
    if (snapshot.consent[static_cast<size_t>(row)].Allows(Purpose::kRecommend)) {
      const auto columns = all.row_columns(row);
      const auto values = all.row_values(row);
      out.columns.insert(out.columns.end(), columns.begin(), columns.end());
      out.values.insert(out.values.end(), values.begin(), values.end());
    }
    out.offsets.push_back(static_cast<int64_t>(out.columns.size()));
  }
  return out;
}

// The order of the interactions, for a kind that reads it.
ItemSequences OrderFor(const Snapshot& snapshot, const CsrView& interactions,
                       const JobConfig& job) {
  if (!ReadsOrder(job.recommender.kind)) return {};
  return InteractionOrder(snapshot.events, interactions, job.weights);
}

}  // namespace

absl::StatusOr<Snapshot> ReleaseSnapshot(Session& session, const JobConfig& job,
                                         const EventStore& store) {
  BURGEON_ASSIGN_OR_RETURN(const Overlay overlay,
                           LoadOverlay(session.files(), session.workspace()));
  SnapshotOptions options = job.snapshot_options(std::nullopt);
  options.overrides = &overlay.customers;
  BURGEON_ASSIGN_OR_RETURN(options.as_of, job.as_of.In(store.manifest()));
  BURGEON_ASSIGN_OR_RETURN(Snapshot snapshot, BuildSnapshot(session.pool(), store, options));
  snapshot.store_version = store.manifest().version;
  if (!store.manifest().ingests.empty()) {
    snapshot.last_ingest = store.manifest().ingests.back().number;
  }
  return snapshot;
}

DataCounts CountsOf(const Snapshot& snapshot) {
  return {.customers = snapshot.customers.size(),
          .items = snapshot.items.size(),
          .interactions = snapshot.interactions.view().nonzeros(),
          .events = std::ssize(snapshot.events.item)};
}

absl::StatusOr<nlohmann::json> TrainRecommenderStep(Session& session, const JobConfig& job,
                                                    TrainingRunOptions run_options) {
  BURGEON_ASSIGN_OR_RETURN(ExecutionContext* const context, session.context());
  BURGEON_ASSIGN_OR_RETURN(const EventStore store, OpenEvents(session));
  BURGEON_ASSIGN_OR_RETURN(const Snapshot snapshot, ReleaseSnapshot(session, job, store));
  BURGEON_RETURN_IF_ERROR(
      SaveSnapshot(session.files(), session.workspace().snapshots(), snapshot).status());
  session.Say(Concat("train ", RecommenderKindName(job.recommender.kind), ": ",
                     snapshot.customers.size(), " customers, ", snapshot.items.size(), " items, ",
                     snapshot.interactions.columns.size(), " interactions, known at ",
                     FormatTime(snapshot.as_of)));
  const HostMemory memory = QueryHostMemory();
  BURGEON_ASSIGN_OR_RETURN(
      const RecommenderMemory plan,
      PlanRecommenderMemory(job.recommender.kind, job.recommender, CountsOf(snapshot),
                            session.pool().threads(), memory.available_bytes));
  BURGEON_RETURN_IF_ERROR(CheckMemory(job.recommender.kind, plan, memory));
  const CsrMatrix consenting = ConsentingInteractions(snapshot);
  const ItemSequences order = OrderFor(snapshot, consenting.view(), job);
  run_options.progress = session.progress();
  BURGEON_ASSIGN_OR_RETURN(TrainingRun run,
                           TrainingRun::Start(session.files(), session.clock(), run_options));
  TrainingReport report;
  report.run = &run;
  BURGEON_ASSIGN_OR_RETURN(
      RecommenderModel model,
      TrainRecommender(*context, {.interactions = consenting.view(), .sequences = order.view()},
                       job.recommender.kind, job.recommender, &report));
  for (const std::string& line : report.lines) session.Say(Concat("  ", line));
  if (consenting.columns.size() != snapshot.interactions.columns.size()) {
    // Who refuses recommendations may still consent to audiences or scores.
    const CsrView everyone = snapshot.interactions.view();
    const ItemSequences all = OrderFor(snapshot, everyone, job);
    BURGEON_ASSIGN_OR_RETURN(
        model.customer_embeddings,
        FoldIn(*context, model, {.weights = everyone, .sequence = all.view()}));
  }
  nlohmann::json result = {{"model", RecommenderKindName(model.kind)},
                           {"device", DeviceName(context->device())},
                           {"snapshot", snapshot.id},
                           {"customers", snapshot.customers.size()},
                           {"items", snapshot.items.size()},
                           {"interactions", snapshot.interactions.columns.size()},
                           {"dim", model.dim()},
                           {"embeddings_sha256", EmbeddingsSha256(model)}};
  Candidate candidate;
  candidate.kind = "recommender";
  candidate.snapshot_id = snapshot.id;
  candidate.config_sha256 = job.fingerprint;
  candidate.store_version = snapshot.store_version;
  candidate.metrics_json = result.dump();
  AddModelTensors(model, &candidate.tensors);
  BURGEON_ASSIGN_OR_RETURN(const std::string id,
                           WriteCandidate(session.files(), session.workspace().candidates(),
                                          session.clock(), candidate));
  session.Say(Concat("  candidate ", id));
  result["candidate"] = id;
  return result;
}

absl::StatusOr<ChurnTraining> TrainChurnOnWorkspace(Session& session, const JobConfig& job,
                                                    const EventStore& store) {
  BURGEON_ASSIGN_OR_RETURN(const Overlay overlay,
                           LoadOverlay(session.files(), session.workspace()));
  SnapshotOptions options = job.snapshot_options(Purpose::kScore);
  options.overrides = &overlay.customers;
  BURGEON_ASSIGN_OR_RETURN(const TimeMicros as_of, job.as_of.In(store.manifest()));
  const StoreEventSource source(store);
  // Labels and tests look ahead, so the log itself must end at T.
  BURGEON_ASSIGN_OR_RETURN(const EventLog log,
                           EventLog::Read(session.pool(), KnownAtSource(source, as_of)));
  BURGEON_ASSIGN_OR_RETURN(const ChurnSplit split,
                           BuildChurnSplit(session.pool(), log, options, job.churn));
  session.Say(Concat("train churn: ", split.train.size(), " examples of ", split.times.train.size(),
                     " times, calibrated at ", FormatTime(split.times.validation), " on ",
                     split.validation.size(), ", tested at ", FormatTime(split.times.test), " on ",
                     split.test.size()));
  BURGEON_ASSIGN_OR_RETURN(ChurnTraining training,
                           TrainChurn(session.pool(), split, job.churn_train));
  const auto say = [&session](std::string_view name, const ClassificationMetrics& metrics) {
    char buffer[160];
    std::snprintf(buffer, sizeof(buffer),
                  "AUC %.4f, average precision %.4f, log loss %.4f, ECE %.4f, lift at 10 %% %.2f",
                  metrics.auc, metrics.average_precision, metrics.log_loss, metrics.ece,
                  metrics.lift_at_10pct);
    session.Say(Concat("  ", name, ": ", buffer));
  };
  say("model", training.model_test);
  say("logistic baseline", training.baseline_test);
  return training;
}

nlohmann::json ToJson(const ClassificationMetrics& metrics) {
  return {{"auc", metrics.auc},
          {"average_precision", metrics.average_precision},
          {"log_loss", metrics.log_loss},
          {"ece", metrics.ece},
          {"lift_at_10pct", metrics.lift_at_10pct},
          {"base_rate", metrics.base_rate},
          {"examples", metrics.examples}};
}

nlohmann::json ChurnJson(const ChurnTraining& training) {
  return {{"model", ToJson(training.model_test)}, {"baseline", ToJson(training.baseline_test)}};
}

absl::StatusOr<nlohmann::json> TrainChurnStep(Session& session, const JobConfig& job) {
  BURGEON_ASSIGN_OR_RETURN(const EventStore store, OpenEvents(session));
  BURGEON_ASSIGN_OR_RETURN(const Snapshot snapshot, ReleaseSnapshot(session, job, store));
  BURGEON_RETURN_IF_ERROR(
      SaveSnapshot(session.files(), session.workspace().snapshots(), snapshot).status());
  BURGEON_ASSIGN_OR_RETURN(const ChurnTraining training,
                           TrainChurnOnWorkspace(session, job, store));
  Candidate candidate = MakeChurnCandidate(training);
  candidate.snapshot_id = snapshot.id;
  candidate.config_sha256 = job.fingerprint;
  candidate.store_version = snapshot.store_version;
  BURGEON_ASSIGN_OR_RETURN(const std::string id,
                           WriteCandidate(session.files(), session.workspace().candidates(),
                                          session.clock(), candidate));
  session.Say(Concat("  candidate ", id));
  nlohmann::json result = ChurnJson(training);
  result["snapshot"] = snapshot.id;
  result["candidate"] = id;
  return result;
}

}  // namespace burgeon
