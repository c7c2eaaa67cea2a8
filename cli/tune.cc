// burgeon tune: a search of hyper-parameters on a validation split, resumable, the test touched
// once.
#include <memory>
#include <optional>

#include "cli/evaluate_steps.h"
#include "cli/recommender_evaluation.h"
#include "cli/tune_data.h"
#include "cli/tune_report.h"
#include "cli/verb.h"
#include "engine/base/hash.h"
#include "training/recommender/tune_recommender.h"
#include "training/run/stop_signals.h"

namespace burgeon {
namespace {

struct Flags {
  std::string model;
  std::string train;
  std::string test;
  bool test_workspace = false;
  std::string journal;
  std::string out;
  std::optional<double> minutes;
  std::optional<int64_t> trials;
};

std::vector<std::string> AssignmentsOf(const TrialValues& values) {
  std::vector<std::string> out;
  for (const auto& [field, value] : values)
    out.push_back(Concat("recommender.", field, "=", value));
  return out;
}

absl::StatusOr<JobConfig> JobWith(const Session& session, const Flags& flags,
                                  const TrialValues& values) {
  const std::vector<std::string> more = AssignmentsOf(values);
  return flags.train.empty() ? LoadJob(session, more) : LoadSplitFilesJob(session, more);
}

// The job with the flags over it, checked before anything is read: a field of the space that is
// none of the config's is found here, not trial by trial.
absl::StatusOr<JobConfig> TuneJob(const Session& session, const Flags& flags) {
  BURGEON_ASSIGN_OR_RETURN(JobConfig job, JobWith(session, flags, {}));
  TuneOptions& tune = job.tune;
  if (!flags.model.empty()) tune.model = flags.model;
  if (tune.model.empty()) tune.model = RecommenderKindName(job.recommender.kind);
  if (flags.minutes) tune.minutes = *flags.minutes;
  if (flags.trials) tune.trials = *flags.trials;
  const auto kind = ParseTrainableKind(tune.model);
  if (!kind) {
    return InvalidArgument("tune.model: '", Printable(tune.model), "' is no model that is trained");
  }
  job.recommender.kind = *kind;
  if (tune.space.empty()) {
    return InvalidArgument("tune.space is missing: what to search, such as ",
                           "{spectral.rank: {int: [64, 2048], scale: log}} (docs/training.md)");
  }
  BURGEON_RETURN_IF_ERROR(JobWith(session, flags, DrawTrial(tune.space, tune.seed, 1)).status());
  if (flags.train.empty() && !flags.test.empty()) {
    return InvalidArgument("tune: --test goes with --train; of a workspace it is --test-workspace");
  }
  if (!flags.train.empty() && flags.test_workspace) {
    return InvalidArgument("tune: --test-workspace goes without --train");
  }
  return job;
}

std::string IdentityOf(const JobConfig& job, const TuneData& data) {
  return ToHex(Sha256Of(Concat(SearchText(job.tune), "\n", job.recommender_fingerprint, "\n",
                               RecommenderKindName(job.recommender.kind), "\n", data.sha256)));
}

absl::StatusOr<TuneOutcome> Search(Session& session, const Flags& flags, const JobConfig& job,
                                   const TuneData& data, const std::string& journal) {
  BURGEON_ASSIGN_OR_RETURN(ExecutionContext* const context, session.context());
  const StopSignals signals;
  TuneRequest request;
  request.options = job.tune;
  request.journal = journal;
  request.identity = IdentityOf(job, data);
  request.stop = signals.stop();
  request.told = [&session](const TrialResult& result, bool from_journal) {
    char text[64];
    std::snprintf(text, sizeof(text), "%.4f", result.metric.value_or(0));
    session.Say(Concat("  round ", result.trial.round + 1, ", trial ", result.trial.number, ": ",
                       result.metric ? std::string(text) : Concat("failed: ", result.error),
                       from_journal ? " (of the journal)" : ""));
  };
  return SuccessiveHalving(
      session.files(), request, [&](const Trial& trial) -> absl::StatusOr<double> {
        BURGEON_ASSIGN_OR_RETURN(const JobConfig tried, JobWith(session, flags, trial.values));
        BURGEON_ASSIGN_OR_RETURN(
            TrainingRun run,
            TrainingRun::Start(session.files(), session.clock(), {.stop = signals.stop()}));
        TrainingReport report;
        report.run = &run;
        return EvaluateTrial(*context, data.split, job.tune, job.recommender.kind,
                             tried.recommender, trial.share, &report);
      });
}

// The best beside the config as it stands, on the test: once, when the search is over.
absl::StatusOr<RecommenderEvaluation> Test(Session& session, const Flags& flags,
                                           const JobConfig& job, const TuneSummary& summary) {
  BURGEON_ASSIGN_OR_RETURN(const JobConfig best,
                           JobWith(session, flags, summary.outcome.best->trial.values));
  EvaluationRequest request;
  request.job = job;
  request.options = job.evaluation;
  request.options.models.clear();
  request.options.window_days = job.tune.window_days;
  request.options.runs = {{.name = "tuned",
                           .model = job.recommender.kind,
                           .recommender = best.recommender,
                           .chosen_by = summary.validation},
                          {.name = "as_configured",
                           .model = job.recommender.kind,
                           .recommender = job.recommender,
                           .chosen_by = "the config"}};
  request.options.comparison.baseline = "as_configured";
  request.options.comparison.progress = session.progress();
  if (!flags.test.empty())
    return EvaluateSplitFiles(session, request,
                              SplitFiles{.train = flags.train, .test = flags.test});
  return job.tune.validation == ValidationKind::kLeaveLastOut
             ? EvaluateRecommenderByLastOut(session, request)
             : EvaluateRecommenderByTime(session, request);
}

absl::StatusOr<std::string> JournalOf(Session& session, const Flags& flags, const JobConfig& job) {
  if (!flags.journal.empty()) return flags.journal;
  if (!flags.train.empty()) {
    return InvalidArgument("tune: with --train, --journal names the file that keeps the trials");
  }
  const std::string folder = JoinPath(session.workspace().root, "tune");
  BURGEON_RETURN_IF_ERROR(session.files().MakeDirectories(folder));
  return JoinPath(folder, Concat(RecommenderKindName(job.recommender.kind), ".jsonl"));
}

absl::Status Tune(Session& session, const Flags& flags) {
  BURGEON_ASSIGN_OR_RETURN(const JobConfig job, TuneJob(session, flags));
  TuneSummary summary;
  summary.options = job.tune;
  summary.model = RecommenderKindName(job.recommender.kind);
  std::optional<FileLock> lock;
  if (flags.train.empty()) {
    BURGEON_ASSIGN_OR_RETURN(lock, session.LockWorkspace());
  }
  BURGEON_ASSIGN_OR_RETURN(summary.journal, JournalOf(session, flags, job));
  BURGEON_ASSIGN_OR_RETURN(const TuneData data, LoadTuneData(session, job, flags.train));
  summary.validation = data.about;
  session.Say(Concat("tune ", summary.model, ": ", data.about, "; journal ", summary.journal));
  BURGEON_ASSIGN_OR_RETURN(summary.outcome, Search(session, flags, job, data, summary.journal));
  SayTune(session, summary);
  nlohmann::json result = TuneJson(summary);
  if (summary.outcome.best) {
    const std::string out = flags.out.empty() ? summary.journal + ".best.yaml" : flags.out;
    BURGEON_RETURN_IF_ERROR(WriteFileAtomically(session.files(), out, BestConfig(summary)));
    session.Say(Concat("best: ", out));
    result["best_config"] = out;
  }
  if (!summary.outcome.complete && summary.outcome.ended == "stopped") {
    return absl::CancelledError(
        Concat("tune: stopped; the same command goes on from ", summary.journal));
  }
  if (summary.outcome.complete && (!flags.test.empty() || flags.test_workspace)) {
    BURGEON_ASSIGN_OR_RETURN(const RecommenderEvaluation evaluation,
                             Test(session, flags, job, summary));
    SayEvaluation(session, evaluation);
    result["test"] = EvaluationJson(evaluation);
  }
  session.Result(std::move(result));
  return absl::OkStatus();
}

}  // namespace

void AddTuneVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand("tune", "Search hyper-parameters on a validation split");
  auto flags = std::make_shared<Flags>();
  verb->add_option("--model", flags->model, "Kind to tune; else `tune.model`, else the config's");
  verb->add_option("--train", flags->train, "Split file to learn from, in place of the workspace");
  verb->add_option("--test", flags->test,
                   "Split file to measure the choice on, once, when every trial was evaluated");
  verb->add_flag("--test-workspace", flags->test_workspace,
                 "The same on the workspace: the window, or the last items, that the search left "
                 "alone");
  verb->add_option("--journal", flags->journal,
                   "File that keeps every result; the same command goes on with it. Else "
                   "tune/MODEL.jsonl of the workspace");
  verb->add_option("--out", flags->out,
                   "Where the best values are written as YAML; else beside the journal");
  verb->add_option("--minutes", flags->minutes, "End after so many; 0: when all is done")
      ->check(CLI::Range(0.0, 1e6));
  verb->add_option("--trials", flags->trials,
                   "How many settings, the config as it stands among them")
      ->check(CLI::Range(int64_t{1}, int64_t{1'000'000}));
  verb->footer(
      "Random search with successive halving over `tune.space` of the config (docs/training.md).\n"
      "Examples:\n"
      "  burgeon tune --config C --workspace W --minutes 30\n"
      "  burgeon tune --config C --workspace W --test-workspace\n"
      "  burgeon tune --config C --train train.txt --test test.txt --journal spectral.jsonl");
  verb->callback(
      [chosen, flags] { *chosen = [flags](Session& session) { return Tune(session, *flags); }; });
}

}  // namespace burgeon
