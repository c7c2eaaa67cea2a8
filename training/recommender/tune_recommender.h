// What a trial of a search of hyper-parameters is worth (training/tune/successive_halving.h): a
// recommender trained on a part of what it may learn from, measured by what was held out.
#ifndef BURGEON_TRAINING_RECOMMENDER_TUNE_RECOMMENDER_H_
#define BURGEON_TRAINING_RECOMMENDER_TUNE_RECOMMENDER_H_

#include "training/recommender/train_recommender.h"
#include "training/tune/tune_options.h"
#include "training/tune/validation_split.h"

namespace burgeon {

// The metric of `tune` at 20, of a model of `kind` with `options` trained on `share` of
// split.train: a share of the customers, or of the epochs, or all of it and a share of the
// customers ranked, as tune.fidelity says. kInvalidArgument for a share of the epochs of a kind
// that has none; kFailedPrecondition when nothing is held out of the share.
absl::StatusOr<double> EvaluateTrial(ExecutionContext& context, const ValidationSplit& split,
                                     const TuneOptions& tune, RecommenderKind kind,
                                     const RecommenderOptions& options, double share,
                                     TrainingReport* report);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_TUNE_RECOMMENDER_H_
