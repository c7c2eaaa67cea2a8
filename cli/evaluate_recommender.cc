#include "cli/evaluate_recommender.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/evaluate_steps.h"
#include "cli/recommender_evaluation.h"
#include "engine/base/limits.h"
#include "engine/experiment/recommender_html.h"

namespace burgeon {
namespace {

struct Flags {
  std::string train;
  std::string test;
  std::string mask;
  std::string sequences;
  std::string split;
  std::string part = "test";
  std::string html;
  std::vector<std::string> models;
  std::vector<int> ks;
  std::string baseline;
  std::optional<int64_t> bootstrap;
  int64_t window_days = 0;
};

bool OnFiles(const Flags& flags) { return !flags.train.empty() || !flags.sequences.empty(); }

// The job with the flags over it.
absl::StatusOr<EvaluationRequest> RequestOf(const Session& session, const Flags& flags) {
  EvaluationRequest request;
  EvaluationOptions& options = request.options;
  BURGEON_ASSIGN_OR_RETURN(request.job,
                           OnFiles(flags) ? LoadSplitFilesJob(session) : LoadJob(session));
  options = request.job.evaluation;
  if (!flags.models.empty()) {
    options.models = flags.models;
    options.runs.clear();
  }
  if (!flags.ks.empty()) options.comparison.ks = flags.ks;
  if (!flags.baseline.empty()) options.comparison.baseline = flags.baseline;
  options.comparison.progress = session.progress();
  if (flags.bootstrap) options.comparison.bootstrap.replicates = *flags.bootstrap;
  if (flags.window_days > 0) options.window_days = flags.window_days;
  return request;
}

absl::StatusOr<RecommenderEvaluation> EvaluateSequences(Session& session, const Flags& flags,
                                                        EvaluationRequest request) {
  if (!flags.train.empty() || !flags.split.empty() || flags.window_days > 0) {
    return InvalidArgument("evaluate recommender: --sequences stands alone: it leaves each user's ",
                           "last item out; --train, --test, --split and --window-days are for ",
                           "other splits");
  }
  if (request.options.models.empty() && request.options.runs.empty()) {
    request.options.models = {"sequence"};
  }
  return EvaluateSequenceFile(session, request, flags.sequences);
}

absl::StatusOr<RecommenderEvaluation> EvaluateFiles(Session& session, const Flags& flags,
                                                    EvaluationRequest request) {
  if (flags.part != "test" || flags.window_days > 0) {
    return InvalidArgument("evaluate recommender: --part and --window-days are for a workspace; ",
                           "with --train and --test the files say what is held out");
  }
  if (request.options.models.empty() && request.options.runs.empty()) {
    request.options.models = {"spectral"};
  }
  const SplitProtocol protocol = flags.split.empty()     ? SplitProtocol::kUnstated
                                 : flags.split == "time" ? SplitProtocol::kTime
                                                         : SplitProtocol::kLeaveLastOut;
  return EvaluateSplitFiles(session, request, {flags.train, flags.test, protocol, flags.mask});
}

absl::Status Evaluate(Session& session, const Flags& flags) {
  if (flags.train.empty() != flags.test.empty()) {
    return InvalidArgument("evaluate recommender: --train and --test go together; without both ",
                           "the workspace is split");
  }
  if (!flags.mask.empty() && flags.train.empty()) {
    return InvalidArgument("evaluate recommender: --mask goes with --train and --test");
  }
  BURGEON_ASSIGN_OR_RETURN(EvaluationRequest request, RequestOf(session, flags));
  request.part = flags.part == "test" ? HeldOutPart::kTest : HeldOutPart::kValidation;
  RecommenderEvaluation evaluation;
  if (!flags.sequences.empty()) {
    BURGEON_ASSIGN_OR_RETURN(evaluation, EvaluateSequences(session, flags, std::move(request)));
  } else if (!flags.train.empty()) {
    BURGEON_ASSIGN_OR_RETURN(evaluation, EvaluateFiles(session, flags, std::move(request)));
  } else if (flags.split == "leave-last-out") {
    BURGEON_ASSIGN_OR_RETURN(evaluation, EvaluateRecommenderByLastOut(session, request));
  } else {
    BURGEON_ASSIGN_OR_RETURN(evaluation, EvaluateRecommenderByTime(session, request));
  }
  SayEvaluation(session, evaluation);
  if (!flags.html.empty()) {
    BURGEON_RETURN_IF_ERROR(WriteFileAtomically(
        session.files(), flags.html,
        RecommenderHtml(evaluation.title, evaluation.about, evaluation.quality)));
    session.Say(Concat("report: ", flags.html));
  }
  session.Result(EvaluationJson(evaluation));
  return absl::OkStatus();
}

void AddSplitFlags(CLI::App* verb, Flags* flags) {
  verb->add_option("--train", flags->train,
                   "Split file to train on: 'user item item ...', or RecBole's typed columns");
  verb->add_option("--test", flags->test, "Split file to rank against");
  verb->add_option("--mask", flags->mask,
                   "Split file of more pairs that are never listed, beside those of --train");
  verb->add_option("--sequences", flags->sequences,
                   "Sequence file, 'user item item ...', oldest first: each user's last item is to "
                   "be found");
  verb->add_option("--split", flags->split,
                   "How the workspace is split (else by time); of split files: what their times "
                   "are held to")
      ->check(CLI::IsMember({"time", "leave-last-out"}));
  verb->add_option("--part", flags->part,
                   "What is to be found: the test, or for choosing a model the part before it")
      ->check(CLI::IsMember({"test", "validation"}))
      ->capture_default_str();
  verb->add_option("--window-days", flags->window_days,
                   "Days held out at the end of the workspace's events; 0: as the config says")
      ->check(CLI::Range(0, 3650));
}

void AddMeasureFlags(CLI::App* verb, Flags* flags) {
  verb->add_option("--model,--models", flags->models,
                   "What to evaluate, a list with commas; else `evaluation.models` of the config, "
                   "else every kind (workspace) or spectral (split files)")
      ->check(CLI::IsMember(EvaluatedModelNames()))
      ->delimiter(',');
  verb->add_option("--k", flags->ks, "Lengths of list to measure at, ascending: 5,10,20")
      ->check(CLI::Range(1, limits::kMaxK))
      ->delimiter(',');
  verb->add_option("--baseline", flags->baseline,
                   "The model that differences are to; else popularity");
  verb->add_option("--bootstrap", flags->bootstrap,
                   "Bootstrap replicates over customers; 0: no intervals; else 1000")
      ->check(CLI::Range(int64_t{0}, kMaxReplicates));
  verb->add_option("--html", flags->html, "Write the report as one HTML file");
}

}  // namespace

void AddEvaluateRecommender(CLI::App* evaluate, VerbAction* chosen) {
  CLI::App* verb = evaluate->add_subcommand(
      "recommender", "Quality of the recommenders beside popularity, with intervals");
  auto flags = std::make_shared<Flags>();
  AddSplitFlags(verb, flags.get());
  AddMeasureFlags(verb, flags.get());
  verb->footer(
      "With --train and --test models are trained on the one file and ranked against the other,\n"
      "all items, those of train masked. Without them the workspace is split. Popularity and\n"
      "item_knn stand beside whatever is evaluated. docs/evaluation.md has every formula.\n"
      "Examples:\n"
      "  burgeon evaluate recommender --train train.txt --test test.txt --model spectral --json\n"
      "  burgeon evaluate recommender --config configs/beauty.yaml --sequences Beauty.txt --json\n"
      "  burgeon evaluate recommender --config configs/gowalla.yaml --train F --test F --json\n"
      "  burgeon evaluate recommender --config C --workspace W --k 5,10,20 --html report.html\n"
      "  burgeon evaluate recommender --config C --workspace W --split leave-last-out");
  verb->callback([chosen, flags] {
    *chosen = [flags](Session& session) { return Evaluate(session, *flags); };
  });
}

}  // namespace burgeon
