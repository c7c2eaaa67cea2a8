// The device side of an ExecutionContext. Only files built with BURGEON_CUDA include this.
#ifndef BURGEON_ENGINE_OPS_CUDA_RESOURCES_H_
#define BURGEON_ENGINE_OPS_CUDA_RESOURCES_H_

#include <memory>
#include <utility>

#include "cuda/blas.h"
#include "cuda/staging.h"
#include "cuda/stream.h"
#include "cuda/workspace.h"

namespace burgeon {

// One stream, and what is used on it; it stays where it was made, because they point to each other.
struct CudaResources {
  explicit CudaResources(cuda::Stream s)
      : stream(std::move(s)), workspace(stream), staging(stream) {}
  CudaResources(const CudaResources&) = delete;
  CudaResources& operator=(const CudaResources&) = delete;

  // cuBLAS, started by the first call.
  absl::StatusOr<const cuda::Blas*> Blas() {
    if (!blas) {
      BURGEON_ASSIGN_OR_RETURN(cuda::Blas started, cuda::Blas::Create(stream));
      blas = std::make_shared<const cuda::Blas>(std::move(started));
    }
    return blas.get();
  }

  cuda::Stream stream;
  cuda::Workspace workspace;
  cuda::Staging staging;
  // Shared, because such a pointer knows how to end what it holds: a program that never calls
  // Blas()
  // (`burgeon`, which must start at once) does not load the library.
  std::shared_ptr<const cuda::Blas> blas;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_CUDA_RESOURCES_H_
