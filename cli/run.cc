// burgeon run: ingest, train, index and publish in one go, and a summary.
#include <chrono>

#include "cli/pipeline.h"
#include "cli/verb.h"

namespace burgeon {
namespace {

using Steady = std::chrono::steady_clock;

absl::Status RunJob(Session& session, const IngestRequest& request) {
  BURGEON_ASSIGN_OR_RETURN(const JobConfig job, LoadJob(session));
  BURGEON_ASSIGN_OR_RETURN(const FileLock lock, session.LockWorkspace());
  nlohmann::json summary = nlohmann::json::object();
  nlohmann::json seconds = nlohmann::json::object();
  Steady::time_point last = Steady::now();
  const auto keep = [&](const char* name, nlohmann::json result) {
    const Steady::time_point now = Steady::now();
    seconds[name] = std::chrono::duration<double>(now - last).count();
    last = now;
    summary[name] = std::move(result);
  };
  BURGEON_ASSIGN_OR_RETURN(nlohmann::json ingests, IngestStep(session, job, request));
  keep("ingests", std::move(ingests));
  BURGEON_ASSIGN_OR_RETURN(nlohmann::json recommender, TrainRecommenderStep(session, job));
  keep("recommender", std::move(recommender));
  BURGEON_ASSIGN_OR_RETURN(nlohmann::json churn, TrainChurnStep(session, job));
  keep("churn", std::move(churn));
  BURGEON_ASSIGN_OR_RETURN(nlohmann::json publish, PublishStep(session, job));
  keep("publish", std::move(publish));
  std::string times = "seconds:";
  for (const auto& [name, value] : seconds.items()) {
    times += Concat(" ", name, " ", static_cast<int64_t>(value.get<double>() * 10 + 0.5) / 10.0);
  }
  session.Say(times);
  summary["seconds"] = std::move(seconds);
  session.Result(std::move(summary));
  return absl::OkStatus();
}

}  // namespace

void AddRunVerb(CLI::App& app, VerbAction* chosen) {
  CLI::App* verb = app.add_subcommand("run", "Ingest, train, index and publish in one go");
  auto request = std::make_shared<IngestRequest>();
  verb->add_option("--source", request->source,
                   "Ingest only this source; without it all that name an input, in order");
  verb->add_option("--input", request->input, "File to read instead of the one the config names");
  verb->footer("Examples:\n  burgeon run --config configs/online_retail.yaml --workspace W");
  verb->callback(
      [chosen, request] { *chosen = [request](Session& s) { return RunJob(s, *request); }; });
}

}  // namespace burgeon
