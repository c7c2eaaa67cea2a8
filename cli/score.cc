// burgeon score churn: the risk of each active customer, to CSV or Parquet.
#include <optional>

#include "cli/open_release.h"
#include "cli/verb.h"
#include "engine/table/table.h"

namespace burgeon {
namespace {

struct ScoreFlags {
  std::string customers;
  std::string out;
};

absl::Status ScoreChurn(Session& session, const ScoreFlags& flags) {
  BURGEON_ASSIGN_OR_RETURN(const OpenedRelease opened, OpenCurrentRelease(session));
  std::optional<std::vector<std::string>> wanted;
  if (flags.customers != "all") {
    BURGEON_ASSIGN_OR_RETURN(wanted, ReadCustomerIds(session, opened, flags.customers));
  }
  BURGEON_ASSIGN_OR_RETURN(const ChurnAnswer answer, AnswerChurn(opened.view(), wanted));
  Column customer{.name = "customer_id"};
  Column risk{.name = "churn_risk", .type = ColumnType::kFloat};
  for (const ChurnRow& row : answer.rows) {
    customer.strings.push_back(row.customer_id);
    risk.doubles.push_back(row.risk);
  }
  Table table;
  table.rows = static_cast<int64_t>(answer.rows.size());
  table.columns = {std::move(customer), std::move(risk)};
  BURGEON_RETURN_IF_ERROR(WriteTable(session.files(), flags.out, table));
  session.Say(Concat("release ", opened.release->id(), ": churn risk of ", answer.rows.size(),
                     " customers, to ", flags.out));
  if (!answer.missing.empty()) {
    session.Say(Concat("  ", answer.missing.size(), " ids not found or not active, the first '",
                       Printable(answer.missing.front()), "'"));
  }
  session.Result({{"release", opened.release->id()},
                  {"customers", answer.rows.size()},
                  {"not_found", answer.missing},
                  {"out", flags.out}});
  return absl::OkStatus();
}

}  // namespace

void AddScoreVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand("score", "Write a prediction for each customer");
  verb->require_subcommand(1);
  CLI::App* churn = verb->add_subcommand(
      "churn", "Risk that an active customer buys nothing in the prediction window");
  auto flags = std::make_shared<ScoreFlags>();
  churn->add_option("--customers", flags->customers, "'all', or a file of customer ids")
      ->required();
  churn->add_option("--out", flags->out, "File to write, .csv or .parquet")->required();
  churn->footer("Examples:\n  burgeon score churn --customers all --out risk.csv");
  churn->callback(
      [chosen, flags] { *chosen = [flags](Session& s) { return ScoreChurn(s, *flags); }; });
}

}  // namespace burgeon
