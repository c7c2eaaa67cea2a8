// The ingest step of cli/pipeline.h.
#include "cli/pipeline.h"
#include "engine/events/ingest.h"
#include "engine/governance/pseudonym.h"

namespace burgeon {
namespace {

nlohmann::json ToJson(const IngestRecord& record) {
  const IngestCounters& counters = record.counters;
  return {{"ingest", record.ingest_id},
          {"input", record.input},
          {"rows_read", counters.rows_read},
          {"events_added", counters.events_added},
          {"events_without_customer", counters.events_without_customer},
          {"rows_quarantined", counters.rows_quarantined},
          {"duplicates_in_file", counters.duplicates_in_file},
          {"duplicates_kept", counters.duplicates_kept},
          {"already_stored", counters.already_stored},
          {"rows_ignored", counters.rows_ignored},
          {"events_by_type", counters.events_by_type},
          {"quarantine_by_reason", counters.quarantine_by_reason}};
}

void SayRecord(Session& session, const IngestRecord& record) {
  const IngestCounters& counters = record.counters;
  session.Say(Concat("ingest ", record.input, ": ", counters.rows_read, " rows, ",
                     counters.events_added, " events added, ", counters.events_without_customer,
                     " without a customer kept apart, ", counters.already_stored,
                     " already stored, ", counters.duplicates_in_file, " duplicates dropped, ",
                     counters.rows_ignored, " ignored"));
  std::string types;
  for (const auto& [type, count] : counters.events_by_type) {
    types += Concat(types.empty() ? "" : ", ", type, " ", count);
  }
  if (!types.empty()) session.Say(Concat("  by type: ", types));
  if (counters.rows_quarantined == 0) return;
  session.Say(Concat("  ", counters.rows_quarantined, " rows in quarantine: ",
                     QuarantinePath(session.workspace().events(), record.ingest_id)));
  for (const auto& [reason, count] : counters.quarantine_by_reason) {
    session.Say(Concat("    ", count, " ", reason));
  }
}

}  // namespace

absl::StatusOr<nlohmann::json> IngestStep(Session& session, const JobConfig& job,
                                          const std::string& input) {
  IngestOptions options;
  options.input = input.empty() ? job.source.input : input;
  if (options.input.empty()) {
    return InvalidArgument("source.input is missing in the config and --input was not given: ",
                           "a file to read is wanted");
  }
  options.source = job.source;
  options.store_folder = session.workspace().events();
  options.config_sha256 = job.fingerprint;
  options.progress = session.progress();
  if (!job.pseudonym_key_file.empty()) {
    BURGEON_ASSIGN_OR_RETURN(const PseudonymKey key, PseudonymKey::Load(job.pseudonym_key_file));
    options.pseudonym = [key](std::string_view id) { return key.Pseudonym(id); };
  }
  BURGEON_ASSIGN_OR_RETURN(const IngestRecord record,
                           Ingest(session.files(), session.pool(), session.clock(), options));
  SayRecord(session, record);
  return ToJson(record);
}

}  // namespace burgeon
