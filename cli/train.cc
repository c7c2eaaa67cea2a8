// burgeon train recommender, burgeon train churn: from the event store to a candidate.
#include "cli/pipeline.h"
#include "cli/verb.h"

namespace burgeon {
namespace {

absl::Status RunTrainRecommender(Session& session, const std::string& model) {
  BURGEON_ASSIGN_OR_RETURN(JobConfig job, LoadJob(session));
  job.recommender.kind = ParseTrainableKind(model).value_or(job.recommender.kind);
  BURGEON_ASSIGN_OR_RETURN(const FileLock lock, session.LockWorkspace());
  BURGEON_ASSIGN_OR_RETURN(nlohmann::json result, TrainRecommenderStep(session, job));
  session.Result(std::move(result));
  return absl::OkStatus();
}

absl::Status RunTrainChurn(Session& session) {
  BURGEON_ASSIGN_OR_RETURN(const JobConfig job, LoadJob(session));
  BURGEON_ASSIGN_OR_RETURN(const FileLock lock, session.LockWorkspace());
  BURGEON_ASSIGN_OR_RETURN(nlohmann::json result, TrainChurnStep(session, job));
  session.Result(std::move(result));
  return absl::OkStatus();
}

}  // namespace

void AddTrainVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand("train", "Train a model on everything known");
  verb->require_subcommand(1);
  CLI::App* recommender = verb->add_subcommand("recommender", "Embeddings of customers and items");
  auto model = std::make_shared<std::string>();
  std::vector<std::string> names;
  for (const RecommenderKind kind : TrainableKinds()) names.emplace_back(RecommenderKindName(kind));
  recommender->add_option("--model", *model, "Kind to train; without it, what the config says")
      ->check(CLI::IsMember(names));
  recommender->footer(
      "Examples:\n  burgeon train recommender --config C --workspace W\n"
      "  burgeon train recommender --model als --set recommender.als.dim=128 --config C");
  recommender->callback([chosen, model] {
    *chosen = [model](Session& s) { return RunTrainRecommender(s, *model); };
  });
  CLI::App* churn = verb->add_subcommand("churn", "Risk to buy nothing in the prediction window");
  churn->footer("Examples:\n  burgeon train churn --config C --workspace W");
  churn->callback([chosen] { *chosen = RunTrainChurn; });
}

}  // namespace burgeon
