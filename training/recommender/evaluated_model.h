// What can be evaluated, by name.
#ifndef BURGEON_TRAINING_RECOMMENDER_EVALUATED_MODEL_H_
#define BURGEON_TRAINING_RECOMMENDER_EVALUATED_MODEL_H_

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/status.h"
#include "engine/models/recommender_model.h"

namespace burgeon {

enum class PopularityKind { kTotal, kRecent };

constexpr std::string_view EvaluatedPopularityName(PopularityKind kind) {
  return kind == PopularityKind::kTotal ? "popularity" : "popularity_recent";
}

// What is evaluated: a kind that can be trained, or a popularity.
using EvaluatedModel = std::variant<RecommenderKind, PopularityKind>;
// "popularity", "popularity_recent" or the name of a trainable kind; kInvalidArgument for anything
// else.
absl::StatusOr<EvaluatedModel> ParseEvaluatedModel(std::string_view name);
// All of these names.
std::vector<std::string> EvaluatedModelNames();

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_EVALUATED_MODEL_H_
