// Sampled softmax with gradients, on device memory: the CUDA form behind
// engine/ops/sampled_softmax.h, which states the formula and the error bounds.
//
// Both sides are rounded to bf16 and packed; then two passes of cuda/softmax_tile.h over tiles of
// scores, which stay in registers. By query: sums of exponentials and the queries' gradients
// together, by runs of candidates, merged afterwards in the order of the runs. By candidate: from
// those sums, the candidates' gradients. Four products in all; a pass that added the gradients of
// both sides at once would need one less, and float atomics or [n, m] of memory.
#ifndef BURGEON_CUDA_SAMPLED_SOFTMAX_H_
#define BURGEON_CUDA_SAMPLED_SOFTMAX_H_

#include <algorithm>
#include <cstdint>

#include "cuda/stream.h"
#include "engine/base/status.h"

namespace burgeon::cuda {

// All pointers are to device memory.
struct SampledSoftmaxView {
  const float* queries = nullptr;     // [query_count, dim]
  const float* positives = nullptr;   // [query_count, dim]
  const float* candidates = nullptr;  // [candidate_count, dim]
  int64_t query_count = 0;
  int64_t candidate_count = 0;
  int64_t dim = 0;
  const uint32_t* positive_ids = nullptr;  // both or neither
  const uint32_t* candidate_ids = nullptr;
  const float* positive_log_q = nullptr;   // null: zeros
  const float* candidate_log_q = nullptr;  // null: zeros
  const float* weights = nullptr;          // null: ones
  float temperature = 1;
  bool split = false;  // logits from two bf16 a value
};

// Gradients: all or none.
struct SampledSoftmaxGradients {
  float* queries = nullptr;
  float* positives = nullptr;
  float* candidates = nullptr;
};

// How values are packed: `part` dimensions, padded, once or (hi, hi, lo) beside (hi, lo, hi).
struct SoftmaxPacking {
  int part = 0;
  int steps = 0;    // tensor core products of a score
  int out_dim = 0;  // of products that one block adds up: part is a multiple
};

inline SoftmaxPacking PackingOf(int64_t dim, bool split) {
  SoftmaxPacking packing;
  packing.out_dim = dim <= 64 ? 64 : 128;
  packing.part = static_cast<int>((dim + packing.out_dim - 1) / packing.out_dim) * packing.out_dim;
  packing.steps = packing.part * (split ? 3 : 1) / 16;
  return packing;
}

// Columns are cut into runs so that even few rows make some kWantedBlocks blocks: two on each
// multiprocessor of a Hopper. It depends on shapes alone, so that bits do, too.
struct SoftmaxRuns {
  int64_t run = 1;    // tiles of columns
  int64_t count = 1;  // of runs
};

inline SoftmaxRuns PlanSoftmax(int64_t row_tiles, int64_t column_tiles) {
  constexpr int64_t kWantedBlocks = 264;
  const int64_t wanted = std::clamp<int64_t>(kWantedBlocks / std::max<int64_t>(1, row_tiles), 1,
                                             std::max<int64_t>(1, column_tiles));
  SoftmaxRuns runs;
  runs.run = std::max<int64_t>(1, (column_tiles + wanted - 1) / wanted);
  runs.count = std::max<int64_t>(1, (column_tiles + runs.run - 1) / runs.run);
  return runs;
}

// losses: [query_count]. Queued on the stream. kInvalidArgument when the vectors are too long for
// the device's shared memory.
absl::Status SampledSoftmax(const Stream& stream, const SampledSoftmaxView& view, float* losses,
                            const SampledSoftmaxGradients& gradients);

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_SAMPLED_SOFTMAX_H_
