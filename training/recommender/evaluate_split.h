// Trains on one split file and ranks against another, with the protocol of the published tables
// (docs/evaluation.md): what `burgeon evaluate recommender --train F --test F --model M` prints.
//
//   SplitEvaluationOptions options{.train_path = "train.txt", .test_path = "test.txt"};
//   BURGEON_ASSIGN_OR_RETURN(const SplitEvaluation e, EvaluateSplit(context, files, options));
#ifndef BURGEON_TRAINING_RECOMMENDER_EVALUATE_SPLIT_H_
#define BURGEON_TRAINING_RECOMMENDER_EVALUATE_SPLIT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/experiment/ranking_metrics.h"
#include "engine/storage/file_system.h"
#include "training/recommender/train_recommender.h"

namespace burgeon {

// What is evaluated: a kind that can be trained; nothing: popularity.
using EvaluatedModel = std::optional<RecommenderKind>;
// "popularity" or the name of a trainable kind; kInvalidArgument for anything else.
absl::StatusOr<EvaluatedModel> ParseEvaluatedModel(std::string_view name);

struct SplitEvaluationOptions {
  std::string train_path;
  std::string test_path;
  EvaluatedModel model = RecommenderKind::kSpectral;
  RecommenderOptions recommender;
  int k = 20;
};

struct SplitEvaluation {
  RankingMetrics metrics;  // recall@k, ndcg@k, hit rate, customers with test items
  int64_t customers = 0;
  int64_t items = 0;
  int64_t train_pairs = 0;
  int64_t test_pairs = 0;
  double read_seconds = 0;
  double train_seconds = 0;
  double score_seconds = 0;
  double seconds = 0;              // of all three
  int64_t peak_memory_bytes = 0;   // of the process, resident
  std::string embeddings_sha256;   // "" for popularity
  std::vector<std::string> lines;  // of the training, to print
};

absl::StatusOr<SplitEvaluation> EvaluateSplit(ExecutionContext& context, FileSystem& files,
                                              const SplitEvaluationOptions& options);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_EVALUATE_SPLIT_H_
