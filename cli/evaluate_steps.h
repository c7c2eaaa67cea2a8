// Evaluations: on the workspace by a time split, or on published split files.
#ifndef BURGEON_CLI_EVALUATE_STEPS_H_
#define BURGEON_CLI_EVALUATE_STEPS_H_

#include <string>

#include <nlohmann/json.hpp>
#include "cli/job_config.h"
#include "cli/session.h"

namespace burgeon {

// Trains spectral and ALS on what was known `window_days` before the end of the log and ranks, for
// every customer who bought something new in the window, all items not bought before. Popularity
// beside them. recall@20 and ndcg@20 as in engine/experiment/ranking_metrics.h.
absl::StatusOr<nlohmann::json> EvaluateRecommenderByTime(Session& session, const JobConfig& job,
                                                         int64_t window_days);

// One model on published split files (training/recommender/evaluate_split.h). The config is
// optional; of it, `recommender` is read.
absl::StatusOr<nlohmann::json> EvaluateSplitFiles(Session& session, const std::string& train,
                                                  const std::string& test,
                                                  const std::string& model);

// Half of the group in the file as seeds, the other half to be found among everyone in the current
// release (engine/audience/lookalike_evaluation.h).
absl::StatusOr<nlohmann::json> EvaluateLookalikeGroup(Session& session, const std::string& seeds);

// The churn model and its baseline on the last closed prediction window (training/churn).
absl::StatusOr<nlohmann::json> EvaluateChurn(Session& session, const JobConfig& job);

}  // namespace burgeon

#endif  // BURGEON_CLI_EVALUATE_STEPS_H_
