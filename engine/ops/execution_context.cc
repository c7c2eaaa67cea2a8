#include "engine/ops/execution_context.h"

#include "engine/base/check.h"

#ifdef BURGEON_CUDA
#include "engine/ops/cuda_resources.h"
#endif

namespace burgeon {

#ifndef BURGEON_CUDA
struct CudaResources {};
#endif

ExecutionContext::ExecutionContext(ThreadPool* pool) : pool_(pool) {
  BURGEON_CHECK(pool != nullptr);
}

ExecutionContext::~ExecutionContext() = default;
ExecutionContext::ExecutionContext(ExecutionContext&&) noexcept = default;
ExecutionContext& ExecutionContext::operator=(ExecutionContext&&) noexcept = default;

absl::StatusOr<ExecutionContext> ExecutionContext::Create(Device device, ThreadPool* pool) {
  ExecutionContext context(pool);
  if (device.kind == DeviceKind::kCpu) {
    if (device.ordinal != 0) {
      return InvalidArgument("device cpu:", device.ordinal, ": the CPU has ordinal 0 only");
    }
    return context;
  }
#ifdef BURGEON_CUDA
  auto stream = cuda::Stream::Create(device.ordinal);
  if (!stream.ok()) return Annotate(stream.status(), DeviceName(device));
  context.device_ = device;
  context.cuda_ = std::make_unique<CudaResources>(*std::move(stream));
  return context;
#else
  return Unavailable(DeviceName(device),
                     ": this build of burgeon has no CUDA (it was configured "
                     "without nvcc, or with BURGEON_CUDA=OFF)");
#endif
}

}  // namespace burgeon
