// EvaluateSplitFiles of cli/evaluate_steps.h.
#include <cstdio>

#include "cli/evaluate_steps.h"
#include "training/recommender/evaluate_split.h"

namespace burgeon {
namespace {

absl::Status ReadModelOptions(const Session& session, SplitEvaluationOptions* options) {
  if (!session.options().config.empty()) {
    BURGEON_ASSIGN_OR_RETURN(const JobConfig job, LoadJob(session));
    options->recommender = job.recommender;
    return absl::OkStatus();
  }
  BURGEON_ASSIGN_OR_RETURN(Config config, Config::Parse("recommender: {}", "--set"));
  for (const std::string& assignment : session.options().set) {
    BURGEON_RETURN_IF_ERROR(config.Set(assignment));
  }
  options->recommender = ParseRecommenderOptions(config.root().Child("recommender"));
  if (session.options().random_seed) {
    SetSeed(*session.options().random_seed, &options->recommender);
  }
  return config.Finish();
}

}  // namespace

absl::StatusOr<nlohmann::json> EvaluateSplitFiles(Session& session, const std::string& train,
                                                  const std::string& test,
                                                  const std::string& model) {
  SplitEvaluationOptions options;
  options.train_path = train;
  options.test_path = test;
  BURGEON_ASSIGN_OR_RETURN(options.model, ParseEvaluatedModel(model));
  BURGEON_RETURN_IF_ERROR(ReadModelOptions(session, &options));
  BURGEON_ASSIGN_OR_RETURN(ExecutionContext* const context, session.context());
  BURGEON_ASSIGN_OR_RETURN(const SplitEvaluation evaluation,
                           EvaluateSplit(*context, session.files(), options));
  for (const std::string& line : evaluation.lines) session.Say(line);
  char text[200];
  std::snprintf(text, sizeof(text),
                "%s: recall@20 %.5f, ndcg@20 %.5f over %lld customers; read %.1f s, train %.1f s, "
                "score %.1f s",
                model.c_str(), evaluation.metrics.recall, evaluation.metrics.ndcg,
                static_cast<long long>(evaluation.metrics.customers), evaluation.read_seconds,
                evaluation.train_seconds, evaluation.score_seconds);
  session.Say(text);
  return nlohmann::json{{"model", model},
                        {"recall@20", evaluation.metrics.recall},
                        {"ndcg@20", evaluation.metrics.ndcg},
                        {"hit_rate@20", evaluation.metrics.hit_rate},
                        {"customers", evaluation.metrics.customers},
                        {"items", evaluation.items},
                        {"train_pairs", evaluation.train_pairs},
                        {"test_pairs", evaluation.test_pairs},
                        {"seconds", evaluation.seconds},
                        {"read_seconds", evaluation.read_seconds},
                        {"train_seconds", evaluation.train_seconds},
                        {"score_seconds", evaluation.score_seconds},
                        {"peak_memory_bytes", evaluation.peak_memory_bytes},
                        {"embeddings_sha256", evaluation.embeddings_sha256},
                        {"device", DeviceName(context->device())},
                        {"threads", session.pool().threads()}};
}

}  // namespace burgeon
