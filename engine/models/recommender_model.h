// A recommender: what a trained model of any kind can do. Each has embeddings of customers and of
// items, so that FAISS, lookalike and neighbours serve them all. The lists of a model are by
//  - the inner product of the embeddings (canonical, engine/ops/top_k.h), or
//  - an item-item operator B, when it has one: score(u, j) = sum_i w_ui B_ij
//    (engine/ops/operator_top_k.h). Its embeddings then are those of a spectral model of the same
//    interactions, and serve everything but the lists.
//  - a blend of other models, by the weighted sum of their scores: their embeddings stand side by
//    side, their operators are added, and the list is by the sum of both (engine/ops/sum_top_k.h).
// engine/models/model_top_k.h ranks by each.
//
// A customer's embedding is always the fold-in of the customer's history: a customer seen in
// training and an unknown one with the same events get the same vector.
#ifndef BURGEON_ENGINE_MODELS_RECOMMENDER_MODEL_H_
#define BURGEON_ENGINE_MODELS_RECOMMENDER_MODEL_H_

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/ids.h"
#include "engine/base/item_sequence.h"
#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/models/list_ranker.h"
#include "engine/models/sequence_encoder.h"
#include "engine/models/two_tower_encoder.h"
#include "engine/ops/als_step.h"
#include "engine/ops/execution_context.h"
#include "engine/storage/tensor_file.h"

namespace burgeon {

enum class RecommenderKind {
  kSpectral,
  kAls,
  kEase,
  kItemKnn,
  kGraphFilter,
  kSequence,
  kTwoTower,
  kBlend
};
inline constexpr std::array kRecommenderKinds = {
    RecommenderKind::kSpectral, RecommenderKind::kAls,         RecommenderKind::kEase,
    RecommenderKind::kItemKnn,  RecommenderKind::kGraphFilter, RecommenderKind::kSequence,
    RecommenderKind::kTwoTower, RecommenderKind::kBlend};
// "spectral", "als", "ease", "item_knn", "graph_filter", "sequence", "two_tower", "blend"
std::string_view RecommenderKindName(RecommenderKind kind);
std::optional<RecommenderKind> ParseRecommenderKind(std::string_view name);

struct RecommenderModel {
  RecommenderKind kind = RecommenderKind::kSpectral;
  FloatMatrix customer_embeddings;  // [customers, dim]
  FloatMatrix item_embeddings;      // [items, dim]
  // all but als, sequence and two_tower: fold-in of weights w_i is  filter o sum_i w_i
  // fold_in_items[i]
  std::vector<float> filter;  // [dim]
  FloatMatrix fold_in_items;  // [items, dim]
  // als: fold-in is an exact AlsStep against item_embeddings with these parameters
  AlsStepParams als;
  // ease, item_knn, graph_filter, and a blend with one of them: B, [items, items]; row i is what an
  // interaction with item i says of the others
  CsrMatrix item_operator;
  // sequence: fold-in is what it makes of the items in order
  SequenceEncoder encoder;
  // two_tower: fold-in is what the customers' tower makes of the weighted sum of the items
  TwoTowerEncoder two_tower;
  // blend: the models with embeddings that are blended, without their customers, in the order in
  // which their embeddings stand side by side in item_embeddings and, each times its weight, in
  // customer_embeddings. Their items are there twice, once in each. What is blended of models with
  // an operator is in item_operator.
  std::vector<RecommenderModel> members;
  std::vector<float> member_weights;  // of their scores
  ListRanker ranker;                  // orders the best of the list anew; pool 0: there is none
  std::vector<float> popularity;      // [items] sum of interaction weights: the named fallback
  int64_t dim() const { return item_embeddings.cols(); }
  bool has_operator() const { return item_operator.cols > 0; }
  bool has_ranker() const { return ranker.pool > 0; }
  // Whether more than the embeddings decides about a list: ModelTopK wants the histories then, and
  // no index of embeddings can stand in for it.
  bool lists_by_history() const { return has_operator() || has_ranker(); }
  // How many of the newest items in order of time the fold-in reads; 0: it reads no order.
  int64_t order_length() const;
};

// What some customers did, a row a customer. Views.
struct HistoryView {
  CsrView weights = {};        // [n, items] interaction weights, > 0
  SequenceView sequence = {};  // [n] the same customers' items in order of time, for a kind that
                               // reads an order; without offsets: not given
};

// Returns [n, dim]; a row without history gives zeros. kInvalidArgument for a sequence model, or a
// blend with one, when the order is not given.
absl::StatusOr<FloatMatrix> FoldIn(ExecutionContext& context, const RecommenderModel& model,
                                   const HistoryView& histories);

// A blend's tables of its members side by side: item_embeddings of theirs.
void StackMembers(RecommenderModel* blend);

// Tensors under "recommender.*"; scalars of `als` among them, those of a blend's member m under
// "recommender.member.m.recommender.*". ReadModel checks every shape.
void AddModelTensors(const RecommenderModel& model, TensorFile* file);
absl::StatusOr<RecommenderModel> ReadModelTensors(const TensorFile& file);

// SHA-256 over the bytes of both embedding tables.
std::string EmbeddingsSha256(const RecommenderModel& model);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_MODELS_RECOMMENDER_MODEL_H_
