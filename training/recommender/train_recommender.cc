#include "training/recommender/train_recommender.h"

#include "training/recommender/train_blend.h"

namespace burgeon {

absl::StatusOr<RecommenderModel> TrainRecommender(ExecutionContext& context,
                                                  const RecommenderData& data, RecommenderKind kind,
                                                  const RecommenderOptions& options,
                                                  TrainingReport* report) {
  switch (kind) {
    case RecommenderKind::kSpectral:
      if (!options.spectral_parts.empty()) {
        return TrainSpectralBlend(context, data.interactions, options.spectral_parts, report);
      }
      return TrainSpectral(context, data.interactions, options.spectral, report);
    case RecommenderKind::kAls:
      return TrainAls(context, data.interactions, options.als, report);
    case RecommenderKind::kEase:
      return TrainEase(context, data.interactions, options.ease, report);
    case RecommenderKind::kItemKnn:
      return TrainItemKnn(context, data.interactions, options.item_knn, report);
    case RecommenderKind::kGraphFilter:
      return TrainGraphFilter(context, data.interactions, options.graph_filter, report);
    case RecommenderKind::kSequence:
      return TrainSequence(context, data.interactions, data.sequences, options.sequence, report);
    case RecommenderKind::kTwoTower:
      return TrainTwoTower(context, data.interactions, data.item_features, options.two_tower,
                           report);
    case RecommenderKind::kBlend:
      return TrainBlend(context, data, options.blend, report);
  }
  return InvalidArgument("recommender: there is no training of '", RecommenderKindName(kind), "'");
}

}  // namespace burgeon
