#include "engine/ops/device_query.h"

#include <cblas.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#ifdef BURGEON_CUDA
#include "cuda/device_info.h"
#endif

namespace burgeon {
namespace {

constexpr std::array<std::string_view, 9> kFeaturesOfInterest = {
    "avx2",        "fma",         "f16c",     "avx512f", "avx512_vnni",
    "avx512_bf16", "avx512_fp16", "amx_bf16", "amx_int8"};

std::string Blas() {
  // The configuration ends with the build's thread limit; the core is chosen when the program runs.
  return Concat(TrimAscii(openblas_get_config()), ", kernels for ", openblas_get_corename());
}

void ReadCpu(DeviceInventory* inventory) {
  std::ifstream file("/proc/cpuinfo");
  std::string line;
  while (std::getline(file, line)) {
    const size_t colon = line.find(':');
    if (colon == std::string::npos) break;  // the blank line after the first processor
    const std::string_view name = TrimAscii(std::string_view(line).substr(0, colon));
    const std::string_view value = TrimAscii(std::string_view(line).substr(colon + 1));
    if (name == "model name") inventory->cpu = value;
    if (name != "flags") continue;
    std::istringstream words{std::string(value)};
    std::vector<std::string> flags;
    for (std::string word; words >> word;) flags.push_back(word);
    for (const std::string_view feature : kFeaturesOfInterest) {
      if (std::find(flags.begin(), flags.end(), feature) != flags.end()) {
        inventory->cpu_features.emplace_back(feature);
      }
    }
  }
  if (inventory->cpu.empty()) inventory->cpu = "unknown";
}

#ifdef BURGEON_CUDA
void ReadCuda(DeviceInventory* inventory) {
  inventory->cuda_built_in = true;
  const cuda::DeviceReport report = cuda::QueryDevices();
  inventory->cuda_runtime = cuda::VersionText(report.runtime_version);
  inventory->cuda_driver = cuda::VersionText(report.driver_version);
  inventory->cuda_problem = report.problem;
  for (const cuda::DeviceProperties& device : report.devices) {
    if (const std::string why = cuda::WhyUnusable(device); !why.empty()) {
      inventory->cuda_problem = why;
      continue;
    }
    inventory->devices.push_back({device.ordinal, device.name, device.compute_major,
                                  device.compute_minor, device.memory_bytes});
  }
}
#else
void ReadCuda(DeviceInventory* inventory) {
  inventory->cuda_problem =
      "this build of burgeon has no CUDA (it was configured without nvcc, or with "
      "BURGEON_CUDA=OFF)";
}
#endif

}  // namespace

DeviceInventory QueryDevices() {
  DeviceInventory inventory;
  ReadCpu(&inventory);
  inventory.blas = Blas();
  ReadCuda(&inventory);
  return inventory;
}

absl::StatusOr<Device> ResolveDevice(const DeviceRequest& request) {
  if (!request.automatic && request.device.kind == DeviceKind::kCpu) return request.device;
  DeviceInventory inventory;
  ReadCuda(&inventory);
  if (request.automatic) {
    if (inventory.devices.empty()) return Device{};
    return Device{DeviceKind::kCuda, inventory.devices.front().ordinal};
  }
  std::vector<std::string> usable;
  for (const CudaDeviceInfo& device : inventory.devices) {
    if (device.ordinal == request.device.ordinal) return request.device;
    usable.push_back(Concat("cuda:", device.ordinal));
  }
  if (usable.empty()) {
    return Unavailable("--device ", DeviceName(request.device), ": ", inventory.cuda_problem);
  }
  return Unavailable("--device ", DeviceName(request.device),
                     ": not a usable device of this "
                     "machine; there is ",
                     JoinComma(usable), inventory.cuda_problem.empty() ? "" : "; ",
                     inventory.cuda_problem);
}

}  // namespace burgeon
