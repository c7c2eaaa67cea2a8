#include "cuda/device_info.h"

#include <cuda_runtime_api.h>

#include "cuda/status.h"

namespace burgeon::cuda {
namespace {

// The oldest architecture with code in this build (CMAKE_CUDA_ARCHITECTURES: 80-virtual).
constexpr int kOldestComputeMajor = 8;

absl::StatusOr<int> Attribute(cudaDeviceAttr attribute, int ordinal) {
  int value = 0;
  BURGEON_RETURN_IF_ERROR(CudaStatus(cudaDeviceGetAttribute(&value, attribute, ordinal),
                                     Concat("attributes of cuda:", ordinal)));
  return value;
}

}  // namespace

absl::StatusOr<DeviceProperties> PropertiesOf(int ordinal) {
  cudaDeviceProp raw{};
  BURGEON_RETURN_IF_ERROR(
      CudaStatus(cudaGetDeviceProperties(&raw, ordinal), Concat("properties of cuda:", ordinal)));
  BURGEON_ASSIGN_OR_RETURN(const int pools, Attribute(cudaDevAttrMemoryPoolsSupported, ordinal));
  DeviceProperties out;
  out.ordinal = ordinal;
  out.name = raw.name;
  out.compute_major = raw.major;
  out.compute_minor = raw.minor;
  out.memory_bytes = static_cast<int64_t>(raw.totalGlobalMem);
  out.multiprocessors = raw.multiProcessorCount;
  out.shared_memory_per_block_bytes = static_cast<int64_t>(raw.sharedMemPerBlockOptin);
  out.has_memory_pools = pools != 0;
  return out;
}

std::string VersionText(int version) {
  return version == 0 ? "" : Concat(version / 1000, ".", version % 1000 / 10);
}

std::string WhyUnusable(const DeviceProperties& device) {
  if (device.compute_major < kOldestComputeMajor) {
    return Concat("cuda:", device.ordinal, " (", device.name, ") has compute capability ",
                  device.compute_major, ".", device.compute_minor, "; this build needs ",
                  kOldestComputeMajor, ".0 or later");
  }
  if (!device.has_memory_pools) {
    return Concat("cuda:", device.ordinal, " (", device.name, ") has no memory pools");
  }
  return "";
}

DeviceReport QueryDevices() {
  DeviceReport report;
  // Neither version call fails without a driver: the driver's version is then 0.
  static_cast<void>(CudaStatus(cudaRuntimeGetVersion(&report.runtime_version), "runtime version"));
  static_cast<void>(CudaStatus(cudaDriverGetVersion(&report.driver_version), "driver version"));
  if (report.driver_version == 0) {
    report.problem = "no CUDA driver is loaded (libcuda.so.1)";
    return report;
  }
  int count = 0;
  if (const absl::Status status = CudaStatus(cudaGetDeviceCount(&count), "count of devices");
      !status.ok()) {
    report.problem =
        Concat(MessageOf(status), "; this build runs on CUDA ", VersionText(report.runtime_version),
               ", the driver serves up to ", VersionText(report.driver_version));
    return report;
  }
  if (count == 0) report.problem = "the CUDA driver lists no device";
  for (int ordinal = 0; ordinal < count; ++ordinal) {
    auto properties = PropertiesOf(ordinal);
    if (!properties.ok()) {
      report.problem = MessageOf(properties.status());
      continue;
    }
    report.devices.push_back(*std::move(properties));
  }
  return report;
}

}  // namespace burgeon::cuda
