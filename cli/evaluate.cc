// burgeon evaluate: quality on published split files, by a time split of the workspace, and of
// lookalike audiences.
#include "cli/evaluate_recommender.h"
#include "cli/evaluate_sessions.h"
#include "cli/evaluate_steps.h"
#include "cli/verb.h"

namespace burgeon {
namespace {

absl::Status RunEvaluateChurn(Session& session) {
  BURGEON_ASSIGN_OR_RETURN(const JobConfig job, LoadJob(session));
  BURGEON_ASSIGN_OR_RETURN(nlohmann::json result, EvaluateChurn(session, job));
  session.Result(std::move(result));
  return absl::OkStatus();
}

absl::Status RunEvaluateLookalike(Session& session, const std::string& seeds) {
  BURGEON_ASSIGN_OR_RETURN(nlohmann::json result, EvaluateLookalikeGroup(session, seeds));
  session.Result(std::move(result));
  return absl::OkStatus();
}

}  // namespace

void AddEvaluateVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand("evaluate", "Measure quality");
  verb->require_subcommand(1);
  AddEvaluateRecommender(verb, chosen);
  AddEvaluateSessions(verb, chosen);
  CLI::App* churn = verb->add_subcommand(
      "churn", "The churn model and its logistic baseline on the last closed window");
  churn->footer("Examples:\n  burgeon evaluate churn --config C --workspace W");
  churn->callback([chosen] { *chosen = RunEvaluateChurn; });
  CLI::App* lookalike = verb->add_subcommand(
      "lookalike", "Recall and lift of a hidden half of a group, given the other half as seeds");
  auto seeds = std::make_shared<std::string>();
  lookalike->add_option("--seeds", *seeds, "File with the customer ids of the whole group")
      ->required();
  lookalike->footer("Examples:\n  burgeon evaluate lookalike --seeds vip.txt --workspace W");
  lookalike->callback([chosen, seeds] {
    *chosen = [seeds](Session& s) { return RunEvaluateLookalike(s, *seeds); };
  });
}

}  // namespace burgeon
