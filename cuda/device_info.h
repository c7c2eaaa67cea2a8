// The CUDA devices of this machine, as the runtime reports them.
#ifndef BURGEON_CUDA_DEVICE_INFO_H_
#define BURGEON_CUDA_DEVICE_INFO_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/status.h"

namespace burgeon::cuda {

struct DeviceProperties {
  int ordinal = 0;
  std::string name;
  int compute_major = 0;
  int compute_minor = 0;
  int64_t memory_bytes = 0;
  int multiprocessors = 0;
  int64_t shared_memory_per_block_bytes = 0;  // with the opt-in of a kernel
  bool has_memory_pools = false;              // cudaMallocAsync
};

struct DeviceReport {
  int runtime_version = 0;  // 13000 for 13.0
  int driver_version = 0;   // the newest CUDA the driver serves; 0: there is no driver
  std::vector<DeviceProperties> devices;
  std::string problem;  // why `devices` is empty, or what is wrong with one; else empty
};

DeviceReport QueryDevices();
absl::StatusOr<DeviceProperties> PropertiesOf(int ordinal);

// "13.0" for 13000; "" for 0.
std::string VersionText(int version);

// Why this build cannot use the device; empty when it can: the code is for compute capability 8.0
// and later, and buffers come from the device's memory pool.
std::string WhyUnusable(const DeviceProperties& device);

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_DEVICE_INFO_H_
