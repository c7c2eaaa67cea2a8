#include "training/recommender/evaluated_model.h"

#include "training/recommender/train_recommender.h"

namespace burgeon {

std::vector<std::string> EvaluatedModelNames() {
  std::vector<std::string> names;
  for (const RecommenderKind kind : TrainableKinds()) names.emplace_back(RecommenderKindName(kind));
  names.emplace_back(EvaluatedPopularityName(PopularityKind::kTotal));
  names.emplace_back(EvaluatedPopularityName(PopularityKind::kRecent));
  return names;
}

absl::StatusOr<EvaluatedModel> ParseEvaluatedModel(std::string_view name) {
  if (name == EvaluatedPopularityName(PopularityKind::kTotal))
    return EvaluatedModel(PopularityKind::kTotal);
  if (name == EvaluatedPopularityName(PopularityKind::kRecent))
    return EvaluatedModel(PopularityKind::kRecent);
  if (const auto kind = ParseTrainableKind(name)) return EvaluatedModel(*kind);
  return InvalidArgument("model: '", Printable(name), "' is none of ",
                         JoinComma(EvaluatedModelNames()));
}

}  // namespace burgeon
