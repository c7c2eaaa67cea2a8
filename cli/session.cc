#include "cli/session.h"

#include <iostream>

#include "engine/ops/device_query.h"

namespace burgeon {

Session::Session(const GlobalOptions& options, std::ostream& out, std::ostream& err)
    : options_(options), out_(out), err_(err) {}

Session::~Session() = default;

ThreadPool& Session::pool() {
  if (pool_ == nullptr) pool_ = std::make_unique<ThreadPool>(options_.threads);
  return *pool_;
}

absl::StatusOr<ExecutionContext*> Session::context() {
  if (context_ == nullptr) {
    BURGEON_ASSIGN_OR_RETURN(const DeviceRequest request, ParseDeviceRequest(options_.device));
    BURGEON_ASSIGN_OR_RETURN(const Device device, ResolveDevice(request));
    BURGEON_ASSIGN_OR_RETURN(ExecutionContext context, ExecutionContext::Create(device, &pool()));
    context_ = std::make_unique<ExecutionContext>(std::move(context));
  }
  return context_.get();
}

absl::StatusOr<Config> Session::LoadConfig(const std::vector<std::string>& more) const {
  if (options_.config.empty()) {
    return InvalidArgument("--config is missing; it names the YAML file of the job, such as ",
                           "configs/online_retail.yaml");
  }
  BURGEON_ASSIGN_OR_RETURN(Config config, Config::Load(options_.config));
  for (const std::string& assignment : options_.set) {
    BURGEON_RETURN_IF_ERROR(config.Set(assignment));
  }
  for (const std::string& assignment : more) BURGEON_RETURN_IF_ERROR(config.Set(assignment));
  return config;
}

absl::StatusOr<FileLock> Session::LockWorkspace() {
  BURGEON_RETURN_IF_ERROR(files().MakeDirectories(options_.workspace));
  return FileLock::Acquire(workspace().lock());
}

ProgressStyle Session::progress() const {
  return options_.quiet ? ProgressStyle::kSilent : ProgressStyle::kAutomatic;
}

void Session::Say(const std::string& line) {
  if (options_.quiet) return;
  (options_.json ? err_ : out_) << line << '\n' << std::flush;
}

void Session::Result(nlohmann::json result) { result_ = std::move(result); }

}  // namespace burgeon
