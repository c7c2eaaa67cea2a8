#include "engine/models/model_top_k.h"

#include "engine/ops/operator_top_k.h"

namespace burgeon {

absl::StatusOr<TopKResult> ModelTopK(ExecutionContext& context, const RecommenderModel& model,
                                     const ModelTopKInput& input, const TopKParams& params) {
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

}  // namespace burgeon
