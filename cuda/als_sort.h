// Which rows of a half-step are solved how (cuda/als_rows.h), found on the device.
#ifndef BURGEON_CUDA_ALS_SORT_H_
#define BURGEON_CUDA_ALS_SORT_H_

#include <array>
#include <cstdint>

#include "cuda/als_rows.h"
#include "cuda/als_step.h"
#include "cuda/device_buffer.h"
#include "cuda/row_solver.h"
#include "cuda/tridiagonal.h"

namespace burgeon::cuda {

// Entries of a row of the view.
BURGEON_HOST_DEVICE inline RowEntries EntriesOf(const AlsStepView& view, int64_t row) {
  const int64_t begin = view.offsets[row];
  return {view.columns + begin, view.values == nullptr ? nullptr : view.values + begin,
          view.offsets[row + 1] - begin};
}

// lambda_u of a row, by one thread.
BURGEON_HOST_DEVICE inline float RegularizationOf(const RowProblem& problem,
                                                  const RowEntries& entries) {
  double lanes[kWeightLanes];
  return RowRegularization(SoloTeam{}, problem, entries, lanes);
}

// The rows by class; within a class in no order, as no row's result depends on it.
struct SortedRows {
  DeviceBuffer<uint32_t> rows;  // [row_count]
  std::array<int64_t, kRowClasses> counts{};

  int64_t begin(int row_class) const;
  int64_t item_rows() const { return begin(kItemClasses); }
};

// Rows of 1 .. `longest` entries. Waits.
absl::StatusOr<int64_t> CountRowsUpTo(const Stream& stream, const AlsStepView& view, int longest);

// A row of up to limits.most() entries goes to a class of items unless its D is too uneven. With
// limits of 0, all go to the classes of factors and `tridiagonal` is not read. Waits.
absl::StatusOr<SortedRows> SortRows(const Stream& stream, const AlsStepView& view,
                                    const RowProblem& problem, const ItemLimits& limits,
                                    const Tridiagonal& tridiagonal);

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_ALS_SORT_H_
