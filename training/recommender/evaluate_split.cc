#include "training/recommender/evaluate_split.h"

#include <sys/resource.h>

#include <chrono>

#include "engine/dataset/split_file.h"
#include "training/recommender/evaluate_recommender.h"
#include "training/recommender/interaction_check.h"

namespace burgeon {
namespace {

class Stopwatch {
 public:
  // Seconds since the last lap.
  double Lap() {
    const auto now = std::chrono::steady_clock::now();
    const std::chrono::duration<double> elapsed = now - last_;
    last_ = now;
    return elapsed.count();
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

int64_t PeakMemoryBytes() {
  rusage usage{};
  return getrusage(RUSAGE_SELF, &usage) == 0 ? int64_t{usage.ru_maxrss} * 1024 : 0;
}

absl::Status TrainAndScore(ExecutionContext& context, const SplitData& split,
                           const SplitEvaluationOptions& options, Stopwatch& watch,
                           SplitEvaluation* out) {
  const CsrView train = split.train.view();
  const CsrView test = split.test.view();
  if (!options.model) {
    BURGEON_RETURN_IF_ERROR(CheckInteractions(train));
    const std::vector<double> sums = ColumnSums(train);
    const std::vector<float> popularity(sums.begin(), sums.end());
    out->train_seconds = watch.Lap();
    BURGEON_ASSIGN_OR_RETURN(out->metrics,
                             EvaluatePopularity(context, popularity, train, test, options.k));
    out->score_seconds = watch.Lap();
    return absl::OkStatus();
  }
  TrainingReport report;
  BURGEON_ASSIGN_OR_RETURN(const RecommenderModel model,
                           TrainRecommender(context, {.interactions = train}, *options.model,
                                            options.recommender, &report));
  out->train_seconds = watch.Lap();
  out->lines = std::move(report.lines);
  BURGEON_ASSIGN_OR_RETURN(out->metrics,
                           EvaluateModel(context, model, train, train, test, options.k));
  out->score_seconds = watch.Lap();
  out->embeddings_sha256 = EmbeddingsSha256(model);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<EvaluatedModel> ParseEvaluatedModel(std::string_view name) {
  if (name == "popularity") return EvaluatedModel();
  const auto kind = ParseTrainableKind(name);
  if (kind) return EvaluatedModel(*kind);
  std::vector<std::string> names;
  for (const RecommenderKind trainable : TrainableKinds()) {
    names.emplace_back(RecommenderKindName(trainable));
  }
  return InvalidArgument("model: '", Printable(name), "' is none of ", JoinComma(names),
                         ", popularity");
}

absl::StatusOr<SplitEvaluation> EvaluateSplit(ExecutionContext& context, FileSystem& files,
                                              const SplitEvaluationOptions& options) {
  Stopwatch watch;
  SplitEvaluation out;
  BURGEON_ASSIGN_OR_RETURN(const SplitData split,
                           ReadSplitFiles(files, options.train_path, options.test_path));
  out.customers = split.customers.size();
  out.items = split.items.size();
  out.train_pairs = split.train.view().nonzeros();
  out.test_pairs = split.test.view().nonzeros();
  if (out.test_pairs == 0) {
    return FailedPrecondition(options.test_path, ": there is no item to rank for any user");
  }
  out.read_seconds = watch.Lap();
  BURGEON_RETURN_IF_ERROR(TrainAndScore(context, split, options, watch, &out));
  out.seconds = out.read_seconds + out.train_seconds + out.score_seconds;
  out.peak_memory_bytes = PeakMemoryBytes();
  return out;
}

}  // namespace burgeon
