// The means of engine/experiment/ranking_metrics.h at one k, of one model: all items ranked for
// every customer with test items, the mask left out. compare_recommenders.h measures more, of
// several models side by side.
#ifndef BURGEON_TRAINING_RECOMMENDER_EVALUATE_RECOMMENDER_H_
#define BURGEON_TRAINING_RECOMMENDER_EVALUATE_RECOMMENDER_H_

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/experiment/ranking_metrics.h"
#include "engine/models/recommender_model.h"
#include "engine/ops/execution_context.h"

namespace burgeon {

// histories: [customers, items], what the model was trained on, for models with an operator; mask
// and test: the same shape, patterns. k as in recall@k.
absl::StatusOr<RankingMetrics> EvaluateModel(ExecutionContext& context,
                                             const RecommenderModel& model,
                                             const CsrView& histories, const CsrView& mask,
                                             const CsrView& test, int k);
// popularity: [items].
absl::StatusOr<RankingMetrics> EvaluatePopularity(std::span<const float> popularity,
                                                  const CsrView& mask, const CsrView& test, int k);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_EVALUATE_RECOMMENDER_H_
