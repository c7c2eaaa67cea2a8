// The next item of a session: trained on whole sessions, asked after each prefix of the test. All
// items are ranked, those of the session too, for what was clicked may be clicked again.
#ifndef BURGEON_TRAINING_RECOMMENDER_EVALUATE_SESSIONS_H_
#define BURGEON_TRAINING_RECOMMENDER_EVALUATE_SESSIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/status.h"
#include "engine/ops/execution_context.h"
#include "engine/storage/file_system.h"
#include "training/recommender/session_knn.h"
#include "training/recommender/train_sequence.h"

namespace burgeon {

struct SessionEvaluationOptions {
  std::string train_path;
  std::string test_path;
  int k = 20;
  SequenceOptions sequence;
  SessionKnnOptions session_knn;
  ProgressStyle progress = ProgressStyle::kSilent;  // of the training, on standard error
};

struct SessionModelQuality {
  std::string name;     // "sequence", "session_knn", "popularity"
  double hit_rate = 0;  // @k; a target that train does not have is a miss
  double mrr = 0;       // @k
  double train_seconds = 0;
  double rank_seconds = 0;
  std::vector<std::string> lines;  // of the training, to print
};

struct SessionEvaluation {
  int64_t sessions = 0;
  int64_t items = 0;
  int64_t clicks = 0;   // of train
  int64_t queries = 0;  // of test
  int64_t unknown = 0;  // queries whose target train does not have
  std::vector<SessionModelQuality> models;
};

absl::StatusOr<SessionEvaluation> EvaluateSessions(ExecutionContext& context, FileSystem& files,
                                                   const SessionEvaluationOptions& options);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_EVALUATE_SESSIONS_H_
