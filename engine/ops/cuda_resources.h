// The device side of an ExecutionContext. Only files built with BURGEON_CUDA include this.
#ifndef BURGEON_ENGINE_OPS_CUDA_RESOURCES_H_
#define BURGEON_ENGINE_OPS_CUDA_RESOURCES_H_

#include <utility>

#include "cuda/stream.h"

namespace burgeon {

struct CudaResources {
  explicit CudaResources(cuda::Stream s) : stream(std::move(s)) {}
  cuda::Stream stream;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_CUDA_RESOURCES_H_
