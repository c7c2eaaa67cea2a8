// One thread of a block as the functions of cuda/softmax_tile.h see it: its place, the barrier, and
// what lanes of a warp do together. The tests have another, of a block played on the host
// (tests/cuda/played_block.h); it is the list of what such functions may call.
#ifndef BURGEON_CUDA_DEVICE_THREAD_CUH_
#define BURGEON_CUDA_DEVICE_THREAD_CUH_

#include "cuda/tensor_core.cuh"

namespace burgeon::cuda {

class DeviceThread {
  static constexpr unsigned kAll = 0xFFFFFFFFU;

 public:
  __device__ int index() const { return static_cast<int>(threadIdx.x); }
  __device__ void Sync() const { __syncthreads(); }

  // Of a warp: all its lanes call these together.
  __device__ float ShuffleXor(float x, int mask) const { return __shfl_xor_sync(kAll, x, mask); }
  __device__ bool Any(bool x) const { return __any_sync(kAll, x) != 0; }
  template <class Unit>
  __device__ void LoadMatrices(const Unit* row, unsigned (&to)[4]) const {
    cuda::LoadMatrices(SharedAddress(row), to);
  }
  template <class Unit>
  __device__ void LoadMatricesTransposed(const Unit* row, unsigned (&to)[4]) const {
    cuda::LoadMatricesTransposed(SharedAddress(row), to);
  }
  __device__ void Multiply(const unsigned (&a)[4], unsigned b0, unsigned b1, float (&c)[4]) const {
    cuda::Multiply(a, b0, b1, c);
  }

  // Copies of 16 bytes to shared memory, in groups; a thread sees its own after WaitForCopies, and
  // those of others after a Sync that follows theirs.
  template <class Unit>
  __device__ void CopyUnit(Unit* shared, const Unit* global) const {
    CopyUnitAsync(reinterpret_cast<uint4*>(shared), reinterpret_cast<const uint4*>(global));
  }
  __device__ void CommitCopies() const { cuda::CommitCopies(); }
  template <int kPending>
  __device__ void WaitForCopies() const {
    cuda::WaitForCopies<kPending>();
  }

  // Within 2 units in the last place; results below the normal range are zero.
  __device__ float Exp2(float x) const { return ExponentialOf2(x); }
  // Two bf16, rounded to nearest even, `low` in the low half.
  __device__ unsigned PackPair(float low, float high) const { return PackBf16Pair(low, high); }
};

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_DEVICE_THREAD_CUH_
