// burgeon doctor: what this machine has, what was built in, and what will be used.
#include "cli/verb.h"
#include "engine/ops/device_query.h"

namespace burgeon {
namespace {

absl::Status Doctor(Session& session) {
  const DeviceInventory inventory = QueryDevices();
  BURGEON_ASSIGN_OR_RETURN(const DeviceRequest request,
                           ParseDeviceRequest(session.options().device));
  BURGEON_ASSIGN_OR_RETURN(const Device used, ResolveDevice(request));
  session.Say(Concat("processor    ", inventory.cpu));
  session.Say(Concat("features     ", JoinComma(inventory.cpu_features)));
  session.Say(Concat("threads      ", session.pool().threads(), " will be used"));
  session.Say(Concat("BLAS         ", inventory.blas));
  session.Say(inventory.cuda_built_in
                  ? Concat("CUDA         built in, runtime ", inventory.cuda_runtime)
                  : std::string("CUDA         not built in"));
  nlohmann::json devices = nlohmann::json::array();
  for (const CudaDeviceInfo& device : inventory.devices) {
    session.Say(Concat("cuda:", device.ordinal, "       ", device.name, ", compute capability ",
                       device.compute_major, ".", device.compute_minor, ", ",
                       device.memory_bytes >> 20, " MiB"));
    devices.push_back(
        {{"ordinal", device.ordinal},
         {"name", device.name},
         {"compute_capability", Concat(device.compute_major, ".", device.compute_minor)},
         {"memory_bytes", device.memory_bytes}});
  }
  if (!inventory.cuda_problem.empty()) {
    session.Say(Concat("no GPU       ", inventory.cuda_problem));
  }
  session.Say(Concat("will use     ", DeviceName(used)));
  session.Result({{"cpu", inventory.cpu},
                  {"cpu_features", inventory.cpu_features},
                  {"threads", session.pool().threads()},
                  {"blas", inventory.blas},
                  {"cuda_built_in", inventory.cuda_built_in},
                  {"cuda_runtime", inventory.cuda_runtime},
                  {"cuda_driver", inventory.cuda_driver},
                  {"cuda_devices", devices},
                  {"cuda_problem", inventory.cuda_problem},
                  {"device", DeviceName(used)}});
  return absl::OkStatus();
}

}  // namespace

void AddDoctorVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand(
      "doctor", "Say what this machine has, what was built in, and what will be used");
  verb->footer("Examples:\n  burgeon doctor\n  burgeon doctor --json --device cuda:0");
  verb->callback([chosen] { *chosen = Doctor; });
}

}  // namespace burgeon
