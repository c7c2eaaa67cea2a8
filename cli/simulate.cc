// burgeon simulate: a world with known truth.
#include "cli/verb.h"
#include "engine/events/time_format.h"
#include "engine/simulation/world_writer.h"

namespace burgeon {
namespace {

struct SimulateFlags {
  WorldConfig world;
  std::string start;
  std::string out;
  std::string format = "csv";
  std::string defects = "none";
};

absl::StatusOr<std::vector<Defect>> LoadDefects(const std::string& path) {
  if (path == "none") return std::vector<Defect>();
  BURGEON_ASSIGN_OR_RETURN(Config config, Config::Load(path));
  std::vector<Defect> defects = ParseDefects(config.root());
  BURGEON_RETURN_IF_ERROR(config.Finish());
  return defects;
}

absl::Status RunSimulate(Session& session, const SimulateFlags& flags) {
  WorldConfig world = flags.world;
  if (!session.options().config.empty()) {
    BURGEON_ASSIGN_OR_RETURN(Config config, session.LoadConfig());
    ParseWorldConfig(config.root().Child("simulation"), &world);
    BURGEON_RETURN_IF_ERROR(config.Finish());
  }
  world.format = flags.format == "csv"     ? WorldFormat::kCsv
                 : flags.format == "jsonl" ? WorldFormat::kJsonLines
                                           : WorldFormat::kParquet;
  if (session.options().random_seed) world.seed = *session.options().random_seed;
  if (!flags.start.empty()) {
    const std::optional<TimeMicros> start = TimeFormat().Parse(flags.start);
    if (!start) {
      return InvalidArgument("--start: '", Printable(flags.start), "' is not ",
                             TimeFormat().Wanted());
    }
    world.start = *start / 1000 * 1000;
  }
  BURGEON_ASSIGN_OR_RETURN(const std::vector<Defect> defects, LoadDefects(flags.defects));
  BURGEON_ASSIGN_OR_RETURN(
      const WorldReport report,
      WriteWorld(session.files(), session.pool(), world, defects, flags.out, session.progress()));
  session.Say(Concat("simulate ", flags.out, ": ", report.customers, " customers, ", report.items,
                     " items, ", report.events, " events in ", report.bytes, " bytes"));
  std::string types;
  for (const auto& [type, count] : report.events_by_type) {
    types += Concat(types.empty() ? "" : ", ", type, " ", count);
  }
  session.Say(Concat("  by type: ", types));
  for (const auto& [kind, count] : report.defects) {
    session.Say(Concat("  planted: ", count, " ", kind));
  }
  session.Say(Concat("  ingest with: burgeon ingest --config ", flags.out, "/job.yaml"));
  session.Result({{"folder", flags.out},
                  {"customers", report.customers},
                  {"items", report.items},
                  {"events", report.events},
                  {"bytes", report.bytes},
                  {"event_files", report.event_files},
                  {"events_by_type", report.events_by_type},
                  {"defects", report.defects}});
  return absl::OkStatus();
}

}  // namespace

void AddSimulateVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand("simulate", "Make a world whose truth is known");
  auto flags = std::make_shared<SimulateFlags>();
  WorldConfig& world = flags->world;
  verb->add_option("--customers", world.customers, "How many")->capture_default_str();
  verb->add_option("--items", world.items, "How many")->capture_default_str();
  verb->add_option("--days", world.days, "Length of the world")->capture_default_str();
  verb->add_option("--seed", world.seed, "The same seed, the same world")->capture_default_str();
  verb->add_option("--events-per-customer", world.events_per_customer,
                   "Mean number of events of a customer, about")
      ->capture_default_str();
  verb->add_option("--start", flags->start, "First day, such as 2024-01-01 (the default)");
  verb->add_option("--out", flags->out, "Folder to write, new or empty")->required();
  verb->add_option("--format", flags->format, "Of the events: csv, jsonl or parquet")
      ->check(CLI::IsMember({"csv", "jsonl", "parquet"}))
      ->capture_default_str();
  verb->add_option("--defects", flags->defects, "YAML list of planted defects, or none")
      ->capture_default_str();
  verb->footer(
      "Writes events, customers, items, aggregates, job.yaml, and under truth/ what is true.\n"
      "The section `simulation` of --config changes the model (docs/simulation.md).\n"
      "Example:\n  burgeon simulate --customers 1000 --items 500 --days 365 --seed 7 --out world");
  verb->callback(
      [chosen, flags] { *chosen = [flags](Session& s) { return RunSimulate(s, *flags); }; });
}

}  // namespace burgeon
