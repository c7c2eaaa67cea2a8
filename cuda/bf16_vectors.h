// Vectors rounded to bf16 on the device, with the length of each and of what the rounding lost
// (cuda/top_k_bound.h), padded with zeros to whole tiles and steps of tensor core products.
#ifndef BURGEON_CUDA_BF16_VECTORS_H_
#define BURGEON_CUDA_BF16_VECTORS_H_

#include <cstdint>

#include "cuda/device_buffer.h"
#include "cuda/top_k_bound.h"

namespace burgeon::cuda {

inline int64_t RoundUp(int64_t x, int64_t multiple) {
  return (x + multiple - 1) / multiple * multiple;
}

// On device memory.
struct Bf16View {
  const uint16_t* values = nullptr;          // [rows, padded_dim], aligned to 16 bytes
  const VectorBound* bounds = nullptr;       // [rows]
  const VectorBound* tile_bounds = nullptr;  // the greatest of each tile of kTileColumns rows
};

class Bf16Vectors {
 public:
  // Room for `rows` vectors, a multiple of kTileColumns, of `padded_dim`, a multiple of 8.
  static absl::StatusOr<Bf16Vectors> Allocate(const Stream& stream, int64_t rows,
                                              int64_t padded_dim);

  // Takes vectors [count, dim], of the device; what is past count or dim is zero. *longest, on the
  // device, is raised to the bits of the greatest length; a vector that is not finite has one above
  // any finite length.
  absl::Status Pack(const Stream& stream, const float* vectors, int64_t count, int64_t dim,
                    unsigned* longest);

  Bf16View view() const { return {values_.data(), bounds_.data(), tile_bounds_.data()}; }

 private:
  int64_t padded_dim_ = 0;
  DeviceBuffer<uint16_t> values_;
  DeviceBuffer<VectorBound> bounds_;
  DeviceBuffer<VectorBound> tile_bounds_;
};

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_BF16_VECTORS_H_
