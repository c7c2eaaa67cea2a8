// The ingest step of cli/pipeline.h.
#include "cli/pipeline.h"
#include "cli/quality_step.h"
#include "engine/events/ingest.h"
#include "engine/governance/pseudonym.h"
#include "engine/release/overlay.h"

namespace burgeon {
namespace {

nlohmann::json ToJson(const IngestRecord& record) {
  const IngestCounters& counters = record.counters;
  return {{"ingest", record.ingest_id},
          {"number", record.number},
          {"source", record.source},
          {"input", record.input},
          {"rows_read", counters.rows_read},
          {"events_added", counters.events_added},
          {"events_without_customer", counters.events_without_customer},
          {"rows_quarantined", counters.rows_quarantined},
          {"duplicates_in_file", counters.duplicates_in_file},
          {"duplicates_kept", counters.duplicates_kept},
          {"already_stored", counters.already_stored},
          {"rows_ignored", counters.rows_ignored},
          {"erased_dropped", counters.erased_dropped},
          {"attribute_rows", counters.attribute_rows},
          {"attribute_values_added", counters.attribute_values_added},
          {"event_id_conflicts", counters.event_id_conflicts},
          {"late_events", counters.late_events},
          {"values_cleaned", counters.values_cleaned},
          {"events_replaced", counters.events_replaced},
          {"events_by_type", counters.events_by_type},
          {"quarantine_by_reason", counters.quarantine_by_reason}};
}

void SayRecord(Session& session, const IngestRecord& record) {
  const IngestCounters& counters = record.counters;
  session.Say(Concat("ingest ", record.source, " ", record.input, ": ", counters.rows_read,
                     " rows, ", counters.events_added, " events added, ",
                     counters.events_without_customer, " without a customer kept apart, ",
                     counters.already_stored, " already stored, ", counters.duplicates_in_file,
                     " duplicates dropped, ", counters.rows_ignored, " ignored"));
  // What is there only now and then is said only then.
  const std::pair<int64_t, const char*> rare[] = {
      {counters.attribute_rows, " rows of attributes"},
      {counters.attribute_values_added, " attribute values added"},
      {counters.values_cleaned, " values changed by cleaning rules"},
      {counters.late_events, " events came late, from before the watermark"},
      {counters.event_id_conflicts, " rows dropped for an event id that another row has"},
      {counters.events_replaced, " events of the replaced ingest removed"}};
  for (const auto& [count, words] : rare) {
    if (count > 0) session.Say(Concat("  ", count, words));
  }
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

std::string NamesOf(const std::vector<SourceConfig>& sources) {
  std::vector<std::string> names;
  for (const SourceConfig& source : sources) names.push_back(source.name);
  return Printable(JoinComma(names), 500);
}

// The sources a request is about, each with a file to read.
absl::StatusOr<std::vector<SourceConfig>> Chosen(const JobConfig& job,
                                                 const IngestRequest& request) {
  std::vector<SourceConfig> chosen;
  if (!request.source.empty()) {
    const SourceConfig* source = job.FindSource(request.source);
    if (source == nullptr) {
      return InvalidArgument("--source ", Printable(request.source),
                             ": the config has no such source; it has ", NamesOf(job.sources));
    }
    chosen.push_back(*source);
  } else if ((!request.input.empty() || !request.replace.empty()) && job.sources.size() > 1) {
    return InvalidArgument(request.input.empty() ? "--replace" : "--input",
                           ": the config has several sources (", NamesOf(job.sources),
                           "); --source must say which of them is meant");
  } else {
    chosen = job.sources;
  }
  if (!request.input.empty()) chosen[0].input = request.input;
  std::erase_if(chosen, [&](const SourceConfig& source) {
    return source.input.empty() && chosen.size() > 1;
  });
  if (chosen.empty() || chosen[0].input.empty()) {
    return InvalidArgument("`input` is missing in the config of the source and --input was not ",
                           "given: a file to read is wanted");
  }
  return chosen;
}

}  // namespace

absl::StatusOr<nlohmann::json> IngestStep(Session& session, const JobConfig& job,
                                          const IngestRequest& request) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<SourceConfig> sources, Chosen(job, request));
  IngestOptions options;
  options.store_folder = session.workspace().events();
  options.config_sha256 = job.fingerprint;
  options.progress = session.progress();
  options.replace = request.replace;
  if (!job.pseudonym_key_file.empty()) {
    BURGEON_ASSIGN_OR_RETURN(const PseudonymKey key, PseudonymKey::Load(job.pseudonym_key_file));
    options.pseudonym = [key](std::string_view id) { return key.Pseudonym(id); };
  }
  BURGEON_ASSIGN_OR_RETURN(Overlay overlay, LoadOverlay(session.files(), session.workspace()));
  if (!overlay.customers.empty() || !overlay.tombstones.empty()) {
    const auto shared = std::make_shared<const Overlay>(std::move(overlay));
    options.erased = [shared](std::string_view id) { return shared->IsErased(id); };
  }
  nlohmann::json records = nlohmann::json::array();
  for (const SourceConfig& source : sources) {
    BURGEON_RETURN_IF_ERROR(
        QualityGate(session, source, source.input, {job.quality, job.pseudonym_key_file}));
    options.input = source.input;
    options.source = source;
    BURGEON_ASSIGN_OR_RETURN(const IngestRecord record,
                             Ingest(session.files(), session.pool(), session.clock(), options));
    SayRecord(session, record);
    records.push_back(ToJson(record));
  }
  return records;
}

absl::StatusOr<EventStore> OpenEvents(Session& session) {
  const std::string folder = session.workspace().events();
  auto store = EventStore::Open(session.files(), folder);
  if (absl::IsNotFound(store.status())) {
    return NotFound(folder, ": no events yet; run burgeon ingest first");
  }
  return store;
}

}  // namespace burgeon
