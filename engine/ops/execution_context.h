// What every numeric operation takes first: where to run, and with what. One a thread; it does not
// own the pool.
//
//   ThreadPool pool(2);
//   ExecutionContext context(Device{}, &pool);
//   BURGEON_RETURN_IF_ERROR(TopK(context, input, params, &result));
//
// Device operations are synchronous at the contract: when a call returns, its result is there.
#ifndef BURGEON_ENGINE_OPS_EXECUTION_CONTEXT_H_
#define BURGEON_ENGINE_OPS_EXECUTION_CONTEXT_H_

#include <memory>

#include "engine/base/device.h"
#include "engine/base/status.h"
#include "engine/base/thread_pool.h"

namespace burgeon {

// The stream, handles and workspace of a CUDA device (engine/ops/cuda_resources.h); none for a CPU.
struct CudaResources;

class ExecutionContext {
 public:
  // Runs on the CPU.
  explicit ExecutionContext(ThreadPool* pool);
  ~ExecutionContext();
  ExecutionContext(ExecutionContext&&) noexcept;
  ExecutionContext& operator=(ExecutionContext&&) noexcept;

  // kUnavailable when the device is not there or was not built in; the message says which.
  static absl::StatusOr<ExecutionContext> Create(Device device, ThreadPool* pool);

  Device device() const { return device_; }
  ThreadPool& pool() const { return *pool_; }
  CudaResources* cuda() const { return cuda_.get(); }

 private:
  Device device_;
  ThreadPool* pool_;
  std::unique_ptr<CudaResources> cuda_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_EXECUTION_CONTEXT_H_
