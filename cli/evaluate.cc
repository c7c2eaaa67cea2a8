// burgeon evaluate: quality on published split files, by a time split of the workspace, and of
// lookalike audiences.
#include "cli/evaluate_steps.h"
#include "cli/verb.h"
#include "training/recommender/evaluate_split.h"

namespace burgeon {
namespace {

struct RecommenderFlags {
  std::string train;
  std::string test;
  std::string model = "spectral";
  int64_t window_days = 0;
};

absl::Status EvaluateRecommender(Session& session, const RecommenderFlags& flags) {
  if (flags.train.empty() != flags.test.empty()) {
    return InvalidArgument("evaluate recommender: --train and --test go together; without both ",
                           "the workspace is split by time");
  }
  nlohmann::json result;
  if (!flags.train.empty()) {
    BURGEON_ASSIGN_OR_RETURN(result,
                             EvaluateSplitFiles(session, flags.train, flags.test, flags.model));
  } else {
    BURGEON_ASSIGN_OR_RETURN(const JobConfig job, LoadJob(session));
    const int64_t window = flags.window_days > 0 ? flags.window_days : job.evaluation_window_days;
    BURGEON_ASSIGN_OR_RETURN(result, EvaluateRecommenderByTime(session, job, window));
  }
  session.Result(std::move(result));
  return absl::OkStatus();
}

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

void AddEvaluateRecommender(CLI::App* verb, VerbAction* chosen) {
  CLI::App* recommender =
      verb->add_subcommand("recommender", "recall@20 and NDCG@20 of the recommenders");
  auto flags = std::make_shared<RecommenderFlags>();
  recommender->add_option("--train", flags->train, "Split file to train on: 'user item item ...'");
  recommender->add_option("--test", flags->test, "Split file to rank against");
  std::vector<std::string> names;
  for (const RecommenderKind kind : TrainableKinds()) names.emplace_back(RecommenderKindName(kind));
  names.emplace_back("popularity");
  recommender->add_option("--model", flags->model, "What to evaluate (split files)")
      ->check(CLI::IsMember(names))
      ->capture_default_str();
  recommender
      ->add_option("--window-days", flags->window_days,
                   "Days held out at the end of the workspace's events; 0: as the config says")
      ->check(CLI::Range(0, 3650));
  recommender->footer(
      "With --train and --test one model is trained on the one file and ranked against the other,\n"
      "all items, those of train masked. Without them the workspace is split by time and all "
      "models\n"
      "are compared.\n"
      "Examples:\n"
      "  burgeon evaluate recommender --train train.txt --test test.txt --model spectral --json\n"
      "  burgeon evaluate recommender --config C --workspace W --window-days 60");
  recommender->callback([chosen, flags] {
    *chosen = [flags](Session& s) { return EvaluateRecommender(s, *flags); };
  });
}

}  // namespace

void AddEvaluateVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand("evaluate", "Measure quality");
  verb->require_subcommand(1);
  AddEvaluateRecommender(verb, chosen);
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
