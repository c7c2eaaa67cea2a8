#include "engine/models/model_top_k.h"

#include <gtest/gtest.h>

#include <vector>

namespace burgeon {
namespace {

// Two items by embedding, in one order; the operator says the other.
RecommenderModel Model() {
  RecommenderModel model;
  model.item_embeddings = FloatMatrix(3, 1, {3, 2, 1});
  model.customer_embeddings = FloatMatrix(1, 1, {1});
  return model;
}

TEST(ModelTopKTest, TheOperatorRanksWhenThereIsOne) {
  ThreadPool pool(1);
  ExecutionContext context(&pool);
  const FloatMatrix query(1, 1, {1});
  CsrMatrix history;
  history.offsets = {0, 1};
  history.columns = {0};
  history.values = {2};
  history.cols = 3;
  const ModelTopKInput input{
      .embeddings = query.view(), .histories = history.view(), .excluded = {}, .allowed = {}};
  RecommenderModel model = Model();
  auto result = ModelTopK(context, model, input, {.k = 2});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->items, (std::vector<ScoredItem>{{ItemRow(0), 3}, {ItemRow(1), 2}}));
  model.item_operator.offsets = {0, 2, 2, 2};
  model.item_operator.columns = {1, 2};
  model.item_operator.values = {0.25F, 0.5F};
  model.item_operator.cols = 3;
  result = ModelTopK(context, model, input, {.k = 2});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_EQ(result->items, (std::vector<ScoredItem>{{ItemRow(2), 1}, {ItemRow(1), 0.5F}}));
}

}  // namespace
}  // namespace burgeon
