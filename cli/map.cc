// burgeon map: a configuration proposed for a file, from a sample of it.
#include "cli/verb.h"
#include "engine/events/propose_mapping.h"

namespace burgeon {
namespace {

struct MapFlags {
  std::string file;
  std::string out;
  ProposeOptions propose;
};

absl::Status RunMap(Session& session, const MapFlags& flags) {
  BURGEON_ASSIGN_OR_RETURN(const ProposedMapping proposed,
                           ProposeMapping(session.files(), flags.file, flags.propose));
  if (flags.out.empty()) {
    session.Say(proposed.yaml);
  } else {
    if (session.files().Exists(flags.out)) {
      return FailedPrecondition("--out ", flags.out, ": is there already; it is not written over");
    }
    BURGEON_RETURN_IF_ERROR(WriteFileAtomically(session.files(), flags.out, proposed.yaml));
    session.Say(Concat("map: ", flags.out, " from ", proposed.sampled_rows,
                       " rows; to check: ", proposed.open.size()));
    for (const std::string& open : proposed.open) session.Say("  " + open);
  }
  session.Result({{"file", flags.file},
                  {"yaml", proposed.yaml},
                  {"sampled_rows", proposed.sampled_rows},
                  {"open", proposed.open}});
  return absl::OkStatus();
}

}  // namespace

void AddMapVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand("map", "Propose a configuration for a file");
  auto flags = std::make_shared<MapFlags>();
  verb->add_option("file", flags->file, "CSV, JSON, Parquet or text in columns")->required();
  verb->add_option("--format", flags->propose.format, "Instead of finding it out")
      ->check(
          CLI::IsMember({"csv", "json_lines", "parquet", "blanks", "recbole", "segment", "ga4"}));
  verb->add_option("--sample-rows", flags->propose.sample_rows, "Rows to look at")
      ->check(CLI::Range(int64_t{10}, int64_t{10'000'000}))
      ->capture_default_str();
  verb->add_option("--out", flags->out, "YAML file to write; without it standard output");
  verb->footer(
      "burgeon ingest takes what it writes as it is; lines marked \"check:\" are guesses.\n"
      "Examples:\n  burgeon map events.csv --out configs/events.yaml\n"
      "  burgeon map clicks.txt --sample-rows 100000");
  verb->callback([chosen, flags] { *chosen = [flags](Session& s) { return RunMap(s, *flags); }; });
}

}  // namespace burgeon
