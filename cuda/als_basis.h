// The basis of cuda/tridiagonal.h for one half-step, on the device: Q, the fixed side in it, and
// the way back.
//
//   BURGEON_ASSIGN_OR_RETURN(AlsBasis basis, AlsBasis::Make(stream, gram, dim, a0, y, count));
//   ... basis.items() for cuda/item_solver.h, which leaves s in rows of factors ...
//   BURGEON_RETURN_IF_ERROR(basis.RotateBack(stream, rows, count, roots, factors));
#ifndef BURGEON_CUDA_ALS_BASIS_H_
#define BURGEON_CUDA_ALS_BASIS_H_

#include <cstdint>

#include "cuda/device_buffer.h"
#include "cuda/item_solver.h"
#include "cuda/stream.h"
#include "cuda/tridiagonal.h"

namespace burgeon::cuda {

class AlsBasis {
 public:
  // Above, a step of Householder's method takes too long on one thread block.
  static constexpr int kMostDim = 256;

  // gram: [dim, dim], fixed: [fixed_count, dim], on the device; dim: 1 .. kMostDim. Queued on the
  // stream.
  static absl::StatusOr<AlsBasis> Make(const Stream& stream, const float* gram, int dim,
                                       float unobserved_weight, const float* fixed,
                                       int64_t fixed_count);

  // factors[row] := Q L^-T factors[row] for each of `count` rows; roots: [count, width], beside
  // them. Queued on the stream.
  absl::Status RotateBack(const Stream& stream, const uint32_t* rows, int64_t count,
                          const float* roots, float* factors) const;

  Tridiagonal tridiagonal() const;
  const DeviceBuffer<float>& rotated() const { return rotated_; }  // [fixed_count, width]: z
  ItemProblem items() const { return {rotated_.data(), beside_.data(), width_}; }

 private:
  int dim_ = 0;
  int width_ = 0;
  DeviceBuffer<double> memory_;  // of Tridiagonal
  DeviceBuffer<float> to_;       // Q, [width, width], zeros past dim
  DeviceBuffer<float> from_;     // Q'
  DeviceBuffer<float> beside_;   // [width]
  DeviceBuffer<float> rotated_;
};

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_ALS_BASIS_H_
