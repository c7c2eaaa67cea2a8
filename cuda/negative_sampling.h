// Draws negative items on device memory: the CUDA form behind engine/ops/negative_sampling.h. One
// thread a draw, by the functions of engine/base/alias_draw.h that the CPU form runs too.
#ifndef BURGEON_CUDA_NEGATIVE_SAMPLING_H_
#define BURGEON_CUDA_NEGATIVE_SAMPLING_H_

#include <cstdint>

#include "cuda/stream.h"
#include "engine/base/alias_draw.h"
#include "engine/base/status.h"

namespace burgeon::cuda {

// All pointers are to device memory.
struct NegativeSamplingView {
  AliasView table;
  Philox random{0, 0};
  uint64_t first = 0;                      // number of the first draw
  const int64_t* seen_offsets = nullptr;   // [rows + 1]; null: nothing is seen
  const uint32_t* seen_columns = nullptr;  // ascending within a row
  int64_t rows = 0;
  int64_t columns = 0;
  uint32_t* items = nullptr;  // [rows, columns]
};

// Synchronous. Returns how many draws ended with a seen item.
absl::StatusOr<int64_t> SampleNegatives(const Stream& stream, const NegativeSamplingView& view);

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_NEGATIVE_SAMPLING_H_
