// Leave one out on a sequence file, as the sequential recommendation tables do: each customer's
// last item is to be found among all items but those of the history, from what came before.
//
//   SequenceEvaluationOptions options{.path = "Beauty.txt"};
//   BURGEON_ASSIGN_OR_RETURN(options.comparison.runs, RunsOf(evaluation, recommender));
//   BURGEON_ASSIGN_OR_RETURN(const SequenceEvaluation e, EvaluateSequences(context, files,
//   options));
#ifndef BURGEON_TRAINING_RECOMMENDER_EVALUATE_SEQUENCES_H_
#define BURGEON_TRAINING_RECOMMENDER_EVALUATE_SEQUENCES_H_

#include <cstdint>
#include <string>

#include "engine/dataset/sequence_file.h"
#include "engine/storage/file_system.h"
#include "training/recommender/compare_recommenders.h"

namespace burgeon {

struct SequenceEvaluationOptions {
  std::string path;
  SequencePart part = SequencePart::kTest;
  ComparisonOptions comparison;    // its runs; the baselines come beside them
  RecommenderOptions recommender;  // of the baselines
};

struct SequenceEvaluation {
  RecommenderQuality quality;
  int64_t customers = 0;
  int64_t items = 0;
  int64_t train_items = 0;  // of all histories, repeats counted
  int64_t test_customers = 0;
  int64_t repeated = 0;
  int64_t too_short = 0;
};

// kFailedPrecondition when nothing is to be found.
absl::StatusOr<SequenceEvaluation> EvaluateSequences(ExecutionContext& context, FileSystem& files,
                                                     const SequenceEvaluationOptions& options);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_EVALUATE_SEQUENCES_H_
