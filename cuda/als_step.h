// One half-step of implicit alternating least squares, on device memory: the CUDA form behind
// engine/ops/als_step.h, which states the formula.
//
// The Gram matrix of the fixed side once, summed in double over fixed runs of rows. Then one thread
// block a row, the longest rows first: normal equations of one block of coordinates at a time,
// Cholesky, step (cuda/row_solver.h); or, for rows of few entries of an exact step, through as many
// unknowns as there are entries (cuda/item_solver.h). Every sum has one order, whatever the device;
// there are no float atomics.
#ifndef BURGEON_CUDA_ALS_STEP_H_
#define BURGEON_CUDA_ALS_STEP_H_

#include <cstdint>

#include "cuda/stream.h"
#include "engine/base/status.h"

namespace burgeon::cuda {

// All pointers are to device memory.
struct AlsStepView {
  const int64_t* offsets = nullptr;   // [row_count + 1]
  const uint32_t* columns = nullptr;  // each below fixed_count
  const float* values = nullptr;      // beside columns; null: all 1
  int64_t row_count = 0;
  const float* fixed = nullptr;  // [fixed_count, dim]
  int64_t fixed_count = 0;
  int64_t dim = 0;
  float* factors = nullptr;  // [row_count, dim]: read by the block solver, then overwritten
};

// How rows with fewer entries than factors are solved by an exact step; the answers agree within
// the bound of either.
enum class AlsForm {
  kAuto,     // through their items where enough rows are short to pay for the basis
  kItems,    // through their items, however few they are
  kFactors,  // as all others
};

struct AlsStepOptions {
  float unobserved_weight = 0;        // a0
  float regularization = 0;           // lambda
  float regularization_exponent = 0;  // nu
  int block_size = 0;                 // coordinates solved together; 0: all (exact)
  // kAuto has not been run on a GPU yet: until it has, what was measured and checked there is used.
  AlsForm form = AlsForm::kFactors;
};

// Synchronous. kInvalidArgument, with the lowest such row, when normal equations are not positive
// definite; factors are then undefined.
absl::Status AlsStep(const Stream& stream, const AlsStepView& view, const AlsStepOptions& options);

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_ALS_STEP_H_
