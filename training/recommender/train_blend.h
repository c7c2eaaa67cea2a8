// A weighted sum of models of other kinds, as one model: score = sum_m (w_m / r_m) score_m, with
// r_m the root mean square of score_m over all customers and items, so that weights compare members
// of any scale. Members with embeddings stand side by side; item operators are added.
//
//   options.blend.members = {{.weight = 1, .recommender = spectral},
//                            {.weight = 0.4F, .recommender = ease}};
//
// With a ranker (train_ranker.h) the members are trained twice, first without what it learns from.
//
// r_m^2 = <C'C, V'V> / (customers items) for embeddings C and V of customers and items, and
// |X B|^2 / (customers items) for an operator B and interactions X.
#ifndef BURGEON_TRAINING_RECOMMENDER_TRAIN_BLEND_H_
#define BURGEON_TRAINING_RECOMMENDER_TRAIN_BLEND_H_

#include "training/recommender/train_recommender.h"

namespace burgeon {

inline constexpr int kMaxBlendMembers = 16;

// kInvalidArgument without a member that ranks by embeddings (indexes and neighbours need one), for
// a weight that is not positive, a blend among the members, or a member all of whose scores are
// zero; what a member's own training says, with the member named.
absl::StatusOr<RecommenderModel> TrainBlend(ExecutionContext& context, const RecommenderData& data,
                                            const BlendOptions& options, TrainingReport* report);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_TRAIN_BLEND_H_
