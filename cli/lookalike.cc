// burgeon lookalike: the customers most like a seed audience, to CSV or Parquet.
#include "cli/open_release.h"
#include "cli/verb.h"
#include "engine/table/table.h"

namespace burgeon {
namespace {

struct LookalikeFlags {
  std::string seeds;
  std::string exclude;
  std::string out;
  LookalikeOptions options;
};

void SayMissing(Session& session, std::string_view what, const std::vector<std::string>& ids) {
  if (ids.empty()) return;
  session.Say(
      Concat("  ", ids.size(), " ", what, " not found, the first '", Printable(ids.front()), "'"));
}

absl::Status RunLookalike(Session& session, const LookalikeFlags& flags) {
  LookalikeRequest request;
  request.options = flags.options;
  request.options.seed = session.options().random_seed.value_or(request.options.seed);
  BURGEON_ASSIGN_OR_RETURN(const OpenedRelease opened, OpenCurrentRelease(session));
  BURGEON_ASSIGN_OR_RETURN(request.seeds, ReadCustomerIds(session, opened, flags.seeds));
  if (!flags.exclude.empty()) {
    BURGEON_ASSIGN_OR_RETURN(request.exclude, ReadCustomerIds(session, opened, flags.exclude));
  }
  BURGEON_ASSIGN_OR_RETURN(ExecutionContext* const context, session.context());
  BURGEON_ASSIGN_OR_RETURN(const LookalikeAnswer answer,
                           AnswerLookalike(*context, opened.view(), request));
  Column customer{.name = "customer_id"};
  Column score{.name = "score", .type = ColumnType::kFloat};
  for (const auto& [id, value] : answer.members) {
    customer.strings.push_back(id);
    score.doubles.push_back(value);
  }
  Table table;
  table.rows = static_cast<int64_t>(answer.members.size());
  table.columns = {std::move(customer), std::move(score)};
  BURGEON_RETURN_IF_ERROR(WriteTable(session.files(), flags.out, table));
  session.Say(Concat("release ", opened.release->id(), ": ", answer.members.size(),
                     " customers like ", answer.seeds_used, " seeds, to ", flags.out));
  SayMissing(session, "seeds", answer.unknown_seeds);
  SayMissing(session, "excluded ids", answer.unknown_excluded);
  session.Result({{"release", opened.release->id()},
                  {"members", answer.members.size()},
                  {"seeds_used", answer.seeds_used},
                  {"seeds_not_found", answer.unknown_seeds},
                  {"excluded_not_found", answer.unknown_excluded},
                  {"out", flags.out}});
  return absl::OkStatus();
}

}  // namespace

void AddLookalikeVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand("lookalike", "Write the customers most like a seed audience");
  auto flags = std::make_shared<LookalikeFlags>();
  verb->add_option("--seeds", flags->seeds, "File of the customer ids of the seed audience")
      ->required();
  verb->add_option("--size", flags->options.size, "Customers wanted")
      ->check(CLI::Range(int64_t{1}, int64_t{1'000'000'000}))
      ->capture_default_str();
  verb->add_option("--exclude", flags->exclude, "File of customer ids to leave out");
  verb->add_option("--min-seeds", flags->options.min_seeds, "Refuse fewer seeds than this")
      ->check(CLI::Range(int64_t{1}, int64_t{1'000'000}))
      ->capture_default_str();
  verb->add_option("--min-audience", flags->options.min_audience,
                   "Refuse an audience smaller than this")
      ->check(CLI::Range(int64_t{1}, int64_t{1'000'000'000}))
      ->capture_default_str();
  verb->add_option("--out", flags->out, "File to write, .csv or .parquet")->required();
  verb->footer("Examples:\n  burgeon lookalike --seeds vip.txt --size 500 --out audience.csv");
  verb->callback(
      [chosen, flags] { *chosen = [flags](Session& s) { return RunLookalike(s, *flags); }; });
}

}  // namespace burgeon
