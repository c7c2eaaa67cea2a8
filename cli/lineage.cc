// burgeon lineage: from a number in a report back to model, data, file and row.
#include "engine/erasure/lineage.h"

#include "cli/customer_lookup.h"
#include "cli/verb.h"

namespace burgeon {
namespace {

struct LineageFlags {
  std::string release;
  std::string snapshot;
  std::string metric;
  std::string customer;
  std::string item;
  int64_t ingest = 0;
  int64_t line = 0;
};

absl::StatusOr<LineageNode> Ask(Session& session, const LineageFlags& flags) {
  Lineage lineage(session.files(), session.workspace());
  if (!flags.customer.empty()) {
    if (flags.item.empty()) return InvalidArgument("--item is missing: of which recommendation?");
    BURGEON_ASSIGN_OR_RETURN(const std::vector<ErasureRequest> ids,
                             FindAllIds(session, {flags.customer}));
    StringSet customers;
    for (const ErasureRequest& id : ids) customers.insert(id.customer);
    return lineage.OfRecommendation(customers, flags.item);
  }
  if (!flags.item.empty()) return InvalidArgument("--item needs --customer");
  if (!flags.metric.empty()) return lineage.OfMetric(flags.metric);
  if (!flags.snapshot.empty()) return lineage.OfSnapshot(flags.snapshot);
  if (flags.line > 0) {
    if (flags.ingest < 1) return InvalidArgument("--line needs --ingest");
    return lineage.OfEvent(flags.ingest, flags.line);
  }
  if (flags.ingest > 0) return lineage.OfIngest(flags.ingest);
  return lineage.OfRelease(flags.release == "current" ? "" : flags.release);
}

absl::Status RunLineage(Session& session, const LineageFlags& flags) {
  BURGEON_ASSIGN_OR_RETURN(const LineageNode node, Ask(session, flags));
  for (const std::string& line : LineageLines(node)) session.Say(line);
  nlohmann::json result = nlohmann::json::parse(LineageJson(node), nullptr, false);
  result["whole"] = node.whole();
  session.Result(std::move(result));
  if (!node.broken.empty() && node.from.empty()) return NotFound(node.kind, ": ", node.broken);
  return absl::OkStatus();
}

}  // namespace

void AddLineageVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand("lineage", "Where a number comes from: models, data, rows");
  auto flags = std::make_shared<LineageFlags>();
  CLI::Option* release = verb->add_option("--release", flags->release, "A release, or 'current'");
  CLI::Option* snapshot = verb->add_option("--snapshot", flags->snapshot, "A snapshot");
  CLI::Option* metric = verb->add_option("--metric", flags->metric,
                                         "A metric of the current release, recommender.dim say");
  CLI::Option* customer =
      verb->add_option("--customer", flags->customer, "A recommendation to this customer...");
  verb->add_option("--item", flags->item, "...of this item");
  CLI::Option* ingest = verb->add_option("--ingest", flags->ingest, "An ingest, by its number")
                            ->check(CLI::PositiveNumber);
  verb->add_option("--line", flags->line, "A line of that ingest's file")
      ->check(CLI::PositiveNumber);
  const std::vector<CLI::Option*> starts = {release, snapshot, metric, customer, ingest};
  for (CLI::Option* const a : starts) {
    for (CLI::Option* const b : starts) {
      if (a != b) a->excludes(b);
    }
  }
  verb->footer(
      "Without a flag: of the current release. Where the chain is broken (a file that is gone or\n"
      "was changed) it says BROKEN and goes on.\n"
      "Examples:\n  burgeon lineage --workspace W\n"
      "  burgeon lineage --metric recommender.items\n"
      "  burgeon lineage --customer 17850 --item 84029E\n"
      "  burgeon lineage --ingest 1 --line 1024");
  verb->callback(
      [chosen, flags] { *chosen = [flags](Session& s) { return RunLineage(s, *flags); }; });
}

}  // namespace burgeon
