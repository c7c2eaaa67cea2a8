// burgeon similar: what is most like one item or one customer.
#include "cli/open_release.h"
#include "cli/verb.h"

namespace burgeon {
namespace {

struct SimilarFlags {
  std::string item;
  std::string customer;
  int k = 10;
};

absl::Status RunSimilar(Session& session, const SimilarFlags& flags) {
  if (flags.item.empty() == flags.customer.empty()) {
    return InvalidArgument("similar: exactly one of --item and --customer is wanted");
  }
  BURGEON_ASSIGN_OR_RETURN(const OpenedRelease opened, OpenCurrentRelease(session));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<SimilarEntry> entries,
                           flags.item.empty()
                               ? SimilarCustomers(opened.view(), flags.customer, flags.k)
                               : SimilarItems(opened.view(), flags.item, flags.k));
  nlohmann::json list = nlohmann::json::array();
  for (const SimilarEntry& entry : entries) {
    session.Say(Concat(entry.score, "  ", entry.id, entry.label.empty() ? "" : "  ", entry.label));
    list.push_back({{"id", entry.id}, {"label", entry.label}, {"score", entry.score}});
  }
  session.Result({{"release", opened.release->id()}, {"similar", std::move(list)}});
  return absl::OkStatus();
}

}  // namespace

void AddSimilarVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand("similar", "Show what is most like an item or a customer");
  auto flags = std::make_shared<SimilarFlags>();
  verb->add_option("--item", flags->item, "Item id");
  verb->add_option("--customer", flags->customer, "Customer id");
  verb->add_option("--k", flags->k, "How many")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  verb->footer(
      "Examples:\n  burgeon similar --item 85123A\n  burgeon similar --customer 17850 --k 5");
  verb->callback(
      [chosen, flags] { *chosen = [flags](Session& s) { return RunSimilar(s, *flags); }; });
}

}  // namespace burgeon
