#include "cuda/status.h"

#include <cuda_runtime_api.h>

#include <cstdio>
#include <cstdlib>

namespace burgeon::cuda {

ErrorKind ErrorKindOf(int code) {
  switch (static_cast<cudaError_t>(code)) {
    case cudaSuccess:
      return ErrorKind::kNone;
    case cudaErrorMemoryAllocation:
      return ErrorKind::kOutOfMemory;
    case cudaErrorNoDevice:
    case cudaErrorInvalidDevice:
    case cudaErrorInsufficientDriver:
    case cudaErrorStubLibrary:
    case cudaErrorSystemDriverMismatch:
    case cudaErrorCompatNotSupportedOnDevice:
    case cudaErrorSystemNotReady:
    case cudaErrorDevicesUnavailable:
    case cudaErrorNoKernelImageForDevice:
    case cudaErrorUnsupportedPtxVersion:
      return ErrorKind::kNoDevice;
    // The codes of which the runtime's reference says that the process must be ended and started
    // again before CUDA can be used.
    case cudaErrorIllegalAddress:
    case cudaErrorIllegalInstruction:
    case cudaErrorMisalignedAddress:
    case cudaErrorInvalidAddressSpace:
    case cudaErrorInvalidPc:
    case cudaErrorHardwareStackError:
    case cudaErrorLaunchFailure:
    case cudaErrorLaunchTimeout:
    case cudaErrorAssert:
    case cudaErrorECCUncorrectable:
    case cudaErrorNvlinkUncorrectable:
    case cudaErrorExternalDevice:
    case cudaErrorContextIsDestroyed:
      return ErrorKind::kSticky;
    default:
      return ErrorKind::kOther;
  }
}

absl::Status CudaStatus(int code, std::string_view what) {
  const ErrorKind kind = ErrorKindOf(code);
  if (kind == ErrorKind::kNone) return absl::OkStatus();
  const auto error = static_cast<cudaError_t>(code);
  const std::string message =
      Concat("CUDA: ", what, ": ", cudaGetErrorString(error), " (", cudaGetErrorName(error), ")");
  if (kind == ErrorKind::kSticky) {
    std::fprintf(stderr,
                 "%s; the device context is lost (this is a bug in burgeon, or the device "
                 "is failing)\n",
                 message.c_str());
    std::abort();
  }
  // The runtime keeps the last error a thread; left there, it would be blamed on the next launch.
  static_cast<void>(cudaGetLastError());
  if (kind == ErrorKind::kOutOfMemory) return ResourceExhausted(message);
  if (kind == ErrorKind::kNoDevice) return Unavailable(message);
  return Internal(message);
}

absl::Status LaunchStatus(std::string_view kernel) {
  return CudaStatus(cudaGetLastError(), Concat("launch of ", kernel));
}

}  // namespace burgeon::cuda
