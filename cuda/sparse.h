// Sparse times dense on device memory: the CUDA form behind engine/ops/sparse_product.h.
//
// A warp takes a segment of a row (cuda/sparse_plan.h) and 32 or 128 columns of the result; a lane
// keeps its sums in registers and adds entry by entry, so that every sum has the order of
// engine/base/sum_order.h and the bits of the CPU's. The sums of a long row's segments are added by
// a second kernel. No atomics.
#ifndef BURGEON_CUDA_SPARSE_H_
#define BURGEON_CUDA_SPARSE_H_

#include <cstdint>

#include "cuda/blas.h"
#include "cuda/device_buffer.h"
#include "cuda/sparse_plan.h"
#include "cuda/workspace.h"
#include "engine/base/matrix.h"
#include "engine/base/status.h"

namespace burgeon::cuda {

// A sparse matrix on the device, with its plan. Belongs to the stream it was made on.
struct SparseMatrix {
  static absl::StatusOr<SparseMatrix> Of(const Stream& stream, const CsrView& matrix);
  // Bytes that Of allocates.
  static int64_t Bytes(const CsrView& matrix);

  int64_t rows = 0;
  int64_t cols = 0;
  DeviceBuffer<int64_t> offsets;   // [rows + 1]
  DeviceBuffer<uint32_t> columns;  // each below cols
  DeviceBuffer<float> values;      // beside columns; empty: all 1
  DeviceBuffer<SparseUnit> units;
  DeviceBuffer<SparseLongRow> long_rows;
  int64_t slots = 0;
};

// What a sum is kept in until it is rounded to the result.
enum class SumIn { kFloat, kDouble };

// y [a.rows, width] = a x, x: [a.cols, width]. Queued on the stream; partial sums, slots x width of
// them, are in the workspace. kFloat has the bits of engine/ops/sparse.h; in double the products
// are exact and the sum of up to kSumSegment terms is within 2^-24 of the exact one, relative to
// the sum of magnitudes.
absl::Status SparseTimesDense(const Stream& stream, Workspace& workspace, const SparseMatrix& a,
                              Strided<const float> x, int64_t width, SumIn sum_in,
                              Strided<float> y);

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_SPARSE_H_
