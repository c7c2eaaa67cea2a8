// What the CUDA runtime says, as absl::Status. This header and the others that host code includes
// are free of CUDA headers: error codes travel as int (the value of a cudaError_t).
//
//   BURGEON_RETURN_IF_ERROR(CudaStatus(cudaMemcpyAsync(...), "copy to the device"));
//   Kernel<<<grid, block, 0, stream.handle()>>>(...);
//   BURGEON_RETURN_IF_ERROR(LaunchStatus("Kernel"));
//
// Out of memory is kResourceExhausted; no driver or no device is kUnavailable. An error after which
// the CUDA context is lost ("sticky": an illegal address, a failed launch) aborts the process:
// every later call would fail with the same code, and device memory holds nothing to be trusted.
#ifndef BURGEON_CUDA_STATUS_H_
#define BURGEON_CUDA_STATUS_H_

#include <string_view>

#include "engine/base/status.h"

namespace burgeon::cuda {

// How an error is to be met.
enum class ErrorKind { kNone, kOutOfMemory, kNoDevice, kSticky, kOther };
ErrorKind ErrorKindOf(int code);

// OK for 0 (cudaSuccess). `what` is what was attempted.
absl::Status CudaStatus(int code, std::string_view what);

// Of the launch just made: wrong launch parameters, no code for this device, lost context.
absl::Status LaunchStatus(std::string_view kernel);

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_STATUS_H_
