// Where a computation runs: a plain value, known to every room, free of CUDA.
#ifndef BURGEON_ENGINE_BASE_DEVICE_H_
#define BURGEON_ENGINE_BASE_DEVICE_H_

#include <string>
#include <string_view>

#include "engine/base/status.h"

namespace burgeon {

enum class DeviceKind { kCpu, kCuda };

struct Device {
  DeviceKind kind = DeviceKind::kCpu;
  int ordinal = 0;  // of the CUDA device; 0 for the CPU
  friend bool operator==(const Device&, const Device&) = default;
};

// "cpu" or "cuda:0".
std::string DeviceName(Device device);

// What a person asked for: "auto", "cpu", "cuda" (= cuda:0) or "cuda:N". "auto" gives nothing, and
// engine/ops decides (ops/device_query.h).
struct DeviceRequest {
  bool automatic = true;
  Device device;
};
absl::StatusOr<DeviceRequest> ParseDeviceRequest(std::string_view text);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_BASE_DEVICE_H_
