// Top-k by a scan on tensor cores: the form of cuda/top_k.h for many queries.
//
// Queries and rows are rounded to bf16; products of tiles of 256 queries x 128 rows stay in
// registers, and no score is written unless it may matter. Each query has a floor: k canonical
// scores are known to reach it. A score that clears the floor, less what bf16 can be off by
// (cuda/top_k_bound.h), goes to the query's candidates. Whenever the rows seen have doubled, or
// candidates are nearly full, the floor rises to the k-th best of their lower bounds, and those
// that cannot reach it are dropped. Masks are bits of a tile, made while it is multiplied. At the
// end the candidates are scored in double and sorted (cuda/top_k_rank.h), so that the answer is
// that of any other form. A query whose candidates stay too many (all scores equal) is listed by
// cuda/top_k_sort.h, as are all when a vector is too long for bf16.
#ifndef BURGEON_CUDA_TOP_K_SCAN_H_
#define BURGEON_CUDA_TOP_K_SCAN_H_

#include <cstdint>

#include "cuda/top_k.h"

namespace burgeon::cuda {

inline constexpr int64_t kMaxScanK = 512;
inline constexpr int64_t kMinScanQueries = 1024;  // fewer leave most multiprocessors idle

// Whether the scan is made for this shape.
inline bool TopKScanTakes(const TopKView& view, int64_t kept) {
  return view.dim >= 1 && view.row_count >= 1 && kept <= kMaxScanK;
}

// Shared memory that a thread block of the scan needs: more than devices before Hopper have.
int64_t TopKScanSharedBytes(int64_t dim);

// As TopK, for a shape it takes and any number of queries. The number of queries that were left to
// the sort. Reads that number back from the device: not just queued.
absl::StatusOr<int64_t> TopKScan(const Stream& stream, const TopKView& view, int64_t kept,
                                 const TopKLists& lists);

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_TOP_K_SCAN_H_
