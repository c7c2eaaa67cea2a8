#include <cuda_runtime.h>

#include "cuda/device_buffer.h"
#include "cuda/gram.h"
#include "cuda/status.h"

namespace burgeon::cuda {
namespace {

constexpr int kEdge = 64;             // of the tile of G one thread block computes
constexpr int kSide = 16;             // threads of a block: kSide x kSide
constexpr int kEach = kEdge / kSide;  // a thread has kEach x kEach elements
constexpr int kRows = 16;             // of the input in shared memory at a time
constexpr int kThreads = kSide * kSide;

// Columns [first, first + kEdge) of kRows rows, as doubles: converted once, not once a product.
__device__ void LoadColumns(const float* rows, int64_t begin, int64_t end, int64_t dim,
                            int64_t first, double (&to)[kRows][kEdge]) {
  for (int e = static_cast<int>(threadIdx.y * kSide + threadIdx.x); e < kRows * kEdge;
       e += kThreads) {
    const int64_t row = begin + e / kEdge;
    const int64_t column = first + e % kEdge;
    to[e / kEdge][e % kEdge] =
        row < end && column < dim ? static_cast<double>(rows[row * dim + column]) : 0.0;
  }
}

// Block (x, y, run): the tile (y, x) of the run's partial sum. Elements of a thread lie kSide
// apart, so that threads side by side read shared memory side by side.
__global__ void __launch_bounds__(kThreads)
    GramOfRuns(const float* rows, int64_t row_count, int64_t dim, int64_t run_rows,
               double* partials) {
  __shared__ double left[kRows][kEdge];
  __shared__ double right[kRows][kEdge];
  const int64_t left_column = int64_t{blockIdx.y} * kEdge;
  const int64_t right_column = int64_t{blockIdx.x} * kEdge;
  const int64_t run_begin = int64_t{blockIdx.z} * run_rows;
  const int64_t run_end = min(row_count, run_begin + run_rows);
  double sums[kEach][kEach] = {};
  for (int64_t begin = run_begin; begin < run_end; begin += kRows) {
    LoadColumns(rows, begin, run_end, dim, left_column, left);
    LoadColumns(rows, begin, run_end, dim, right_column, right);
    __syncthreads();
#pragma unroll 4
    for (int i = 0; i < kRows; ++i) {  // rows past the end add exact zeros
#pragma unroll
      for (int a = 0; a < kEach; ++a) {
#pragma unroll
        for (int b = 0; b < kEach; ++b) {
          sums[a][b] += left[i][a * kSide + threadIdx.y] * right[i][b * kSide + threadIdx.x];
        }
      }
    }
    __syncthreads();
  }
#pragma unroll
  for (int a = 0; a < kEach; ++a) {
#pragma unroll
    for (int b = 0; b < kEach; ++b) {
      const int64_t i = left_column + a * kSide + threadIdx.y;
      const int64_t j = right_column + b * kSide + threadIdx.x;
      if (i < dim && j < dim) partials[(int64_t{blockIdx.z} * dim + i) * dim + j] = sums[a][b];
    }
  }
}

__global__ void SumRuns(const double* partials, int64_t cells, int64_t runs, float* gram) {
  const int64_t cell = int64_t{blockIdx.x} * blockDim.x + threadIdx.x;
  if (cell >= cells) return;
  double sum = 0;
  for (int64_t run = 0; run < runs; ++run) sum += partials[run * cells + cell];
  gram[cell] = static_cast<float>(sum);
}

}  // namespace

absl::Status Gram(const Stream& stream, const float* rows, int64_t row_count, int64_t dim,
                  float* gram) {
  if (dim == 0) return absl::OkStatus();
  const GramRuns runs = PlanGram(row_count, dim);
  const int64_t cells = dim * dim;
  BURGEON_ASSIGN_OR_RETURN(const auto partials,
                           DeviceBuffer<double>::Allocate(stream, runs.count * cells));
  const auto edges = static_cast<unsigned>((dim + kEdge - 1) / kEdge);
  GramOfRuns<<<dim3(edges, edges, static_cast<unsigned>(runs.count)), dim3(kSide, kSide), 0,
               stream.handle()>>>(rows, row_count, dim, runs.rows, partials.data());
  BURGEON_RETURN_IF_ERROR(LaunchStatus("GramOfRuns"));
  const auto blocks = static_cast<unsigned>((cells + kThreads - 1) / kThreads);
  SumRuns<<<blocks, kThreads, 0, stream.handle()>>>(partials.data(), cells, runs.count, gram);
  return LaunchStatus("SumRuns");
}

}  // namespace burgeon::cuda
