#include "cuda/bf16_vectors.h"

#include <cuda_runtime.h>

#include "cuda/mma_tile.h"
#include "cuda/status.h"

namespace burgeon::cuda {
namespace {

constexpr int kThreads = 256;

struct PackTarget {
  uint16_t* values = nullptr;  // [rows, padded_dim]
  VectorBound* bounds = nullptr;
  VectorBound* tile_bounds = nullptr;
  unsigned* longest = nullptr;  // bits of the greatest length
  int64_t rows = 0;             // padded
  int64_t padded_dim = 0;
};

// Floats that are not negative sort as their bits do, and a NaN above all.
__device__ void RaiseTo(float* target, float value) {
  atomicMax(reinterpret_cast<unsigned*>(target), __float_as_uint(value) & 0x7FFFFFFFU);
}

// One warp a vector.
__global__ void PackVectors(const float* vectors, int64_t count, int64_t dim, PackTarget to) {
  const int lane = static_cast<int>(threadIdx.x) % 32;
  const int64_t row = (int64_t{blockIdx.x} * blockDim.x + threadIdx.x) / 32;
  if (row >= to.rows) return;
  double square = 0;
  double lost = 0;
  for (int64_t j = lane; j < to.padded_dim; j += 32) {
    const float x = row < count && j < dim ? vectors[row * dim + j] : 0.0F;
    const uint16_t rounded = Bf16Bits(x);
    const double difference = static_cast<double>(x) - static_cast<double>(FloatOfBf16(rounded));
    square += static_cast<double>(x) * static_cast<double>(x);
    lost += difference * difference;
    to.values[row * to.padded_dim + j] = rounded;
  }
  for (int offset = 16; offset > 0; offset /= 2) {
    square += __shfl_xor_sync(0xFFFFFFFFU, square, offset);
    lost += __shfl_xor_sync(0xFFFFFFFFU, lost, offset);
  }
  if (lane != 0) return;
  const VectorBound bound = BoundOfVector(square, lost);
  to.bounds[row] = bound;
  atomicMax(to.longest, __float_as_uint(bound.length) & 0x7FFFFFFFU);
  if (to.tile_bounds == nullptr) return;
  RaiseTo(&to.tile_bounds[row / kTileColumns].length, bound.length);
  RaiseTo(&to.tile_bounds[row / kTileColumns].lost, bound.lost);
}

}  // namespace

absl::StatusOr<Bf16Vectors> Bf16Vectors::Allocate(const Stream& stream, int64_t rows,
                                                  int64_t padded_dim) {
  BURGEON_CHECK(rows % kTileColumns == 0 && padded_dim % kUnitDims == 0);
  Bf16Vectors vectors;
  vectors.padded_dim_ = padded_dim;
  BURGEON_ASSIGN_OR_RETURN(vectors.values_,
                           DeviceBuffer<uint16_t>::Allocate(stream, rows * padded_dim));
  BURGEON_ASSIGN_OR_RETURN(vectors.bounds_, DeviceBuffer<VectorBound>::Allocate(stream, rows));
  BURGEON_ASSIGN_OR_RETURN(vectors.tile_bounds_,
                           DeviceBuffer<VectorBound>::Allocate(stream, rows / kTileColumns));
  return vectors;
}

absl::Status Bf16Vectors::Pack(const Stream& stream, const float* vectors, int64_t count,
                               int64_t dim, unsigned* longest) {
  BURGEON_CHECK(count <= bounds_.size() && dim <= padded_dim_);
  BURGEON_RETURN_IF_ERROR(tile_bounds_.SetToZero());
  const PackTarget to = {.values = values_.data(),
                         .bounds = bounds_.data(),
                         .tile_bounds = tile_bounds_.data(),
                         .longest = longest,
                         .rows = bounds_.size(),
                         .padded_dim = padded_dim_};
  const int64_t blocks = (to.rows * 32 + kThreads - 1) / kThreads;
  PackVectors<<<static_cast<unsigned>(blocks), kThreads, 0, stream.handle()>>>(vectors, count, dim,
                                                                               to);
  return LaunchStatus("PackVectors");
}

}  // namespace burgeon::cuda
