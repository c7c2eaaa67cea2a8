// The steps that `burgeon run` does in a row, each of them also a verb of its own.
#ifndef BURGEON_CLI_PIPELINE_H_
#define BURGEON_CLI_PIPELINE_H_

#include <string>

#include <nlohmann/json.hpp>
#include "cli/job_config.h"
#include "cli/session.h"
#include "engine/dataset/snapshot.h"
#include "engine/events/event_store.h"
#include "training/churn/train_churn.h"
#include "training/run/memory_plan.h"
#include "training/run/training_run.h"

namespace burgeon {

// Each step says what it does and returns its result as JSON. The caller holds the workspace lock.

// What to ingest of a job's sources.
struct IngestRequest {
  std::string source;   // name; "": every source that names an input, in order
  std::string input;    // "": the file the config names
  std::string replace;  // ingest_id whose rows leave as the new ones come; "": none
};
// A list of records, one a source; each source is committed by itself, so that what came before a
// failure stays.
absl::StatusOr<nlohmann::json> IngestStep(Session& session, const JobConfig& job,
                                          const IngestRequest& request);

// Everything known, of everyone (consent is kept by customer): what a release answers from.
absl::StatusOr<Snapshot> ReleaseSnapshot(Session& session, const JobConfig& job,
                                         const EventStore& store);

// What the memory plan counts of it.
DataCounts CountsOf(const Snapshot& snapshot);

// Trains on the interactions of those who consent to `recommend`; everyone gets an embedding, by
// fold-in, and the query decides by consent who is answered. kResourceExhausted, before anything is
// trained, when memory will not do; `run`: who watches, keeps and stops it, its progress aside,
// which is the session's.
absl::StatusOr<nlohmann::json> TrainRecommenderStep(Session& session, const JobConfig& job,
                                                    TrainingRunOptions run = {});
absl::StatusOr<nlohmann::json> TrainChurnStep(Session& session, const JobConfig& job);

// The churn model and its baseline, trained and tested by the design of training/churn; writes
// nothing.
absl::StatusOr<ChurnTraining> TrainChurnOnWorkspace(Session& session, const JobConfig& job,
                                                    const EventStore& store);
// {"model": {...}, "baseline": {...}}: metrics of the test time.
nlohmann::json ChurnJson(const ChurnTraining& training);

// Builds the indexes, joins the newest candidates, which must be of the same snapshot, writes the
// release, tests it, and makes it current.
absl::StatusOr<nlohmann::json> PublishStep(Session& session, const JobConfig& job);

absl::StatusOr<EventStore> OpenEvents(Session& session);

}  // namespace burgeon

#endif  // BURGEON_CLI_PIPELINE_H_
