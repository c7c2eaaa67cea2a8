// What this machine has and what was built in; used by --device auto and by `burgeon doctor`.
#ifndef BURGEON_ENGINE_OPS_DEVICE_QUERY_H_
#define BURGEON_ENGINE_OPS_DEVICE_QUERY_H_

#include <string>
#include <vector>

#include "engine/base/device.h"
#include "engine/base/status.h"

namespace burgeon {

struct CudaDeviceInfo {
  int ordinal = 0;
  std::string name;
  int compute_major = 0;
  int compute_minor = 0;
  int64_t memory_bytes = 0;
};

struct DeviceInventory {
  bool cuda_built_in = false;
  std::string cuda_runtime;               // "13.0", empty when not built in
  std::string cuda_driver;                // "13.0", empty when there is no driver
  std::vector<CudaDeviceInfo> devices;    // empty without a GPU
  std::string cuda_problem;               // why there are none, in words
  std::string blas;                       // the BLAS engine/ops uses, as it names itself
  std::string cpu;                        // model name
  std::vector<std::string> cpu_features;  // of interest: avx2, fma, avx512f, avx512_bf16, amx_bf16
};

DeviceInventory QueryDevices();

// "auto": the first CUDA device when one is usable, else the CPU. Anything else is checked to
// exist: kUnavailable says why not. Never falls back in silence.
absl::StatusOr<Device> ResolveDevice(const DeviceRequest& request);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_DEVICE_QUERY_H_
