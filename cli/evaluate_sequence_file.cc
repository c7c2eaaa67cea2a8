// EvaluateSequenceFile of cli/evaluate_steps.h.
#include "cli/evaluate_steps.h"
#include "training/recommender/evaluate_sequences.h"

namespace burgeon {

absl::StatusOr<RecommenderEvaluation> EvaluateSequenceFile(Session& session,
                                                           const EvaluationRequest& request,
                                                           const std::string& path) {
  const bool test = request.part == HeldOutPart::kTest;
  SequenceEvaluationOptions options;
  options.path = path;
  options.part = test ? SequencePart::kTest : SequencePart::kValidation;
  options.recommender = request.job.recommender;
  options.comparison = request.options.comparison;
  BURGEON_ASSIGN_OR_RETURN(options.comparison.runs, RunsOf(request.options, options.recommender));
  BURGEON_ASSIGN_OR_RETURN(ExecutionContext* const context, session.context());
  BURGEON_ASSIGN_OR_RETURN(SequenceEvaluation found,
                           EvaluateSequences(*context, session.files(), options));
  RecommenderEvaluation out;
  out.title = Concat(Printable(path, 500), ": the ", test ? "last item" : "last item but one",
                     " of each user, among all items but those before");
  out.about = {Concat(found.customers, " users, ", found.items, " items, ", found.train_items,
                      " items in histories; ", found.test_customers,
                      " to be found; left out: ", found.repeated,
                      " users who had the item before, ", found.too_short, " with too few items")};
  out.split = {{"split", "leave-last-item-out"},         {"part", test ? "test" : "validation"},
               {"customers", found.customers},           {"train_items", found.train_items},
               {"test_customers", found.test_customers}, {"repeated", found.repeated},
               {"too_short", found.too_short},           {"device", DeviceName(context->device())},
               {"threads", session.pool().threads()}};
  out.quality = std::move(found.quality);
  return out;
}

}  // namespace burgeon
