// Ranked lists of every customer with test items, by a model or by a score that is the same for
// everyone: what the metrics of engine/experiment are taken of.
#ifndef BURGEON_TRAINING_RECOMMENDER_RANK_CUSTOMERS_H_
#define BURGEON_TRAINING_RECOMMENDER_RANK_CUSTOMERS_H_

#include <span>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/experiment/ranked_lists.h"
#include "engine/models/recommender_model.h"
#include "engine/ops/execution_context.h"

namespace burgeon {

struct RankingTask {
  CsrView histories;  // [customers, items] what the model was trained on, for models with an
                      // operator
  CsrView mask;       // [customers, items] never listed, pattern
  CsrView test;       // [customers, items] pattern; a customer without items gets an empty list
  int k = 20;         // length of a list, at most limits::kMaxK
};

// [customers] lists. The model's customers are those of the task, in the same order.
// kInvalidArgument when shapes do not fit.
absl::StatusOr<RankedLists> RankByModel(ExecutionContext& context, const RecommenderModel& model,
                                        const RankingTask& task);
// The same list for everyone, but for the mask: by score descending, then by item row.
// scores: [items].
absl::StatusOr<RankedLists> RankByScore(std::span<const float> scores, const RankingTask& task);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_RANK_CUSTOMERS_H_
