// Evaluations: on a split of the workspace, or on published split files.
#ifndef BURGEON_CLI_EVALUATE_STEPS_H_
#define BURGEON_CLI_EVALUATE_STEPS_H_

#include <string>

#include <nlohmann/json.hpp>
#include "cli/job_config.h"
#include "cli/recommender_evaluation.h"
#include "cli/session.h"
#include "engine/dataset/leave_last_out.h"
#include "engine/dataset/split_file.h"

namespace burgeon {

struct EvaluationRequest {
  JobConfig job;
  EvaluationOptions options;  // of the job, with the flags over it
  HeldOutPart part = HeldOutPart::kTest;
};

// Trains on what was known `window_days` before the end of the log (kValidation: two windows
// before) and ranks, for every customer who bought something new in the window after, all items not
// bought before.
absl::StatusOr<RecommenderEvaluation> EvaluateRecommenderByTime(Session& session,
                                                                const EvaluationRequest& request);

// The last new items of every customer, from what came before (engine/dataset/leave_last_out.h).
absl::StatusOr<RecommenderEvaluation> EvaluateRecommenderByLastOut(
    Session& session, const EvaluationRequest& request);

struct SplitFiles {
  std::string train;
  std::string test;
  SplitProtocol protocol = SplitProtocol::kUnstated;
  std::string mask = {};  // "": train alone is masked
};
// On published split files (training/recommender/evaluate_split.h).
absl::StatusOr<RecommenderEvaluation> EvaluateSplitFiles(Session& session,
                                                         const EvaluationRequest& request,
                                                         const SplitFiles& split_files);

// On a sequence file (training/recommender/evaluate_sequences.h).
absl::StatusOr<RecommenderEvaluation> EvaluateSequenceFile(Session& session,
                                                           const EvaluationRequest& request,
                                                           const std::string& path);

// Half of the group in the file as seeds, the other half to be found among everyone in the current
// release (engine/audience/lookalike_evaluation.h).
absl::StatusOr<nlohmann::json> EvaluateLookalikeGroup(Session& session, const std::string& seeds);

// The churn model and its baseline on the last closed prediction window (training/churn).
absl::StatusOr<nlohmann::json> EvaluateChurn(Session& session, const JobConfig& job);

}  // namespace burgeon

#endif  // BURGEON_CLI_EVALUATE_STEPS_H_
