// The publishing step of cli/pipeline.h.
#include <limits>

#include "cli/pipeline.h"
#include "engine/dataset/interaction_order.h"
#include "engine/features/churn_examples.h"
#include "engine/models/candidate.h"
#include "engine/models/churn_model.h"
#include "engine/release/keep_rows.h"
#include "engine/release/overlay.h"
#include "engine/release/release_store.h"

namespace burgeon {
namespace {

absl::StatusOr<std::optional<Candidate>> Latest(Session& session, const std::string& kind) {
  return LoadLatestCandidate(session.files(), session.workspace().candidates(), kind);
}

absl::Status CheckSameSnapshot(const Candidate& candidate, const Candidate& recommender) {
  if (candidate.snapshot_id == recommender.snapshot_id) return absl::OkStatus();
  return FailedPrecondition("candidates ", recommender.id, " and ", candidate.id,
                            " come from different snapshots (", recommender.snapshot_id, " and ",
                            candidate.snapshot_id, "): run burgeon train ", candidate.kind,
                            " and burgeon train ", recommender.kind, " again");
}

// Risk of everyone in the model's population; NaN for the others.
absl::StatusOr<std::vector<float>> ChurnRisk(Session& session, const JobConfig& job,
                                             const Snapshot& snapshot, const ChurnModel& model,
                                             const FeatureTable& features) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<float> risk,
                           PredictChurn(session.pool(), model, features.values.view()));
  std::vector<float> of_active(risk.size(), std::numeric_limits<float>::quiet_NaN());
  for (const uint32_t row : ActiveCustomers(snapshot, job.churn.activity_window_days)) {
    of_active[row] = risk[row];
  }
  return of_active;
}

// Without those who were erased, or refused every purpose, since the training: what nobody may be
// told of does not lie in a release.
absl::StatusOr<ReleaseData> WithoutRefusers(Session& session, const ReleaseData& data) {
  BURGEON_ASSIGN_OR_RETURN(Overlay overlay, LoadOverlay(session.files(), session.workspace()));
  ResolveOverlay(data.customers, &overlay);
  std::vector<uint32_t> rows;
  for (uint32_t row = 0; row < data.customers.size(); ++row) {
    const ConsentBits bits =
        overlay.Apply(data.customers.id(row), data.consent[row], data.consent_said[row]);
    if (bits.bits != 0) rows.push_back(row);
  }
  if (std::ssize(rows) == data.customers.size()) return data;
  return KeepCustomers(data, rows);
}

absl::StatusOr<ReleaseData> Assemble(Session& session, const JobConfig& job,
                                     const Candidate& recommender,
                                     const std::optional<Candidate>& churn) {
  const std::string folder = JoinPath(session.workspace().snapshots(), recommender.snapshot_id);
  BURGEON_ASSIGN_OR_RETURN(Snapshot snapshot, LoadSnapshot(session.files(), folder));
  ReleaseData data;
  BURGEON_ASSIGN_OR_RETURN(data.recommender, ReadModelTensors(recommender.tensors));
  if (const int64_t length = data.recommender.order_length(); length > 0) {
    data.order = InteractionOrder(snapshot.events, snapshot.interactions.view(), job.weights,
                                  {.length = length});
    data.order.times = {};
  }
  data.features = BuildCustomerFeatures(session.pool(), snapshot);
  nlohmann::json metrics = {
      {"recommender", nlohmann::json::parse(recommender.metrics_json, nullptr, false)}};
  if (churn) {
    BURGEON_RETURN_IF_ERROR(CheckSameSnapshot(*churn, recommender));
    BURGEON_ASSIGN_OR_RETURN(data.churn, ReadChurnTensors(churn->tensors, "churn."));
    BURGEON_ASSIGN_OR_RETURN(data.churn_risk,
                             ChurnRisk(session, job, snapshot, *data.churn, data.features));
    metrics["churn"] = nlohmann::json::parse(churn->metrics_json, nullptr, false);
  }
  BURGEON_ASSIGN_OR_RETURN(const EventStore store, OpenEvents(session));
  data.pseudonymous = store.manifest().pseudonymous;
  data.recommender_candidate = recommender.id;
  if (churn) data.churn_candidate = churn->id;
  data.store_version = snapshot.store_version;
  data.snapshot_id = snapshot.id;
  data.as_of = snapshot.as_of;
  data.customers = std::move(snapshot.customers);
  data.items = std::move(snapshot.items);
  data.item_label = std::move(snapshot.item_label);
  data.consent = std::move(snapshot.consent);
  data.consent_said = std::move(snapshot.consent_said);
  data.consent_policy = job.consent;
  data.event_weights = job.weights;
  data.interactions = std::move(snapshot.interactions);
  data.seen = std::move(snapshot.seen);
  data.item_index = job.item_index;
  data.customer_index = job.customer_index;
  data.config_sha256 = job.fingerprint;
  data.metrics_json = metrics.dump();
  return WithoutRefusers(session, data);
}

}  // namespace

absl::StatusOr<nlohmann::json> PublishStep(Session& session, const JobConfig& job) {
  BURGEON_ASSIGN_OR_RETURN(const std::optional<Candidate> recommender,
                           Latest(session, "recommender"));
  if (!recommender) {
    return FailedPrecondition(session.workspace().candidates(),
                              ": no recommender to publish; run burgeon train recommender first");
  }
  BURGEON_ASSIGN_OR_RETURN(const std::optional<Candidate> churn, Latest(session, "churn"));
  BURGEON_ASSIGN_OR_RETURN(const ReleaseData data, Assemble(session, job, *recommender, churn));
  BURGEON_ASSIGN_OR_RETURN(ExecutionContext* const context, session.context());
  BURGEON_ASSIGN_OR_RETURN(const std::string id, Publish(session.files(), session.workspace(),
                                                         *context, session.clock(), data));
  session.Say(Concat("publish: release ", id, ", item index ", IndexKindName(data.item_index.kind),
                     ", customer index ", IndexKindName(data.customer_index.kind),
                     churn ? "" : "; without churn risk: no candidate"));
  return nlohmann::json{{"release", id},
                        {"recommender", recommender->id},
                        {"churn", churn ? nlohmann::json(churn->id) : nlohmann::json(nullptr)},
                        {"item_index", IndexKindName(data.item_index.kind)},
                        {"customer_index", IndexKindName(data.customer_index.kind)}};
}

}  // namespace burgeon
