// Marks functions that run on both sides. What a kernel computes is written in such functions where
// that can be, so that the same source is tested by the host compiler on a machine without a GPU.
#ifndef BURGEON_CUDA_HOST_DEVICE_H_
#define BURGEON_CUDA_HOST_DEVICE_H_

#ifdef __CUDACC__
#define BURGEON_HOST_DEVICE __host__ __device__
#define BURGEON_UNROLL _Pragma("unroll")  // the next loop, so that its arrays stay in registers
#define BURGEON_UNROLL_FOUR _Pragma("unroll 4")  // so that four loads are on their way at once
#else
#define BURGEON_HOST_DEVICE
#define BURGEON_UNROLL
#define BURGEON_UNROLL_FOUR
#endif

#endif  // BURGEON_CUDA_HOST_DEVICE_H_
