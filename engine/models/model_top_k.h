// The k best items by a model's own score: its operator when it has one, the inner product of its
// embeddings otherwise, the sum of both for a blend with an operator. The best of that list are
// ordered anew by the model's ranker, when it has one (list_ranker.h): those of the pool come
// first, by the ranker's score; what is behind the pool follows in its order. What recommending and
// evaluating both rank with.
#ifndef BURGEON_ENGINE_MODELS_MODEL_TOP_K_H_
#define BURGEON_ENGINE_MODELS_MODEL_TOP_K_H_

#include <cstdint>
#include <span>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/models/recommender_model.h"
#include "engine/ops/execution_context.h"
#include "engine/ops/top_k.h"

namespace burgeon {

struct ModelTopKInput {
  MatrixView<const float> embeddings;  // [n, dim] of the customers asked about
  CsrView histories;                  // [n, items] of the same; read where model.lists_by_history()
  CsrView excluded;                   // as TopKInput::excluded
  std::span<const uint64_t> allowed;  // as TopKInput::allowed
};

// As TopK, OperatorTopK or SumTopK. A model that ranks by its operator alone lists nothing that no
// item of the history speaks of.
absl::StatusOr<TopKResult> ModelTopK(ExecutionContext& context, const RecommenderModel& model,
                                     const ModelTopKInput& input, const TopKParams& params);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_MODELS_MODEL_TOP_K_H_
