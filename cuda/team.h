// A team: the threads that work on one thing together, as the functions of cuda/tiled_cholesky.h
// and cuda/row_solver.h see them. On a device it is a thread block; on the host one thread, or
// several behind a barrier, which is how those functions are tested without a GPU.
//
// A Team has rank() in [0, size()), size(), and Sync(): all threads arrive, and see what the others
// wrote before. Each element is computed by one thread in a fixed order, so results do not depend
// on the size of the team.
#ifndef BURGEON_CUDA_TEAM_H_
#define BURGEON_CUDA_TEAM_H_

#include "cuda/host_device.h"

namespace burgeon::cuda {

struct SoloTeam {
  BURGEON_HOST_DEVICE int rank() const { return 0; }
  BURGEON_HOST_DEVICE int size() const { return 1; }
  BURGEON_HOST_DEVICE void Sync() const {}
};

#ifdef __CUDACC__
struct BlockTeam {
  __device__ int rank() const { return static_cast<int>(threadIdx.x); }
  __device__ int size() const { return static_cast<int>(blockDim.x); }
  __device__ void Sync() const { __syncthreads(); }
};
#endif

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_TEAM_H_
