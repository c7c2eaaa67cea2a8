// burgeon recommend: lists for known customers, in batch, to CSV or Parquet.
#include <map>

#include "cli/open_release.h"
#include "cli/verb.h"
#include "engine/table/table.h"

namespace burgeon {
namespace {

struct RecommendFlags {
  std::string customers;
  std::string out;
  int k = 10;
  std::string method = "model";
  std::string retrieval = "exact";
  bool include_seen = false;
};

struct Audience {
  std::vector<CustomerRow> rows;
  std::vector<std::string> missing;
};

absl::StatusOr<Audience> FindAudience(Session& session, const OpenedRelease& opened,
                                      const std::string& customers) {
  const ReleaseView view = opened.view();
  Audience audience;
  if (customers == "all") {
    audience.rows = CustomersFor(view, Purpose::kRecommend);
    return audience;
  }
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                           ReadCustomerIds(session, opened, customers));
  for (const std::string& id : ids) {
    const auto row = FindCustomer(view, id, Purpose::kRecommend);
    if (row.ok()) {
      audience.rows.push_back(*row);
    } else if (absl::IsNotFound(row.status())) {
      audience.missing.push_back(id);
    } else {
      return row.status();
    }
  }
  return audience;
}

Table ToTable(const std::vector<RecommendAnswer>& answers) {
  Column customer{.name = "customer_id"};
  Column rank{.name = "rank", .type = ColumnType::kInt64};
  Column item{.name = "item_id"};
  Column label{.name = "item_label"};
  Column score{.name = "score", .type = ColumnType::kFloat};
  Column method{.name = "method"};
  Column source{.name = "source"};
  Table table;
  for (const RecommendAnswer& answer : answers) {
    int64_t place = 0;
    for (const NamedItem& entry : answer.items) {
      customer.strings.push_back(answer.customer_id);
      rank.ints.push_back(++place);
      item.strings.push_back(entry.id);
      label.strings.push_back(entry.label);
      score.doubles.push_back(entry.score);
      method.strings.emplace_back(RecommendMethodName(answer.method));
      source.strings.emplace_back(ItemSourceName(entry.source));
      ++table.rows;
    }
  }
  table.columns = {std::move(customer), std::move(rank),   std::move(item),  std::move(label),
                   std::move(score),    std::move(method), std::move(source)};
  return table;
}

absl::StatusOr<RecommendOptions> ToOptions(const RecommendFlags& flags) {
  RecommendOptions options;
  options.k = flags.k;
  const auto method = ParseRecommendMethod(flags.method);
  const auto retrieval = ParseRetrieval(flags.retrieval);
  if (!method || !retrieval) return InvalidArgument("--method or --retrieval is not known");
  options.method = *method;
  options.retrieval = *retrieval;
  options.seen = flags.include_seen ? SeenItems::kAllow : SeenItems::kMask;
  return options;
}

absl::Status RunRecommend(Session& session, const RecommendFlags& flags) {
  BURGEON_ASSIGN_OR_RETURN(const RecommendOptions options, ToOptions(flags));
  BURGEON_ASSIGN_OR_RETURN(const OpenedRelease opened, OpenCurrentRelease(session));
  BURGEON_ASSIGN_OR_RETURN(ExecutionContext* const context, session.context());
  BURGEON_ASSIGN_OR_RETURN(const Audience audience, FindAudience(session, opened, flags.customers));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<RecommendAnswer> answers,
                           AnswerRecommendMany(*context, opened.view(), audience.rows, options));
  BURGEON_RETURN_IF_ERROR(WriteTable(session.files(), flags.out, ToTable(answers)));
  std::map<std::string, int64_t> fallbacks;
  int64_t lists_filled = 0;
  int64_t items_filled = 0;
  for (const RecommendAnswer& answer : answers) {
    if (!answer.fallback_reason.empty()) ++fallbacks[answer.fallback_reason];
    lists_filled += answer.filled > 0 ? 1 : 0;
    items_filled += answer.filled;
  }
  session.Say(Concat("release ", opened.release->id(), ": ", answers.size(), " customers, ",
                     flags.k, " items each, to ", flags.out));
  for (const auto& [reason, count] : fallbacks) {
    session.Say(Concat("  ", count, " answered by popularity: ", reason));
  }
  if (lists_filled > 0) {
    session.Say(Concat("  ", lists_filled, " lists filled up by popularity, with ", items_filled,
                       " items"));
  }
  if (!audience.missing.empty()) {
    session.Say(Concat("  ", audience.missing.size(), " ids not found, the first '",
                       Printable(audience.missing.front()), "'"));
  }
  session.Result({{"release", opened.release->id()},
                  {"customers", answers.size()},
                  {"not_found", audience.missing},
                  {"fallbacks", fallbacks},
                  {"lists_filled", lists_filled},
                  {"items_filled", items_filled},
                  {"out", flags.out}});
  return absl::OkStatus();
}

}  // namespace

void AddRecommendVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand("recommend", "Write the best items of each customer");
  auto flags = std::make_shared<RecommendFlags>();
  verb->add_option("--customers", flags->customers, "'all', or a file of customer ids")->required();
  verb->add_option("--k", flags->k, "Items a customer")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  verb->add_option("--out", flags->out, "File to write, .csv or .parquet")->required();
  verb->add_option("--method", flags->method, "model, neighbours or popularity")
      ->check(CLI::IsMember({"model", "neighbours", "popularity"}))
      ->capture_default_str();
  verb->add_option("--retrieval", flags->retrieval, "exact or index")
      ->check(CLI::IsMember({"exact", "index"}))
      ->capture_default_str();
  verb->add_flag("--include-seen", flags->include_seen, "Also items the customer bought before");
  verb->footer(
      "Examples:\n  burgeon recommend --customers all --k 10 --out recommendations.csv\n"
      "  burgeon recommend --customers ids.txt --method neighbours --out lists.parquet");
  verb->callback(
      [chosen, flags] { *chosen = [flags](Session& s) { return RunRecommend(s, *flags); }; });
}

}  // namespace burgeon
