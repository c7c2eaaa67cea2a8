// What a blend's ranker sees of the items of a list (list_ranker.h). For serving and training.
#ifndef BURGEON_ENGINE_MODELS_BLEND_FEATURES_H_
#define BURGEON_ENGINE_MODELS_BLEND_FEATURES_H_

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/models/recommender_model.h"
#include "engine/ops/top_k.h"

namespace burgeon {

// One for each thread.
class BlendFeatures {
 public:
  // It must outlive this.
  explicit BlendFeatures(const RecommenderModel& blend);

  // Of the list of one customer, best first: [n, features], not yet standardised by training.
  // embedding: [dim]; items and weights: the customer's history, without weights each is 1; trends:
  // [n, trends] of the list's items.
  FloatMatrix Of(std::span<const float> embedding, std::span<const uint32_t> items,
                 std::span<const float> weights, std::span<const ScoredItem> list,
                 MatrixView<const float> trends);

 private:
  const RecommenderModel& blend_;
  std::vector<double> sums_;  // of the operator; zeros between calls
};

// [n, trends] of ListRanker::trends: those of the items of a list.
FloatMatrix TrendsOfList(const ListRanker& ranker, std::span<const ScoredItem> list);

// The parts of the blend's score: members, and the operator where there is one.
int64_t BlendParts(const RecommenderModel& blend);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_MODELS_BLEND_FEATURES_H_
