#include "cuda/top_k.h"

#include <cuda_runtime.h>

#include "cuda/status.h"
#include "cuda/top_k_scan.h"
#include "cuda/top_k_sort.h"

namespace burgeon::cuda {

absl::Status TopK(const Stream& stream, const TopKView& view, const TopKTiling& tiling,
                  const TopKLists& lists) {
  if (view.query_count == 0) return absl::OkStatus();
  if (view.row_count == 0) {
    return CudaStatus(
        cudaMemsetAsync(lists.counts, 0, view.query_count * sizeof(int32_t), stream.handle()),
        "zeroing of list lengths");
  }
  if (view.query_count >= kMinScanQueries && TopKScanTakes(view, tiling.kept) &&
      TopKScanSharedBytes(view.dim) <= stream.shared_memory_per_block_bytes()) {
    return TopKScan(stream, view, tiling.kept, lists).status();
  }
  return TopKSort(stream, view, {.count = view.query_count}, tiling, lists);
}

}  // namespace burgeon::cuda
