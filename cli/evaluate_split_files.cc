// EvaluateSplitFiles of cli/evaluate_steps.h.
#include <cstdio>

#include "cli/evaluate_steps.h"
#include "training/recommender/evaluate_split.h"

namespace burgeon {

absl::StatusOr<RecommenderEvaluation> EvaluateSplitFiles(Session& session,
                                                         const EvaluationRequest& request,
                                                         const SplitFiles& split_files) {
  SplitEvaluationOptions options;
  options.train_path = split_files.train;
  options.test_path = split_files.test;
  options.protocol = split_files.protocol;
  options.mask_path = split_files.mask;
  options.recommender = request.job.recommender;
  options.comparison = request.options.comparison;
  BURGEON_ASSIGN_OR_RETURN(options.comparison.runs, RunsOf(request.options, options.recommender));
  BURGEON_ASSIGN_OR_RETURN(ExecutionContext* const context, session.context());
  BURGEON_ASSIGN_OR_RETURN(SplitEvaluation split,
                           EvaluateSplit(*context, session.files(), options));
  RecommenderEvaluation out;
  out.title = Concat("trained on ", Printable(split_files.train, 500), ", ranked against ",
                     Printable(split_files.test, 500));
  char text[200];
  std::snprintf(text, sizeof(text), "read in %.1f s, %.1f s in all", split.read_seconds,
                split.seconds);
  out.about = {Concat(split.customers, " customers, ", split.items, " items, ", split.train_pairs,
                      " train pairs, ", split.test_pairs, " test pairs"),
               text};
  out.split = {{"split", "files"},
               {"customers", split.customers},
               {"train_pairs", split.train_pairs},
               {"test_pairs", split.test_pairs},
               {"seconds", split.seconds},
               {"read_seconds", split.read_seconds},
               {"peak_memory_bytes", split.peak_memory_bytes},
               {"device", DeviceName(context->device())},
               {"threads", session.pool().threads()}};
  out.quality = std::move(split.quality);
  return out;
}

}  // namespace burgeon
