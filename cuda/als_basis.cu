#include "cuda/als_basis.h"

#include <cuda_runtime.h>

#include "cuda/rotate_tile.h"
#include "cuda/status.h"

namespace burgeon::cuda {
namespace {

constexpr int kReduceThreads = 1024;
constexpr int kColumnThreads = 128;
constexpr int kRotateThreads = 256;

__global__ void ScaleGram(const float* gram, float unobserved_weight, int cells, double* to) {
  const int cell = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (cell < cells) to[cell] = static_cast<double>(unobserved_weight) * gram[cell];
}

// One block: each step needs the whole matrix after the one before.
__global__ void __launch_bounds__(kReduceThreads)
    ReduceGram(Tridiagonal tridiagonal, int width, float* beside) {
  __shared__ double memory[TridiagonalScratchDoubles(AlsBasis::kMostDim)];
  Tridiagonalize(BlockTeam{}, tridiagonal, CutTridiagonalScratch(memory, tridiagonal.dim));
  for (int k = static_cast<int>(threadIdx.x); k < width; k += kReduceThreads) {
    beside[k] = k < tridiagonal.dim ? static_cast<float>(tridiagonal.beside[k]) : 0.0F;
  }
}

// A block a column of Q.
__global__ void __launch_bounds__(kColumnThreads)
    FormBasis(Tridiagonal tridiagonal, int width, float* to, float* from) {
  __shared__ double memory[TridiagonalScratchDoubles(AlsBasis::kMostDim)];
  const int n = tridiagonal.dim;
  const auto column = static_cast<int>(blockIdx.x);
  const TridiagonalScratch scratch = CutTridiagonalScratch(memory, n);
  BasisColumn(BlockTeam{}, tridiagonal, column, scratch);
  for (int i = static_cast<int>(threadIdx.x); i < n; i += kColumnThreads) {
    to[i * width + column] = from[column * width + i] = static_cast<float>(scratch.vector[i]);
  }
}

// Rows [first, first + count) of a [.., dim] matrix, or those that `list` names, to a tile.
__device__ void LoadTile(const float* matrix, const uint32_t* list, int64_t first, int count,
                         int dim, int width, float* tile) {
  const int stride = ItemStride(width);
  for (int e = static_cast<int>(threadIdx.x); e < kRotatedRows * width; e += kRotateThreads) {
    const int i = e / width;
    const int j = e % width;
    float value = 0;
    if (i < count && j < dim) {
      const int64_t row = list == nullptr ? first + i : int64_t{list[first + i]};
      value = matrix[row * dim + j];
    }
    tile[i * stride + j] = value;
  }
  __syncthreads();
}

__device__ int RowsOfTile(int64_t first, int64_t count) {
  return static_cast<int>(min(int64_t{kRotatedRows}, count - first));
}

__global__ void __launch_bounds__(kRotateThreads)
    RotateFixed(const float* fixed, int64_t count, int dim, int width, const float* matrix,
                float* rotated) {
  extern __shared__ __align__(16) float tile[];
  const int64_t first = int64_t{blockIdx.x} * kRotatedRows;
  const int rows = RowsOfTile(first, count);
  LoadTile(fixed, nullptr, first, rows, dim, width, tile);
  MultiplyTile(BlockTeam{}, tile, matrix, width, rows, [&](int i, int j, const Four& four) {
    *reinterpret_cast<Four*>(rotated + (first + i) * width + j) = four;
  });
}

__global__ void __launch_bounds__(kRotateThreads)
    RotateFactors(const uint32_t* list, int64_t count, int dim, int width, const float* matrix,
                  const float* roots, const float* beside, float* factors) {
  extern __shared__ __align__(16) float tile[];
  const int64_t first = int64_t{blockIdx.x} * kRotatedRows;
  const int rows = RowsOfTile(first, count);
  LoadTile(factors, list, first, rows, dim, width, tile);
  for (int i = static_cast<int>(threadIdx.x); i < rows; i += kRotateThreads) {
    SolveBidiagonal(roots + (first + i) * width, beside, width, tile + i * ItemStride(width));
  }
  __syncthreads();
  MultiplyTile(BlockTeam{}, tile, matrix, width, rows, [&](int i, int j, const Four& four) {
    float* const row = factors + int64_t{list[first + i]} * dim;
    for (int c = 0; c < kEdge && j + c < dim; ++c) row[j + c] = four.v[c];
  });
}

unsigned TilesOf(int64_t rows) {
  return static_cast<unsigned>((rows + kRotatedRows - 1) / kRotatedRows);
}

}  // namespace

Tridiagonal AlsBasis::tridiagonal() const {
  const int cells = dim_ * dim_;
  double* const vectors = memory_.data() + 2 * cells;
  return {.dim = dim_,
          .matrix = memory_.data(),
          .reflectors = memory_.data() + cells,
          .betas = vectors,
          .diagonal = vectors + dim_,
          .beside = vectors + 2 * dim_,
          .bound = vectors + 3 * dim_};
}

absl::StatusOr<AlsBasis> AlsBasis::Make(const Stream& stream, const float* gram, int dim,
                                        float unobserved_weight, const float* fixed,
                                        int64_t fixed_count) {
  BURGEON_CHECK(dim >= 1 && dim <= kMostDim);
  AlsBasis basis;
  basis.dim_ = dim;
  basis.width_ = RoundUpToEdge(dim);
  const int width = basis.width_;
  const int cells = dim * dim;
  BURGEON_ASSIGN_OR_RETURN(basis.memory_,
                           DeviceBuffer<double>::Allocate(stream, 2 * cells + 3 * dim + 1));
  BURGEON_ASSIGN_OR_RETURN(basis.to_, DeviceBuffer<float>::Allocate(stream, width * width));
  BURGEON_ASSIGN_OR_RETURN(basis.from_, DeviceBuffer<float>::Allocate(stream, width * width));
  BURGEON_ASSIGN_OR_RETURN(basis.beside_, DeviceBuffer<float>::Allocate(stream, width));
  BURGEON_ASSIGN_OR_RETURN(basis.rotated_,
                           DeviceBuffer<float>::Allocate(stream, fixed_count * width));
  BURGEON_RETURN_IF_ERROR(basis.to_.SetToZero());
  BURGEON_RETURN_IF_ERROR(basis.from_.SetToZero());
  const Tridiagonal tridiagonal = basis.tridiagonal();
  const auto blocks = static_cast<unsigned>((cells + kRotateThreads - 1) / kRotateThreads);
  ScaleGram<<<blocks, kRotateThreads, 0, stream.handle()>>>(gram, unobserved_weight, cells,
                                                            tridiagonal.matrix);
  BURGEON_RETURN_IF_ERROR(LaunchStatus("ScaleGram"));
  ReduceGram<<<1, kReduceThreads, 0, stream.handle()>>>(tridiagonal, width, basis.beside_.data());
  BURGEON_RETURN_IF_ERROR(LaunchStatus("ReduceGram"));
  FormBasis<<<static_cast<unsigned>(dim), kColumnThreads, 0, stream.handle()>>>(
      tridiagonal, width, basis.to_.data(), basis.from_.data());
  BURGEON_RETURN_IF_ERROR(LaunchStatus("FormBasis"));
  const auto bytes = static_cast<size_t>(RotateTileFloats(width)) * sizeof(float);
  RotateFixed<<<TilesOf(fixed_count), kRotateThreads, bytes, stream.handle()>>>(
      fixed, fixed_count, dim, width, basis.to_.data(), basis.rotated_.data());
  BURGEON_RETURN_IF_ERROR(LaunchStatus("RotateFixed"));
  return basis;
}

absl::Status AlsBasis::RotateBack(const Stream& stream, const uint32_t* rows, int64_t count,
                                  const float* roots, float* factors) const {
  const auto bytes = static_cast<size_t>(RotateTileFloats(width_)) * sizeof(float);
  RotateFactors<<<TilesOf(count), kRotateThreads, bytes, stream.handle()>>>(
      rows, count, dim_, width_, from_.data(), roots, beside_.data(), factors);
  return LaunchStatus("RotateFactors");
}

}  // namespace burgeon::cuda
