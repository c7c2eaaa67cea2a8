// burgeon serve: the current release over HTTP.
#include "cli/customer_lookup.h"
#include "cli/job_config.h"
#include "cli/verb.h"
#include "engine/governance/pseudonym.h"
#include "serving/release_source.h"
#include "serving/server.h"

namespace burgeon {
namespace {

// What the job of --config says about serving; without --config the defaults stand.
absl::Status ApplyJob(const Session& session, ServeOptions* options) {
  if (session.options().config.empty()) return absl::OkStatus();
  BURGEON_ASSIGN_OR_RETURN(const JobConfig job, LoadJob(session));
  options->lookalike = job.lookalike;
  if (!job.pseudonym_key_file.empty()) {
    BURGEON_ASSIGN_OR_RETURN(const PseudonymKey key, PseudonymKey::Load(job.pseudonym_key_file));
    options->pseudonym = [key](std::string_view id) { return key.Pseudonym(id); };
  }
  return absl::OkStatus();
}

// What is posted goes to the overlay. Erasures only with a token: they are for good, and a page in
// a browser of this machine can reach a loopback address.
absl::StatusOr<ChangeRecorder> MakeRecorder(Session& session, const ServeOptions& options) {
  const Workspace workspace = session.workspace();
  FileSystem& files = session.files();
  ChangeRecorder recorder;
  recorder.consent = [&session, &files, workspace](const std::string& customer,
                                                   std::span<const Purpose> purposes, bool granted,
                                                   std::optional<TimeMicros> time) {
    const TimeMicros said = time.value_or(session.clock().Now());
    std::vector<ConsentRecord> records;
    for (const Purpose purpose : purposes) records.push_back({customer, purpose, granted, said});
    return WithOverlayLocked(workspace, [&] {
      return AppendConsentRecords(files, workspace, session.clock(), records);
    });
  };
  if (options.token_file.empty()) return recorder;
  BURGEON_ASSIGN_OR_RETURN(const PersonLookup lookup, LookupOf(session));
  ThreadPool& pool = session.pool();
  recorder.erase = [&session, &files, &pool, workspace,
                    lookup](const std::vector<std::string>& ids) -> absl::StatusOr<int64_t> {
    BURGEON_ASSIGN_OR_RETURN(const std::vector<ErasureRequest> requests,
                             AllIdsOf(files, pool, workspace, ids, lookup));
    BURGEON_RETURN_IF_ERROR(WithOverlayLocked(
        workspace, [&] { return AppendErasures(files, workspace, session.clock(), requests); }));
    return std::ssize(requests);
  };
  return recorder;
}

absl::Status RunServe(Session& session, ServeOptions options) {
  BURGEON_RETURN_IF_ERROR(CheckServeOptions(options));
  BURGEON_RETURN_IF_ERROR(ApplyJob(session, &options));
  BURGEON_ASSIGN_OR_RETURN(options.changes, MakeRecorder(session, options));
  BURGEON_ASSIGN_OR_RETURN(ExecutionContext* const context, session.context());
  options.device = context->device();
  options.log = [&session](std::string_view line) { session.Say(std::string(line)); };
  WorkspaceReleaseSource source(session.files(), session.workspace(), *context);
  int bound = 0;
  BURGEON_RETURN_IF_ERROR(
      Serve(options, source, session.pool(), [&bound](int port) { bound = port; }));
  session.Say("stopped");
  session.Result({{"address", options.address}, {"port", bound}});
  return absl::OkStatus();
}

}  // namespace

void AddServeVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand("serve", "Answer over HTTP from the current release");
  auto options = std::make_shared<ServeOptions>();
  verb->add_option("--address", options->address, "Address to listen on")->capture_default_str();
  verb->add_option("--port", options->port, "Port; 0: any free one, which is printed")
      ->check(CLI::Range(0, 65535))
      ->capture_default_str();
  verb->add_option("--serving-threads", options->threads,
                   "Threads that answer queries; 0: as many as --threads")
      ->check(CLI::Range(0, 1024))
      ->capture_default_str();
  verb->add_option("--token-file", options->token_file,
                   "File (mode 0600) with the token that every request must carry");
  verb->add_flag("--behind-proxy", options->behind_proxy,
                 "A proxy in front speaks TLS; with --token-file this allows other addresses");
  verb->add_flag("--wait-for-release", options->wait_for_release,
                 "Start although nothing was published yet; answers 503 until then");
  verb->footer(
      "A new release or overlay is taken up without a dropped request; SIGTERM stops cleanly.\n"
      "Examples:\n  burgeon serve --workspace W --port 8080\n"
      "  curl -s http://127.0.0.1:8080/v1/recommendations -H 'Content-Type: application/json' "
      "-d '{\"customer_id\": \"17850\"}'");
  verb->callback(
      [chosen, options] { *chosen = [options](Session& s) { return RunServe(s, *options); }; });
}

}  // namespace burgeon
