// What every verb has in common: the global flags, and what is made from them on first use.
//
// Output: people's text goes to standard output, or to standard error with --json; with --json
// standard output holds exactly one JSON document, the verb's result.
#ifndef BURGEON_CLI_SESSION_H_
#define BURGEON_CLI_SESSION_H_

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include "engine/base/clock.h"
#include "engine/base/progress.h"
#include "engine/base/status.h"
#include "engine/base/thread_pool.h"
#include "engine/config/config.h"
#include "engine/ops/execution_context.h"
#include "engine/storage/file_system.h"
#include "engine/storage/workspace.h"

namespace burgeon {

struct GlobalOptions {
  std::string workspace = "workspace";
  std::string config;            // --config
  std::vector<std::string> set;  // --set a.b=c, in order
  std::string device = "auto";
  int threads = 0;  // 0: one a hardware thread
  std::optional<uint64_t> random_seed;
  bool json = false;
  bool quiet = false;
};

class Session {
 public:
  Session(const GlobalOptions& options, std::ostream& out, std::ostream& err);
  ~Session();

  const GlobalOptions& options() const { return options_; }
  FileSystem& files() const { return RealFileSystem(); }
  const Clock& clock() const { return clock_; }
  Workspace workspace() const { return {options_.workspace}; }
  ThreadPool& pool();
  // On the device that --device names; kUnavailable when it is not there.
  absl::StatusOr<ExecutionContext*> context();
  // The file of --config with every --set applied. kInvalidArgument without --config.
  // `more`: assignments after those of --set.
  absl::StatusOr<Config> LoadConfig(const std::vector<std::string>& more = {}) const;
  // Held by verbs that write to the workspace; makes the folder. kFailedPrecondition when another
  // process writes.
  absl::StatusOr<FileLock> LockWorkspace();
  ProgressStyle progress() const;

  // A line for people.
  void Say(const std::string& line);
  // The verb's result; printed as JSON with --json, else dropped (the text has it already).
  void Result(nlohmann::json result);
  const nlohmann::json& result() const { return result_; }

 private:
  GlobalOptions options_;
  std::ostream& out_;
  std::ostream& err_;
  SystemClock clock_;
  std::unique_ptr<ThreadPool> pool_;
  std::unique_ptr<ExecutionContext> context_;
  nlohmann::json result_;
};

}  // namespace burgeon

#endif  // BURGEON_CLI_SESSION_H_
