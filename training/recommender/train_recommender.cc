#include "training/recommender/train_recommender.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace burgeon {
namespace {

constexpr std::array kTrainable = {RecommenderKind::kSpectral, RecommenderKind::kAls,
                                   RecommenderKind::kEase, RecommenderKind::kItemKnn,
                                   RecommenderKind::kGraphFilter};

}  // namespace

std::span<const RecommenderKind> TrainableKinds() { return kTrainable; }

std::optional<RecommenderKind> ParseTrainableKind(std::string_view name) {
  const auto kind = ParseRecommenderKind(name);
  if (!kind || std::ranges::find(kTrainable, *kind) == kTrainable.end()) return std::nullopt;
  return kind;
}

bool KeepsCheckpoints(RecommenderKind kind) { return kind == RecommenderKind::kAls; }

RecommenderOptions ParseRecommenderOptions(const ConfigNode& node) {
  RecommenderOptions options;
  std::vector<std::string> names;
  for (const RecommenderKind kind : kTrainable) names.emplace_back(RecommenderKindName(kind));
  const std::string name = node.GetEnum("model", names.front(), names);
  options.kind = ParseTrainableKind(name).value_or(options.kind);
  options.spectral = ParseSpectralOptions(node.Child("spectral"));
  options.spectral_parts = ParseSpectralParts(node.Child("spectral"), options.spectral);
  options.als = ParseAlsOptions(node.Child("als"));
  options.ease = ParseEaseOptions(node.Child("ease"));
  options.item_knn = ParseItemKnnOptions(node.Child("item_knn"));
  options.graph_filter = ParseGraphFilterOptions(node.Child("graph_filter"));
  return options;
}

void SetSeed(uint64_t seed, RecommenderOptions* options) {
  options->spectral.seed = seed;
  for (SpectralPart& part : options->spectral_parts) part.options.seed = seed;
  options->als.seed = seed;
  options->ease.embedding.seed = seed;
  options->item_knn.embedding.seed = seed;
  options->graph_filter.embedding.seed = seed;
}

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
  }
  return InvalidArgument("recommender: there is no training of '", RecommenderKindName(kind), "'");
}

}  // namespace burgeon
