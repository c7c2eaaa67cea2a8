// How large a model's scores are: what puts the models of a blend on one scale.
#ifndef BURGEON_TRAINING_RECOMMENDER_SCORE_SIZE_H_
#define BURGEON_TRAINING_RECOMMENDER_SCORE_SIZE_H_

#include "engine/base/matrix.h"
#include "engine/models/recommender_model.h"
#include "engine/ops/execution_context.h"

namespace burgeon {

// The root mean square of the scores over all customers and items. By embeddings
//   sqrt(<C'C, V'V> / (customers items)), C and V those of customers and items,
// by an operator B  sqrt(|X B|^2 / (customers items)), X the interactions. The same bits for any
// number of threads.
double RootMeanSquareScore(ExecutionContext& context, const RecommenderModel& model,
                           const CsrView& interactions);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_SCORE_SIZE_H_
