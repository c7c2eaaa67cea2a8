// burgeon releases, burgeon rollback: what was published, and going back to it.
#include "cli/verb.h"
#include "engine/release/release_store.h"

namespace burgeon {
namespace {

absl::Status Releases(Session& session) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<ReleaseInfo> releases,
                           ListReleases(session.files(), session.workspace()));
  nlohmann::json list = nlohmann::json::array();
  for (const ReleaseInfo& info : releases) {
    const char* mark = info.current ? "* " : "  ";
    if (!info.problem.empty()) {
      session.Say(Concat(mark, info.id, "  damaged: ", info.problem));
    } else {
      session.Say(Concat(mark, info.id, "  ", info.recommender, ", ", info.customers,
                         " customers, ", info.items, " items, data to ", FormatTime(info.as_of),
                         ", ", info.bytes >> 10, " KiB"));
    }
    nlohmann::json entry = {{"id", info.id}, {"current", info.current}};
    if (info.problem.empty()) {
      entry["created_at"] = FormatTime(info.created_at);
      entry["as_of"] = FormatTime(info.as_of);
      entry["customers"] = info.customers;
      entry["items"] = info.items;
      entry["bytes"] = info.bytes;
      entry["recommender"] = info.recommender;
      entry["metrics"] = nlohmann::json::parse(info.metrics_json, nullptr, false);
    } else {
      entry["problem"] = info.problem;
    }
    list.push_back(std::move(entry));
  }
  if (releases.empty()) session.Say("nothing was published yet");
  session.Result({{"releases", std::move(list)}});
  return absl::OkStatus();
}

absl::Status Rollback(Session& session, const std::string& to) {
  BURGEON_ASSIGN_OR_RETURN(const FileLock lock, session.LockWorkspace());
  BURGEON_ASSIGN_OR_RETURN(ExecutionContext* const context, session.context());
  BURGEON_ASSIGN_OR_RETURN(const std::string id,
                           RollBack(session.files(), session.workspace(), *context, to));
  session.Say(Concat("release ", id, " is current now"));
  session.Result({{"release", id}});
  return absl::OkStatus();
}

}  // namespace

void AddReleasesVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand("releases", "List what was published, oldest first");
  verb->footer("Examples:\n  burgeon releases --workspace W\n  burgeon releases --json");
  verb->callback([chosen] { *chosen = Releases; });
}

void AddRollbackVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand("rollback", "Make an earlier release current again");
  auto to = std::make_shared<std::string>();
  verb->add_option("--to", *to, "Release to go to; without it, the one before the current");
  verb->footer(
      "The target is loaded and tested first; a damaged one is refused and the current stays.\n"
      "Examples:\n  burgeon rollback --workspace W\n  burgeon rollback --to "
      "20261122T154500Z-1a2b3c4d");
  verb->callback([chosen, to] { *chosen = [to](Session& s) { return Rollback(s, *to); }; });
}

}  // namespace burgeon
