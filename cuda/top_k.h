// Masked exact top-k by inner product, on device memory: the CUDA form behind engine/ops/top_k.h.
//
// score(q, r) = float(sum_j double(query_qj) * double(row_rj)), j ascending, each product exact in
// double: the same bits as on a CPU. A list is ordered by score descending, then by row ascending.
//
// Two forms, one answer: a scan on tensor cores that only selects candidates (cuda/top_k_scan.h)
// where there are queries enough to fill a device, and a sort of all scores (cuda/top_k_sort.h).
#ifndef BURGEON_CUDA_TOP_K_H_
#define BURGEON_CUDA_TOP_K_H_

#include <cstdint>

#include "cuda/stream.h"
#include "cuda/top_k_tiling.h"
#include "engine/base/status.h"

namespace burgeon::cuda {

// All pointers are to device memory.
struct TopKView {
  const float* queries = nullptr;  // [query_count, dim]
  int64_t query_count = 0;
  const float* rows = nullptr;  // [row_count, dim]
  int64_t row_count = 0;        // at most 2^32 - 1
  int64_t dim = 0;
  // Rows not to be listed, by query: excluded_columns from excluded_offsets[q] to
  // excluded_offsets[q+1], ascending, each below row_count. Null offsets: none.
  const int64_t* excluded_offsets = nullptr;  // [query_count + 1]
  const uint32_t* excluded_columns = nullptr;
  // Bit r % 64 of word r / 64 set: row r may be listed. Null: all may.
  const uint64_t* allowed = nullptr;  // [ceil(row_count / 64)]
};

struct TopKLists {
  uint32_t* rows = nullptr;   // [query_count, tiling.kept]
  float* scores = nullptr;    // [query_count, tiling.kept]
  int32_t* counts = nullptr;  // [query_count]; entries of a list beyond its count are undefined
};

// The tiling.kept best of each query (PlanTopK). Queued on the stream: Synchronize(), or a copy to
// the host, before the lists are read.
absl::Status TopK(const Stream& stream, const TopKView& view, const TopKTiling& tiling,
                  const TopKLists& lists);

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_TOP_K_H_
