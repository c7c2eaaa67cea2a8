// burgeon ingest: a source file into the event store.
#include "cli/pipeline.h"
#include "cli/verb.h"

namespace burgeon {
namespace {

absl::Status RunIngest(Session& session, const std::string& input) {
  BURGEON_ASSIGN_OR_RETURN(const JobConfig job, LoadJob(session));
  BURGEON_ASSIGN_OR_RETURN(const FileLock lock, session.LockWorkspace());
  BURGEON_ASSIGN_OR_RETURN(nlohmann::json result, IngestStep(session, job, input));
  session.Result(std::move(result));
  return absl::OkStatus();
}

}  // namespace

void AddIngestVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand("ingest", "Read a source into the event store");
  auto input = std::make_shared<std::string>();
  verb->add_option("--input", *input, "File to read instead of the one the config names");
  verb->footer(
      "CSV and TSV, JSON lines (both also gzip) and Parquet; the config says what each column is.\n"
      "Rows that cannot be read are kept under events/quarantine with line and reason.\n"
      "Examples:\n  burgeon ingest --config configs/online_retail.yaml --workspace W\n"
      "  burgeon ingest --config configs/online_retail.yaml --input day2.csv.gz --workspace W");
  verb->callback(
      [chosen, input] { *chosen = [input](Session& s) { return RunIngest(s, *input); }; });
}

}  // namespace burgeon
