// burgeon train recommender, burgeon train churn: from the event store to a candidate.
#include <memory>

#include "cli/pipeline.h"
#include "cli/verb.h"
#include "training/run/stop_signals.h"

namespace burgeon {
namespace {

struct Flags {
  std::string model;
  std::string tensorboard;
  std::string checkpoint_folder;
  int64_t checkpoint_every = 1;
  bool resume = false;
};

absl::Status RunTrainRecommender(Session& session, const Flags& flags) {
  BURGEON_ASSIGN_OR_RETURN(JobConfig job, LoadJob(session));
  RecommenderKind& kind = job.recommender.kind;
  kind = ParseTrainableKind(flags.model).value_or(kind);
  if (!flags.checkpoint_folder.empty() && !KeepsCheckpoints(kind)) {
    return InvalidArgument("train recommender: --checkpoint-dir: ", RecommenderKindName(kind),
                           " has no steps to go on from; leave it out");
  }
  if (flags.checkpoint_folder.empty() && (flags.resume || flags.checkpoint_every != 1)) {
    return InvalidArgument("train recommender: --resume and --checkpoint-every need ",
                           "--checkpoint-dir");
  }
  BURGEON_ASSIGN_OR_RETURN(const FileLock lock, session.LockWorkspace());
  const StopSignals signals;
  BURGEON_ASSIGN_OR_RETURN(
      nlohmann::json result,
      TrainRecommenderStep(
          session, job,
          {.tensorboard_folder = flags.tensorboard,
           .checkpoint_folder = flags.checkpoint_folder,
           .checkpoint_every = flags.checkpoint_every,
           .start = flags.resume ? TrainingStart::kLatestCheckpoint : TrainingStart::kAnew,
           .stop = signals.stop()}));
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
  auto flags = std::make_shared<Flags>();
  std::vector<std::string> names;
  for (const RecommenderKind kind : TrainableKinds()) names.emplace_back(RecommenderKindName(kind));
  recommender
      ->add_option("--model", flags->model, "Kind to train; without it, what the config says")
      ->check(CLI::IsMember(names));
  recommender->add_option("--tensorboard", flags->tensorboard,
                          "Folder for an event file: loss and what else each step measures");
  recommender->add_option("--checkpoint-dir", flags->checkpoint_folder,
                          "Folder that keeps where the training stands; Ctrl-C keeps it too");
  recommender
      ->add_option("--checkpoint-every", flags->checkpoint_every, "Steps between two of them")
      ->check(CLI::Range(int64_t{1}, int64_t{1'000'000}))
      ->capture_default_str();
  recommender->add_flag("--resume", flags->resume,
                        "Go on from the newest checkpoint, with the same bits as without a stop");
  recommender->footer(
      "Examples:\n  burgeon train recommender --config C --workspace W\n"
      "  burgeon train recommender --model als --set recommender.als.dim=128 --config C\n"
      "  burgeon train recommender --model als --checkpoint-dir D --resume --config C");
  recommender->callback([chosen, flags] {
    *chosen = [flags](Session& s) { return RunTrainRecommender(s, *flags); };
  });
  CLI::App* churn = verb->add_subcommand("churn", "Risk to buy nothing in the prediction window");
  churn->footer("Examples:\n  burgeon train churn --config C --workspace W");
  churn->callback([chosen] { *chosen = RunTrainChurn; });
}

}  // namespace burgeon
