// burgeon publish: from the newest candidates to a release that queries are answered from.
#include "cli/pipeline.h"
#include "cli/verb.h"

namespace burgeon {
namespace {

absl::Status RunPublish(Session& session) {
  BURGEON_ASSIGN_OR_RETURN(const JobConfig job, LoadJob(session));
  BURGEON_ASSIGN_OR_RETURN(const FileLock lock, session.LockWorkspace());
  BURGEON_ASSIGN_OR_RETURN(nlohmann::json result, PublishStep(session, job));
  session.Result(std::move(result));
  return absl::OkStatus();
}

}  // namespace

void AddPublishVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand(
      "publish", "Build the indexes, test the newest candidates and make them the release in use");
  verb->footer("Examples:\n  burgeon publish --config configs/online_retail.yaml --workspace W");
  verb->callback([chosen] { *chosen = RunPublish; });
}

}  // namespace burgeon
