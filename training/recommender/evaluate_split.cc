#include "training/recommender/evaluate_split.h"

#include <sys/resource.h>

#include <chrono>

#include "engine/dataset/interaction_order.h"

namespace burgeon {
namespace {

int64_t PeakMemoryBytes() {
  rusage usage{};
  return getrusage(RUSAGE_SELF, &usage) == 0 ? int64_t{usage.ru_maxrss} * 1024 : 0;
}

}  // namespace

absl::StatusOr<SplitEvaluation> EvaluateSplit(ExecutionContext& context, FileSystem& files,
                                              const SplitEvaluationOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  const auto seconds = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  SplitEvaluation out;
  BURGEON_ASSIGN_OR_RETURN(
      const SplitData split,
      ReadSplitFiles(files, options.train_path, options.test_path, options.protocol));
  out.customers = split.customers.size();
  out.items = split.items.size();
  out.train_pairs = split.train.view().nonzeros();
  out.test_pairs = split.test.view().nonzeros();
  if (out.test_pairs == 0) {
    return FailedPrecondition(options.test_path, ": there is no item to rank for any user");
  }
  out.read_seconds = seconds();
  const CsrView train = split.train.view();
  CsrMatrix mask;
  if (!options.mask_path.empty()) {
    BURGEON_ASSIGN_OR_RETURN(mask, ReadMaskFile(files, options.mask_path, split));
  }
  ItemSequences sequences;
  if (!split.train_times.empty()) sequences = OrderByTime(train, split.train_times);
  const EvaluationData data = {.train = {.interactions = train, .sequences = sequences.view()},
                               .interaction_times = split.train_times,
                               .mask = options.mask_path.empty() ? train : mask.view(),
                               .test = split.test.view()};
  ComparisonOptions comparison = options.comparison;
  AddBaselines(data, options.recommender, &comparison.runs);
  BURGEON_ASSIGN_OR_RETURN(out.quality, CompareRecommenders(context, data, comparison));
  out.seconds = seconds();
  out.peak_memory_bytes = PeakMemoryBytes();
  return out;
}

}  // namespace burgeon
