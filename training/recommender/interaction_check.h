// What both recommenders ask of their input before they start.
#ifndef BURGEON_TRAINING_RECOMMENDER_INTERACTION_CHECK_H_
#define BURGEON_TRAINING_RECOMMENDER_INTERACTION_CHECK_H_

#include <vector>

#include "engine/base/matrix.h"
#include "engine/base/status.h"

namespace burgeon {

// kFailedPrecondition when there is nothing to learn from; kInvalidArgument for a weight that is
// not positive and finite.
absl::Status CheckInteractions(const CsrView& interactions);

// The sum of weights of each item, in the order of customers.
std::vector<double> ColumnSums(const CsrView& interactions);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_INTERACTION_CHECK_H_
