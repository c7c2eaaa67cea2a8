// The instructions that feed and run tensor cores, by their PTX names: cp.async, ldmatrix,
// mma.m16n8k16 (bf16, sums in fp32), cvt.bf16x2, ex2. Which lane holds what is in cuda/mma_tile.h.
// For compute capability 8.0 and later.
#ifndef BURGEON_CUDA_TENSOR_CORE_CUH_
#define BURGEON_CUDA_TENSOR_CORE_CUH_

#include <cuda_runtime.h>

namespace burgeon::cuda {

inline __device__ unsigned SharedAddress(const void* pointer) {
  return static_cast<unsigned>(__cvta_generic_to_shared(pointer));
}

inline __device__ void CopyUnitAsync(uint4* shared, const uint4* global) {
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16;\n" ::"r"(SharedAddress(shared)),
               "l"(global)
               : "memory");
}
inline __device__ void CommitCopies() { asm volatile("cp.async.commit_group;\n" ::: "memory"); }
template <int kPending>
inline __device__ void WaitForCopies() {
  asm volatile("cp.async.wait_group %0;\n" ::"n"(kPending) : "memory");
}

inline __device__ void LoadMatrices(unsigned address, unsigned (&to)[4]) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];\n"
               : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
               : "r"(address)
               : "memory");
}

// The same with every 8 x 8 matrix transposed.
inline __device__ void LoadMatricesTransposed(unsigned address, unsigned (&to)[4]) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];\n"
               : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
               : "r"(address)
               : "memory");
}

inline __device__ void Multiply(const unsigned (&a)[4], unsigned b0, unsigned b1, float (&c)[4]) {
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, "
      "{%0,%1,%2,%3};\n"
      : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

inline __device__ unsigned PackBf16Pair(float low, float high) {
  unsigned pair;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;\n" : "=r"(pair) : "f"(high), "f"(low));
  return pair;
}

inline __device__ float ExponentialOf2(float x) {
  float y;
  asm("ex2.approx.ftz.f32 %0, %1;\n" : "=f"(y) : "f"(x));
  return y;
}

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_TENSOR_CORE_CUH_
