// burgeon ingest: source files into the event store.
#include "cli/pipeline.h"
#include "cli/verb.h"

namespace burgeon {
namespace {

absl::Status RunIngest(Session& session, const IngestRequest& request) {
  BURGEON_ASSIGN_OR_RETURN(const JobConfig job, LoadJob(session));
  BURGEON_ASSIGN_OR_RETURN(const FileLock lock, session.LockWorkspace());
  BURGEON_ASSIGN_OR_RETURN(nlohmann::json records, IngestStep(session, job, request));
  session.Result({{"ingests", std::move(records)}});
  return absl::OkStatus();
}

}  // namespace

void AddIngestVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand("ingest", "Read sources into the event store");
  auto request = std::make_shared<IngestRequest>();
  verb->add_option("--source", request->source,
                   "Only this source of the config; without it all that name an input, in order");
  verb->add_option("--input", request->input, "File to read instead of the one the config names");
  verb->add_option("--replace", request->replace,
                   "Id of an ingest whose events leave the store as the new ones come in");
  verb->footer(
      "CSV and TSV, JSON (these also gzip), Parquet and text in columns; the config says what "
      "each\n"
      "column is, and burgeon map FILE proposes one. Rows that cannot be read are kept under\n"
      "events/quarantine with line and reason.\n"
      "Examples:\n  burgeon ingest --config configs/online_retail.yaml --workspace W\n"
      "  burgeon ingest --config configs/online_retail.yaml --input day2.csv.gz --workspace W\n"
      "  burgeon ingest --config configs/movielens_100k.yaml --source users --input u.user");
  verb->callback(
      [chosen, request] { *chosen = [request](Session& s) { return RunIngest(s, *request); }; });
}

}  // namespace burgeon
