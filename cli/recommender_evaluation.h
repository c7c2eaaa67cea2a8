// The result of `burgeon evaluate recommender`, for people, as JSON and as HTML.
#ifndef BURGEON_CLI_RECOMMENDER_EVALUATION_H_
#define BURGEON_CLI_RECOMMENDER_EVALUATION_H_

#include <string>
#include <vector>

#include <nlohmann/json.hpp>
#include "cli/session.h"
#include "engine/experiment/recommender_quality.h"

namespace burgeon {

struct RecommenderEvaluation {
  std::string title;               // what was split, how
  std::vector<std::string> about;  // lines on the split
  nlohmann::json split;            // the same as an object
  RecommenderQuality quality;
};

// {split..., k, groups, bootstrap, baseline, model_order, models: {name: {"recall@20": ...,
// intervals, groups, difference, lorenz, ...}}}. What is not defined is not there.
nlohmann::json EvaluationJson(const RecommenderEvaluation& evaluation);

void SayEvaluation(Session& session, const RecommenderEvaluation& evaluation);

}  // namespace burgeon

#endif  // BURGEON_CLI_RECOMMENDER_EVALUATION_H_
