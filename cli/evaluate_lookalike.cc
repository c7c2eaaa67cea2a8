// EvaluateLookalikeGroup of cli/evaluate_steps.h.
#include <algorithm>
#include <cstdio>

#include "cli/evaluate_steps.h"
#include "cli/open_release.h"
#include "engine/audience/lookalike_evaluation.h"

namespace burgeon {
namespace {

// The halves depend on this and the rows alone.
constexpr uint64_t kSplitSeed = 1;

nlohmann::json ToJson(const LookalikeEvaluation& evaluation) {
  nlohmann::json methods = nlohmann::json::object();
  for (const LookalikeQuality& quality : evaluation.methods) {
    nlohmann::json cuts = nlohmann::json::array();
    for (size_t i = 0; i < kLookalikeShares.size(); ++i) {
      cuts.push_back({{"share", kLookalikeShares[i]},
                      {"recall", quality.recall[i]},
                      {"lift", quality.lift[i]}});
    }
    methods[quality.method] = std::move(cuts);
  }
  return {{"seeds", evaluation.seeds},
          {"held_out", evaluation.held_out},
          {"candidates", evaluation.candidates},
          {"methods", std::move(methods)}};
}

}  // namespace

absl::StatusOr<nlohmann::json> EvaluateLookalikeGroup(Session& session, const std::string& seeds) {
  BURGEON_ASSIGN_OR_RETURN(const OpenedRelease opened, OpenCurrentRelease(session));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                           ReadCustomerIds(session, opened, seeds));
  BURGEON_ASSIGN_OR_RETURN(ExecutionContext* const context, session.context());
  std::vector<CustomerRow> rows;
  std::vector<std::string> missing;
  for (const std::string& id : ids) {
    const auto row = FindCustomer(opened.view(), id, Purpose::kAudience);
    if (row.ok()) {
      rows.push_back(*row);
    } else if (absl::IsNotFound(row.status())) {
      missing.push_back(id);
    } else {
      return row.status();
    }
  }
  std::sort(rows.begin(), rows.end());
  const ReleaseData& data = opened.release->data();
  std::vector<uint8_t> allowed(static_cast<size_t>(data.customers.size()), 0);
  for (const CustomerRow row : CustomersFor(opened.view(), Purpose::kAudience)) {
    allowed[row.value] = 1;
  }
  const LookalikeInput input{.embeddings = data.recommender.customer_embeddings.view(),
                             .features = data.features.values.view(),
                             .seeds = rows,
                             .allowed = allowed};
  LookalikeOptions options;
  options.seed = session.options().random_seed.value_or(options.seed);
  BURGEON_ASSIGN_OR_RETURN(const LookalikeEvaluation evaluation,
                           EvaluateLookalike(*context, input, options, kSplitSeed));
  session.Say(Concat(evaluation.seeds, " seeds, ", evaluation.held_out, " held out among ",
                     evaluation.candidates, " candidates; lift at 1 %, 5 %, 10 %:"));
  for (const LookalikeQuality& quality : evaluation.methods) {
    char text[120];
    std::snprintf(text, sizeof(text), "  %-16s %6.2f %6.2f %6.2f", quality.method.c_str(),
                  quality.lift[0], quality.lift[1], quality.lift[2]);
    session.Say(text);
  }
  nlohmann::json result = ToJson(evaluation);
  result["not_found"] = missing;
  return result;
}

}  // namespace burgeon
