#include <cuda_runtime.h>

#include "cuda/device_buffer.h"
#include "cuda/gram.h"
#include "cuda/status.h"

namespace burgeon::cuda {
namespace {

constexpr int kEdge = 16;  // of the tile of G one thread block computes
constexpr int kThreads = 256;

// Block (x, y, run): the tile (y, x) of the run's partial sum, one thread an element.
__global__ void GramOfRuns(const float* rows, int64_t row_count, int64_t dim, int64_t run_rows,
                           double* partials) {
  __shared__ float left[kEdge][kEdge + 1];
  __shared__ float right[kEdge][kEdge + 1];
  const int64_t left_column = int64_t{blockIdx.y} * kEdge;
  const int64_t right_column = int64_t{blockIdx.x} * kEdge;
  const int64_t run_begin = int64_t{blockIdx.z} * run_rows;
  const int64_t run_end = min(row_count, run_begin + run_rows);
  double sum = 0;
  for (int64_t begin = run_begin; begin < run_end; begin += kEdge) {
    const int64_t row = begin + threadIdx.y;
    const int64_t a = left_column + threadIdx.x;
    const int64_t b = right_column + threadIdx.x;
    left[threadIdx.y][threadIdx.x] = row < run_end && a < dim ? rows[row * dim + a] : 0.0F;
    right[threadIdx.y][threadIdx.x] = row < run_end && b < dim ? rows[row * dim + b] : 0.0F;
    __syncthreads();
    for (int i = 0; i < kEdge; ++i) {  // rows past the end add exact zeros
      sum += static_cast<double>(left[i][threadIdx.y]) * static_cast<double>(right[i][threadIdx.x]);
    }
    __syncthreads();
  }
  const int64_t i = left_column + threadIdx.y;
  const int64_t j = right_column + threadIdx.x;
  if (i < dim && j < dim) partials[(int64_t{blockIdx.z} * dim + i) * dim + j] = sum;
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
  GramOfRuns<<<dim3(edges, edges, static_cast<unsigned>(runs.count)), dim3(kEdge, kEdge), 0,
               stream.handle()>>>(rows, row_count, dim, runs.rows, partials.data());
  BURGEON_RETURN_IF_ERROR(LaunchStatus("GramOfRuns"));
  const auto blocks = static_cast<unsigned>((cells + kThreads - 1) / kThreads);
  SumRuns<<<blocks, kThreads, 0, stream.handle()>>>(partials.data(), cells, runs.count, gram);
  return LaunchStatus("SumRuns");
}

}  // namespace burgeon::cuda
