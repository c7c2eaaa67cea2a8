// The short rows of an exact ALS half-step, through their items: cuda/item_solver.h for each.
#ifndef BURGEON_CUDA_ALS_ITEMS_H_
#define BURGEON_CUDA_ALS_ITEMS_H_

#include "cuda/als_basis.h"
#include "cuda/als_rows.h"
#include "cuda/als_sort.h"
#include "cuda/als_step.h"

namespace burgeon::cuda {

// Factors of the rows in the classes of items. The lowest row without a solution is written to
// `lowest_failed`, on the device, where that is greater. Queued on the stream; needs memory for the
// factors of L of 65,536 rows at a time.
absl::Status SolveItemRows(const Stream& stream, const AlsStepView& view, const RowProblem& problem,
                           const ItemLimits& limits, const AlsBasis& basis,
                           const SortedRows& sorted, unsigned long long* lowest_failed);

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_ALS_ITEMS_H_
