#include "engine/base/device.h"

namespace burgeon {

std::string DeviceName(Device device) {
  return device.kind == DeviceKind::kCpu ? "cpu" : Concat("cuda:", device.ordinal);
}

absl::StatusOr<DeviceRequest> ParseDeviceRequest(std::string_view text) {
  constexpr std::string_view kPrefix = "cuda:";
  if (text == "auto") return DeviceRequest{};
  if (text == "cpu") return DeviceRequest{false, Device{DeviceKind::kCpu, 0}};
  if (text == "cuda") return DeviceRequest{false, Device{DeviceKind::kCuda, 0}};
  if (text.substr(0, kPrefix.size()) == kPrefix) {
    const auto ordinal = ParseInt64(text.substr(kPrefix.size()));
    if (ordinal && *ordinal >= 0 && *ordinal < 1024) {
      return DeviceRequest{false, Device{DeviceKind::kCuda, static_cast<int>(*ordinal)}};
    }
  }
  return InvalidArgument("--device: '", Printable(text), "' is not auto, cpu, cuda or cuda:N");
}

}  // namespace burgeon
