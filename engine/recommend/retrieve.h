// The model's own lists: embeddings of the queries, and the items of the largest inner product.
#ifndef BURGEON_ENGINE_RECOMMEND_RETRIEVE_H_
#define BURGEON_ENGINE_RECOMMEND_RETRIEVE_H_

#include <span>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/ops/execution_context.h"
#include "engine/recommend/recommend.h"

namespace burgeon {

// [queries, dim]: the row of a known customer, the fold-in of a history that the query brings.
absl::StatusOr<FloatMatrix> QueryEmbeddings(ExecutionContext& context,
                                            const RecommenderModel& model,
                                            std::span<const RecommendQuery> queries);

// The list of every query, exactly or from the item index, as options.retrieval says.
absl::StatusOr<std::vector<std::vector<ScoredItem>>> RetrieveByModel(
    ExecutionContext& context, const RecommenderParts& parts,
    std::span<const RecommendQuery> queries, MatrixView<const float> embeddings,
    const RecommendOptions& options);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RECOMMEND_RETRIEVE_H_
