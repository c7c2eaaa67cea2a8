// Some rows of a sparse matrix: of a batch of customers.
#ifndef BURGEON_TRAINING_RECOMMENDER_SELECT_ROWS_H_
#define BURGEON_TRAINING_RECOMMENDER_SELECT_ROWS_H_

#include <cstdint>
#include <span>

#include "engine/base/matrix.h"

namespace burgeon {

// Row k is rows[k] of the matrix; without values where the matrix has none.
CsrMatrix SelectRows(const CsrView& matrix, std::span<const int64_t> rows);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_SELECT_ROWS_H_
