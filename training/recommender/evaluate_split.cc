#include "training/recommender/evaluate_split.h"

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <numeric>
#include <vector>

namespace burgeon {
namespace {

int64_t PeakMemoryBytes() {
  rusage usage{};
  return getrusage(RUSAGE_SELF, &usage) == 0 ? int64_t{usage.ru_maxrss} * 1024 : 0;
}

// Nothing without times. Pairs of one time are in the order of their rows.
ItemSequences InOrderOfTime(const CsrView& train, const std::vector<TimeMicros>& times) {
  ItemSequences out;
  if (times.empty()) {
    out.offsets.clear();
    return out;
  }
  std::vector<size_t> order;
  for (int64_t u = 0; u < train.rows(); ++u) {
    const auto items = train.row_columns(u);
    const auto first = static_cast<size_t>(train.offsets[static_cast<size_t>(u)]);
    order.resize(items.size());
    std::iota(order.begin(), order.end(), size_t{0});
    std::ranges::stable_sort(order, {}, [&](size_t k) { return times[first + k]; });
    for (const size_t k : order) {
      out.items.push_back(items[k]);
      out.times.push_back(times[first + k]);
    }
    out.offsets.push_back(std::ssize(out.items));
  }
  return out;
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
  const ItemSequences sequences = InOrderOfTime(train, split.train_times);
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
