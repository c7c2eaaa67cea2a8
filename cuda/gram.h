// The Gram matrix  G = Y'Y  of a tall matrix.
//
// Not cuBLAS: the sums run in double over fixed runs of rows, added in the order of the runs, so
// that G has the same bits on every device; cuBLAS promises that only for one device and version.
#ifndef BURGEON_CUDA_GRAM_H_
#define BURGEON_CUDA_GRAM_H_

#include <algorithm>
#include <cstdint>

#include "cuda/stream.h"
#include "engine/base/status.h"

namespace burgeon::cuda {

// Runs of `rows` rows; their partial sums are held side by side, at most 128 MiB in all (one run
// when a single one needs more).
struct GramRuns {
  int64_t count = 1;
  int64_t rows = 1;
};

inline GramRuns PlanGram(int64_t row_count, int64_t dim) {
  constexpr int64_t kMaxRuns = 256;
  constexpr int64_t kMinRows = 256;  // shorter runs would not pay for their partial sums
  constexpr int64_t kMaxPartials = int64_t{1} << 24;
  const int64_t cells = std::max<int64_t>(1, dim * dim);
  const int64_t wanted = std::min({kMaxRuns, row_count / kMinRows, kMaxPartials / cells});
  GramRuns runs;
  runs.rows = std::max<int64_t>(
      1, (row_count + std::max<int64_t>(1, wanted) - 1) / std::max<int64_t>(1, wanted));
  runs.count = std::max<int64_t>(1, (row_count + runs.rows - 1) / runs.rows);
  return runs;
}

// rows: [row_count, dim], gram: [dim, dim], both row-major on the device. Queued on the stream.
absl::Status Gram(const Stream& stream, const float* rows, int64_t row_count, int64_t dim,
                  float* gram);

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_GRAM_H_
