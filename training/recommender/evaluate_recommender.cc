#include "training/recommender/evaluate_recommender.h"

#include "training/recommender/rank_customers.h"

namespace burgeon {

absl::StatusOr<RankingMetrics> EvaluateModel(ExecutionContext& context,
                                             const RecommenderModel& model,
                                             const CsrView& histories, const CsrView& mask,
                                             const CsrView& test, int k) {
  BURGEON_ASSIGN_OR_RETURN(
      const RankedLists lists,
      RankByModel(context, model, {.histories = histories, .mask = mask, .test = test, .k = k}));
  return MeanMetrics(lists, test, k);
}

absl::StatusOr<RankingMetrics> EvaluatePopularity(std::span<const float> popularity,
                                                  const CsrView& mask, const CsrView& test, int k) {
  BURGEON_ASSIGN_OR_RETURN(
      const RankedLists lists,
      RankByScore(popularity, {.histories = {}, .mask = mask, .test = test, .k = k}));
  return MeanMetrics(lists, test, k);
}

}  // namespace burgeon
