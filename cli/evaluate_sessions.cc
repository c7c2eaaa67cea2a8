// burgeon evaluate sessions: the next item of a session.
#include "cli/evaluate_sessions.h"

#include <cstdio>
#include <memory>

#include "cli/job_config.h"
#include "training/recommender/evaluate_sessions.h"

namespace burgeon {
namespace {

struct Flags {
  std::string train;
  std::string test;
  int k = 20;
};

absl::Status Evaluate(Session& session, const Flags& flags) {
  BURGEON_ASSIGN_OR_RETURN(const JobConfig job, LoadSplitFilesJob(session));
  BURGEON_ASSIGN_OR_RETURN(ExecutionContext* const context, session.context());
  BURGEON_ASSIGN_OR_RETURN(
      const SessionEvaluation found,
      EvaluateSessions(*context, session.files(),
                       {.train_path = flags.train,
                        .test_path = flags.test,
                        .k = flags.k,
                        .sequence = job.recommender.sequence,
                        .session_knn = {.neighbours = job.evaluation.session_neighbours,
                                        .sample = job.evaluation.session_sample},
                        .progress = session.progress()}));
  session.Say(Concat(found.sessions, " sessions, ", found.clicks, " clicks, ", found.items,
                     " items; asked ", found.queries, " times for what came next, ", found.unknown,
                     " times an item that train does not have"));
  nlohmann::json models = nlohmann::json::object();
  const std::string hit = Concat("hit_rate@", flags.k);
  const std::string mrr = Concat("mrr@", flags.k);
  for (const SessionModelQuality& model : found.models) {
    for (const std::string& line : model.lines) session.Say(Concat(model.name, ": ", line));
    char text[160];
    std::snprintf(text, sizeof(text),
                  "  %-12s %s %.4f, %s %.4f; trained in %.1f s, ranked in %.1f s",
                  model.name.c_str(), hit.c_str(), model.hit_rate, mrr.c_str(), model.mrr,
                  model.train_seconds, model.rank_seconds);
    session.Say(text);
    models[model.name] = {{hit, model.hit_rate},
                          {mrr, model.mrr},
                          {"train_seconds", model.train_seconds},
                          {"rank_seconds", model.rank_seconds}};
  }
  session.Result({{"sessions", found.sessions},
                  {"clicks", found.clicks},
                  {"items", found.items},
                  {"queries", found.queries},
                  {"unknown_targets", found.unknown},
                  {"device", DeviceName(context->device())},
                  {"threads", session.pool().threads()},
                  {"models", std::move(models)}});
  return absl::OkStatus();
}

}  // namespace

void AddEvaluateSessions(CLI::App* evaluate, VerbAction* chosen) {
  CLI::App* verb = evaluate->add_subcommand(
      "sessions", "The next item of a session, by the sequence model beside session-kNN");
  auto flags = std::make_shared<Flags>();
  verb->add_option("--train", flags->train, "Sessions, 'item item ...' a line, oldest first")
      ->required();
  verb->add_option("--test", flags->test, "What came so far, a tab, and the item that followed")
      ->required();
  verb->add_option("--k", flags->k, "Length of the list")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  verb->footer(
      "All items are ranked, those of the session too. Options: recommender.sequence and\n"
      "evaluation.session_neighbours, session_sample of the config.\n"
      "Example:\n"
      "  burgeon evaluate sessions --config configs/retailrocket_sessions.yaml --train F --test F");
  verb->callback([chosen, flags] {
    *chosen = [flags](Session& session) { return Evaluate(session, *flags); };
  });
}

}  // namespace burgeon
