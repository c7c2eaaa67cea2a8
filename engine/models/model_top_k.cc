#include "engine/models/model_top_k.h"

#include <algorithm>
#include <vector>

#include "engine/models/blend_features.h"
#include "engine/ops/operator_top_k.h"
#include "engine/ops/scored_lists.h"
#include "engine/ops/sum_top_k.h"

namespace burgeon {
namespace {

constexpr int64_t kQueryBlock = 32;

// By the score that the model has without its ranker.
absl::StatusOr<TopKResult> UnrankedTopK(ExecutionContext& context, const RecommenderModel& model,
                                        const ModelTopKInput& input, const TopKParams& params) {
  if (model.has_operator() && model.kind == RecommenderKind::kBlend) {
    return SumTopK(context,
                   {.queries = input.embeddings,
                    .items = model.item_embeddings.view(),
                    .histories = input.histories,
                    .item_operator = model.item_operator.view(),
                    .excluded = input.excluded,
                    .allowed = input.allowed},
                   params);
  }
  if (model.has_operator()) {
    return OperatorTopK(context,
                        {.histories = input.histories,
                         .item_operator = model.item_operator.view(),
                         .excluded = input.excluded,
                         .allowed = input.allowed},
                        params);
  }
  return TopK(context,
              {.queries = input.embeddings,
               .items = model.item_embeddings.view(),
               .excluded = input.excluded,
               .allowed = input.allowed},
              params);
}

// The first of the list, by the ranker; behind them the others as they were, their scores moved so
// that they go on below those before.
void Rerank(const ListRanker& ranker, FloatMatrix features, std::span<ScoredItem> list) {
  const auto pool = static_cast<size_t>(features.rows());
  const std::vector<double> scores = RankerScores(ranker, std::move(features));
  const float last = list[pool - 1].score;
  for (size_t i = 0; i < pool; ++i) list[i].score = static_cast<float>(scores[i]);
  std::ranges::sort(list.first(pool), BetterItem);
  float below = list[pool - 1].score;
  const float moved = below - last;
  for (ScoredItem& one : list.subspan(pool)) {
    below = one.score = std::min(below, one.score + moved);
  }
}

absl::StatusOr<TopKResult> RankedTopK(ExecutionContext& context, const RecommenderModel& model,
                                      const ModelTopKInput& input, const TopKParams& params) {
  const auto pool = static_cast<size_t>(model.ranker.pool);
  if (input.histories.rows() != input.embeddings.rows) {
    return InvalidArgument("ranked lists: ", input.histories.rows(), " histories of ",
                           input.embeddings.rows, " customers: they must be as many");
  }
  BURGEON_ASSIGN_OR_RETURN(
      TopKResult lists,
      UnrankedTopK(context, model, input,
                   {.k = std::max(params.k, static_cast<int>(model.ranker.pool))}));
  context.pool().ParallelFor(input.embeddings.rows, kQueryBlock, [&](int64_t begin, int64_t end) {
    BlendFeatures features(model);
    for (int64_t q = begin; q < end; ++q) {
      const auto first = static_cast<size_t>(lists.offsets[static_cast<size_t>(q)]);
      const std::span<ScoredItem> list =
          std::span(lists.items).subspan(first, lists.list(q).size());
      if (list.empty()) continue;
      const auto ranked = list.first(std::min(pool, list.size()));
      Rerank(model.ranker,
             features.Of(input.embeddings.row(q), input.histories.row_columns(q),
                         input.histories.row_values(q), ranked,
                         TrendsOfList(model.ranker, ranked).view()),
             list);
    }
  });
  TopKResult out;
  out.offsets = {0};
  for (int64_t q = 0; q < input.embeddings.rows; ++q) {
    const auto list = lists.list(q);
    const auto kept = list.first(std::min(list.size(), static_cast<size_t>(params.k)));
    out.items.insert(out.items.end(), kept.begin(), kept.end());
    out.offsets.push_back(std::ssize(out.items));
  }
  return out;
}

}  // namespace

absl::StatusOr<TopKResult> ModelTopK(ExecutionContext& context, const RecommenderModel& model,
                                     const ModelTopKInput& input, const TopKParams& params) {
  if (model.has_ranker()) return RankedTopK(context, model, input, params);
  return UnrankedTopK(context, model, input, params);
}

}  // namespace burgeon
