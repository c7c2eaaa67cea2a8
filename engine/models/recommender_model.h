// An embedding recommender: what a trained spectral or ALS model can do. score(customer, item) is
// the inner product (canonical, engine/ops/top_k.h), so that FAISS serves both kinds.
//
// A customer's embedding is always the fold-in of the customer's interactions: a customer seen in
// training and an unknown one with the same events get the same vector.
#ifndef BURGEON_ENGINE_MODELS_RECOMMENDER_MODEL_H_
#define BURGEON_ENGINE_MODELS_RECOMMENDER_MODEL_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/ids.h"
#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/ops/als_step.h"
#include "engine/ops/execution_context.h"
#include "engine/storage/tensor_file.h"

namespace burgeon {

enum class RecommenderKind { kSpectral, kAls };
std::string_view RecommenderKindName(RecommenderKind kind);  // "spectral", "als"

struct RecommenderModel {
  RecommenderKind kind = RecommenderKind::kSpectral;
  FloatMatrix customer_embeddings;  // [customers, dim]
  FloatMatrix item_embeddings;      // [items, dim]
  // spectral: fold-in of weights w_i is  filter o sum_i w_i fold_in_items[i]
  std::vector<float> filter;  // [dim]
  FloatMatrix fold_in_items;  // [items, dim]
  // als: fold-in is an exact AlsStep against item_embeddings with these parameters
  AlsStepParams als;
  std::vector<float> popularity;  // [items] sum of interaction weights: the named fallback
  int64_t dim() const { return item_embeddings.cols(); }
};

// One row of `histories` a customer: [n, items] weights. Returns [n, dim].
absl::StatusOr<FloatMatrix> FoldIn(ExecutionContext& context, const RecommenderModel& model,
                                   const CsrView& histories);

// Tensors under "recommender.*"; scalars of `als` among them. ReadModel checks every shape.
void AddModelTensors(const RecommenderModel& model, TensorFile* file);
absl::StatusOr<RecommenderModel> ReadModelTensors(const TensorFile& file);

// SHA-256 over the bytes of both embedding tables.
std::string EmbeddingsSha256(const RecommenderModel& model);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_MODELS_RECOMMENDER_MODEL_H_
