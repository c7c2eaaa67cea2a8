#include "training/recommender/evaluate_sequences.h"

namespace burgeon {

absl::StatusOr<SequenceEvaluation> EvaluateSequences(ExecutionContext& context, FileSystem& files,
                                                     const SequenceEvaluationOptions& options) {
  BURGEON_ASSIGN_OR_RETURN(const SequenceData data, ReadSequenceFile(files, options.path));
  const SequenceSplit split =
      LeaveLastItemOut(data.sequences.view(), data.items.size(), options.part);
  if (split.test_customers == 0) {
    return FailedPrecondition(options.path, ": no user has a last item that is new to be found");
  }
  SequenceEvaluation out;
  out.customers = data.customers.size();
  out.items = data.items.size();
  out.train_items = std::ssize(split.history.items);
  out.test_customers = split.test_customers;
  out.repeated = split.repeated;
  out.too_short = split.too_short;
  const EvaluationData evaluation = {
      .train = {.interactions = split.train.view(), .sequences = split.history.view()},
      .interaction_times = {},
      .mask = split.train.view(),
      .test = split.test.view()};
  ComparisonOptions comparison = options.comparison;
  AddBaselines(evaluation, options.recommender, &comparison.runs);
  BURGEON_ASSIGN_OR_RETURN(out.quality, CompareRecommenders(context, evaluation, comparison));
  return out;
}

}  // namespace burgeon
