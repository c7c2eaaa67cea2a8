// Trains on one split file and ranks against another, with the protocol of the published tables
// (docs/evaluation.md): what `burgeon evaluate recommender --train F --test F --model M` prints.
//
//   SplitEvaluationOptions options{.train_path = "train.txt", .test_path = "test.txt"};
//   BURGEON_ASSIGN_OR_RETURN(options.comparison.runs, RunsOf(evaluation, recommender));
//   BURGEON_ASSIGN_OR_RETURN(const SplitEvaluation e, EvaluateSplit(context, files, options));
#ifndef BURGEON_TRAINING_RECOMMENDER_EVALUATE_SPLIT_H_
#define BURGEON_TRAINING_RECOMMENDER_EVALUATE_SPLIT_H_

#include <cstdint>
#include <string>

#include "engine/dataset/split_file.h"
#include "engine/storage/file_system.h"
#include "training/recommender/compare_recommenders.h"

namespace burgeon {

struct SplitEvaluationOptions {
  std::string train_path;
  std::string test_path;
  std::string mask_path = {};  // more pairs that are never listed; "": those of train alone
  SplitProtocol protocol = SplitProtocol::kUnstated;
  ComparisonOptions comparison;    // its runs; the baselines come beside them
  RecommenderOptions recommender;  // of the baselines
};

struct SplitEvaluation {
  RecommenderQuality quality;
  int64_t customers = 0;
  int64_t items = 0;
  int64_t train_pairs = 0;
  int64_t test_pairs = 0;
  double read_seconds = 0;
  double seconds = 0;             // of all
  int64_t peak_memory_bytes = 0;  // of the process, resident
};

absl::StatusOr<SplitEvaluation> EvaluateSplit(ExecutionContext& context, FileSystem& files,
                                              const SplitEvaluationOptions& options);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_EVALUATE_SPLIT_H_
