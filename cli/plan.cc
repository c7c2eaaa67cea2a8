// burgeon plan memory: what a training will need, before it starts.
#include <memory>
#include <optional>

#include "cli/pipeline.h"
#include "cli/verb.h"
#include "engine/dataset/split_file.h"
#include "training/recommender/memory_check.h"

namespace burgeon {
namespace {

struct Flags {
  std::string model;
  std::string train;
  std::optional<int64_t> customers;
  std::optional<int64_t> items;
  std::optional<int64_t> interactions;
  std::optional<int64_t> events;
  std::optional<double> available_gib;
};

bool AnyCount(const Flags& flags) {
  return flags.customers || flags.items || flags.interactions || flags.events;
}

absl::StatusOr<DataCounts> CountsOf(Session& session, const Flags& flags, const JobConfig& job) {
  if (AnyCount(flags)) {
    if (!flags.train.empty()) {
      return InvalidArgument("plan memory: --train counts by itself; leave --customers, --items, ",
                             "--interactions and --events out");
    }
    if (!flags.customers || !flags.items || !flags.interactions) {
      return InvalidArgument("plan memory: --customers, --items and --interactions go together");
    }
    return DataCounts{.customers = *flags.customers,
                      .items = *flags.items,
                      .interactions = *flags.interactions,
                      .events = flags.events.value_or(*flags.interactions)};
  }
  if (!flags.train.empty()) {
    BURGEON_ASSIGN_OR_RETURN(const SplitData data, ReadSplitFile(session.files(), flags.train));
    const int64_t pairs = data.train.view().nonzeros();
    return DataCounts{.customers = data.customers.size(),
                      .items = data.items.size(),
                      .interactions = pairs,
                      .events = pairs};
  }
  BURGEON_ASSIGN_OR_RETURN(const EventStore store, OpenEvents(session));
  BURGEON_ASSIGN_OR_RETURN(const Snapshot snapshot, ReleaseSnapshot(session, job, store));
  return CountsOf(snapshot);
}

absl::Status Plan(Session& session, const Flags& flags) {
  const bool needs_workspace = flags.train.empty() && !AnyCount(flags);
  BURGEON_ASSIGN_OR_RETURN(const JobConfig job,
                           needs_workspace ? LoadJob(session) : LoadSplitFilesJob(session));
  const RecommenderKind kind = ParseTrainableKind(flags.model).value_or(job.recommender.kind);
  BURGEON_ASSIGN_OR_RETURN(const DataCounts counts, CountsOf(session, flags, job));
  HostMemory memory = QueryHostMemory();
  if (flags.available_gib) {
    memory = {.available_bytes = static_cast<int64_t>(*flags.available_gib * (1 << 30)),
              .source = "--available-gib"};
  }
  const int threads = session.pool().threads();
  BURGEON_ASSIGN_OR_RETURN(
      const RecommenderMemory plan,
      PlanRecommenderMemory(kind, job.recommender, counts, threads, memory.available_bytes));
  const std::string name(RecommenderKindName(kind));
  session.Say(Concat(name, ": ", counts.customers, " customers, ", counts.items, " items, ",
                     counts.interactions, " interactions, ", threads, " threads"));
  nlohmann::json phases = nlohmann::json::array();
  for (const MemoryPhase& phase : plan.phases) {
    session.Say(Concat("  ", phase.name, ": ", BytesText(phase.bytes)));
    phases.push_back({{"name", phase.name}, {"bytes", phase.bytes}});
  }
  if (plan.phases.empty()) {
    session.Say("  no formula is known for this kind; nothing is refused");
  } else {
    session.Say(Concat("peak ", BytesText(plan.peak_bytes), ", available ",
                       BytesText(memory.available_bytes), " (", memory.source, ")"));
  }
  BURGEON_RETURN_IF_ERROR(CheckMemory(kind, plan, memory));
  nlohmann::json result = {{"model", name},
                           {"customers", counts.customers},
                           {"items", counts.items},
                           {"interactions", counts.interactions},
                           {"threads", threads},
                           {"phases", std::move(phases)},
                           {"peak_bytes", plan.peak_bytes},
                           {"available_bytes", memory.available_bytes},
                           {"available_source", memory.source},
                           {"field", plan.field},
                           {"field_value", plan.field_value}};
  if (plan.largest_that_fits) result["largest_that_fits"] = *plan.largest_that_fits;
  session.Result(std::move(result));
  return absl::OkStatus();
}

}  // namespace

void AddPlanVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand("plan", "What a training will need, before it starts");
  verb->require_subcommand(1);
  CLI::App* memory = verb->add_subcommand("memory", "Bytes of each phase, against what is there");
  auto flags = std::make_shared<Flags>();
  std::vector<std::string> names;
  for (const RecommenderKind kind : TrainableKinds()) names.emplace_back(RecommenderKindName(kind));
  const CLI::Range count(int64_t{1}, INT64_MAX);
  memory->add_option("--model", flags->model, "Kind to train; else what the config says")
      ->check(CLI::IsMember(names));
  memory->add_option("--train", flags->train, "Count a split file, in place of the workspace");
  memory->add_option("--customers", flags->customers, "Count of a log that is not at hand")
      ->check(count);
  memory->add_option("--items", flags->items, "The same")->check(count);
  memory->add_option("--interactions", flags->interactions, "Pairs of customer and item")
      ->check(count);
  memory->add_option("--events", flags->events, "Rows of the log; else as many as interactions")
      ->check(count);
  memory->add_option("--available-gib", flags->available_gib, "In place of what this machine has")
      ->check(CLI::Range(1e-3, 1e6));
  memory->footer(
      "Exit code 6 when it does not fit; the message names the field to lower, and to what.\n"
      "Examples:\n"
      "  burgeon plan memory --config C --workspace W\n"
      "  burgeon plan memory --model als --customers 20000000 --items 1000000 "
      "--interactions 1000000000");
  memory->callback(
      [chosen, flags] { *chosen = [flags](Session& session) { return Plan(session, *flags); }; });
}

}  // namespace burgeon
