// Top-k by sorting every score: the form for any shape, and the one that cuda/top_k_scan.h leaves
// queries to whose candidates are too many.
//
// Tiles of queries x rows are scored into 64-bit keys that sort as the list does
// (cuda/sort_key.h), CUB sorts the keys of each query together with the best so far, and the first
// k stay. Device memory beyond the input is bounded by TopKTiling, whatever the sizes.
#ifndef BURGEON_CUDA_TOP_K_SORT_H_
#define BURGEON_CUDA_TOP_K_SORT_H_

#include <cstdint>

#include "cuda/top_k.h"

namespace burgeon::cuda {

// Which queries to list: `count` of them, by number; null: the first `count`.
struct ChosenQueries {
  const int64_t* ids = nullptr;  // on the device
  int64_t count = 0;
};

// As TopK, for these queries only; the lists lie where those of all queries would. Needs a row.
absl::Status TopKSort(const Stream& stream, const TopKView& view, const ChosenQueries& chosen,
                      const TopKTiling& tiling, const TopKLists& lists);

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_TOP_K_SORT_H_
