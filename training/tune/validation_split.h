// What tuning is judged by: interactions held out of those it may learn from. The test set, if
// there is one, is no part of it.
#ifndef BURGEON_TRAINING_TUNE_VALIDATION_SPLIT_H_
#define BURGEON_TRAINING_TUNE_VALIDATION_SPLIT_H_

#include <cstdint>

#include "engine/base/item_sequence.h"
#include "engine/base/matrix.h"

namespace burgeon {

struct ValidationSplit {
  CsrMatrix train;      // [customers, items]
  CsrMatrix mask;       // [customers, items] not ranked
  CsrMatrix held_out;   // [customers, items] pattern: what ranks are measured against
  ItemSequences order;  // [customers] the items of train in order of time; no rows: not known
};

// Each interaction is held out with probability `share`, drawn by `seed` and its place; one at
// least stays with every customer.
ValidationSplit HoldOutRandom(const CsrView& interactions, double share, uint64_t seed);

// The same matrix with the rows of a share of the customers, the others empty. A smaller share of
// the same seed is part of a larger one.
CsrMatrix KeepCustomers(const CsrView& matrix, double share, uint64_t seed);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_TUNE_VALIDATION_SPLIT_H_
