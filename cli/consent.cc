// burgeon consent set, show, import: what a customer allows, by purpose and time.
#include "cli/customer_lookup.h"
#include "cli/verb.h"
#include "engine/erasure/consent_history.h"
#include "engine/erasure/consent_import.h"
#include "engine/events/time_format.h"
#include "engine/release/overlay.h"

namespace burgeon {
namespace {

struct SetFlags {
  std::string customer;
  std::string purpose;
  std::string granted;
  std::string time;
};

absl::Status Record(Session& session, const std::vector<ConsentRecord>& records) {
  return WithOverlayLocked(session.workspace(), [&] {
    return AppendConsentRecords(session.files(), session.workspace(), session.clock(), records);
  });
}

absl::Status RunSet(Session& session, const SetFlags& flags) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> stored,
                           StoredIds(session, {flags.customer}));
  TimeMicros time = session.clock().Now();
  if (!flags.time.empty()) {
    const TimeFormat format;
    const auto parsed = format.Parse(flags.time);
    if (!parsed) {
      return InvalidArgument("--time: '", Printable(flags.time), "' is not ", format.Wanted());
    }
    time = *parsed;
  }
  std::vector<ConsentRecord> records;
  for (const Purpose purpose : kAllPurposes) {
    if (flags.purpose != "all" && ParsePurpose(flags.purpose) != purpose) continue;
    records.push_back({stored[0], purpose, flags.granted == "true", time});
  }
  BURGEON_RETURN_IF_ERROR(Record(session, records));
  session.Say(Concat("consent: ", flags.purpose, flags.granted == "true" ? " granted" : " denied",
                     " as of ", FormatTime(time), "; in force"));
  session.Result({{"customer", stored[0]},
                  {"purpose", flags.purpose},
                  {"granted", flags.granted == "true"},
                  {"time", FormatTime(time)}});
  return absl::OkStatus();
}

absl::Status RunShow(Session& session, const std::string& customer) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<ErasureRequest> ids, FindAllIds(session, {customer}));
  StringSet stored;
  for (const ErasureRequest& id : ids) stored.insert(id.customer);
  BURGEON_ASSIGN_OR_RETURN(const std::vector<ConsentSaid> history,
                           ConsentHistory(session.files(), session.workspace(), stored));
  nlohmann::json lines = nlohmann::json::array();
  for (const ConsentSaid& said : history) {
    session.Say(Concat(FormatTime(said.time), "  ", PurposeName(said.purpose),
                       said.granted ? "  granted  " : "  denied   ", said.source));
    lines.push_back({{"customer", said.customer},
                     {"purpose", std::string(PurposeName(said.purpose))},
                     {"granted", said.granted},
                     {"time", FormatTime(said.time)},
                     {"source", said.source}});
  }
  nlohmann::json now = nlohmann::json::object();
  const ConsentOverride latest = LatestOf(history);
  for (const Purpose purpose : kAllPurposes) {
    const std::string name(PurposeName(purpose));
    const bool said = latest.changed.Allows(purpose);
    now[name] = said ? nlohmann::json(latest.granted.Allows(purpose)) : nlohmann::json(nullptr);
    session.Say(Concat(name, ": ",
                       !said ? "never said; the default of the configuration holds"
                       : latest.granted.Allows(purpose) ? "granted"
                                                        : "denied"));
  }
  session.Result({{"history", lines}, {"now", now}});
  return absl::OkStatus();
}

absl::Status RunImport(Session& session, const std::string& file) {
  BURGEON_ASSIGN_OR_RETURN(const PersonLookup lookup, LookupOf(session));
  BURGEON_ASSIGN_OR_RETURN(const ConsentImport import,
                           ReadConsentFile(session.files(), file, session.clock().Now()));
  std::vector<std::string> given;
  for (const ConsentRecord& record : import.records) given.push_back(record.customer);
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> stored, StoredIds(session, given));
  std::vector<ConsentRecord> records = import.records;
  for (size_t i = 0; i < records.size(); ++i) records[i].customer = stored[i];
  BURGEON_RETURN_IF_ERROR(Record(session, records));
  session.Say(Concat("consent: ", import.rows, " rows of ", file, ", ", records.size(),
                     " statements recorded; in force"));
  session.Result({{"rows", import.rows}, {"statements", records.size()}});
  return absl::OkStatus();
}

void AddSet(CLI::App* verb, VerbAction* chosen) {
  CLI::App* set = verb->add_subcommand("set", "Record what a customer said");
  auto flags = std::make_shared<SetFlags>();
  set->add_option("CUSTOMER", flags->customer, "Customer id")->required();
  set->add_option("PURPOSE", flags->purpose, "recommend, score, audience, export or all")
      ->required()
      ->check(CLI::IsMember({"recommend", "score", "audience", "export", "all"}));
  set->add_option("GRANTED", flags->granted, "true or false")
      ->required()
      ->check(CLI::IsMember({"true", "false"}));
  set->add_option("--time", flags->time, "When it was said (ISO 8601); now");
  set->footer("Example:\n  burgeon consent set 17850 audience false --workspace W");
  set->callback([chosen, flags] { *chosen = [flags](Session& s) { return RunSet(s, *flags); }; });
}

}  // namespace

void AddConsentVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand("consent", "What customers allow, by purpose and time");
  verb->require_subcommand(1);
  AddSet(verb, chosen);
  CLI::App* show = verb->add_subcommand("show", "All a customer said, and what holds");
  auto customer = std::make_shared<std::string>();
  show->add_option("CUSTOMER", *customer, "Customer id; with all ids linked to it")->required();
  show->callback(
      [chosen, customer] { *chosen = [customer](Session& s) { return RunShow(s, *customer); }; });
  CLI::App* import = verb->add_subcommand("import", "Record a file of statements");
  auto file = std::make_shared<std::string>();
  import
      ->add_option("FILE", *file,
                   "Table with customer_id, purpose, granted and (if it is there) time")
      ->required();
  import->footer(
      "All rows are recorded, or, when one is wrong, none.\n"
      "Example:\n  burgeon consent import preferences.csv --workspace W");
  import->callback([chosen, file] {
    *chosen = [file](Session& s) { return RunImport(s, *file);
};
}  // namespace burgeon
);
}

}  // namespace burgeon
