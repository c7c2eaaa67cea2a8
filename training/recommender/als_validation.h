// What early stopping of als looks at: one interaction of a share of the customers is held out of
// the training, and ranked after each epoch.
#ifndef BURGEON_TRAINING_RECOMMENDER_ALS_VALIDATION_H_
#define BURGEON_TRAINING_RECOMMENDER_ALS_VALIDATION_H_

#include <cstdint>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/ops/als_step.h"
#include "engine/ops/execution_context.h"

namespace burgeon {

struct AlsValidation {
  CsrMatrix train;      // [customers, items] without what is held out
  CsrMatrix histories;  // [held out, items] the rows of `train` of who has something held out
  CsrMatrix held_out;   // [held out, items] one item each
};

// Customers are drawn by `seed` and row among those with at least two interactions.
// kFailedPrecondition when nobody is drawn.
absl::StatusOr<AlsValidation> HoldOutForAls(const CsrView& interactions, double share,
                                            uint64_t seed);

// NDCG@20 of the held-out items, for customers folded in on their histories.
absl::StatusOr<double> AlsValidationNdcg(ExecutionContext& context, const AlsValidation& validation,
                                         const FloatMatrix& items, const AlsStepParams& params);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_ALS_VALIDATION_H_
