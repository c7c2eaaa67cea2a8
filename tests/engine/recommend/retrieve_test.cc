#include "engine/recommend/retrieve.h"

#include <gtest/gtest.h>

#include "tests/support/recommender_world.h"

namespace burgeon {
namespace {

class RetrieveTest : public testing::Test {
 protected:
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
};

TEST_F(RetrieveTest, EmbeddingsAreTheRowOfACustomerAndTheFoldInOfAStranger) {
  const RecommenderWorld world(pool_, 50, 40, IndexKind::kFlat);
  RecommendQuery stranger;
  const auto items = world.interactions.view().row_columns(9);
  const auto weights = world.interactions.view().row_values(9);
  stranger.history_items.assign(items.begin(), items.end());
  stranger.history_weights.assign(weights.begin(), weights.end());
  const std::vector<RecommendQuery> queries = {
      {.customer = CustomerRow(3)}, RecommendQuery{}, stranger};
  const auto embeddings = QueryEmbeddings(context_, world.model, queries);
  ASSERT_TRUE(embeddings.ok()) << embeddings.status();
  for (int64_t j = 0; j < world.model.dim(); ++j) {
    EXPECT_EQ(embeddings->at(0, j), world.model.customer_embeddings.at(3, j));
    EXPECT_EQ(embeddings->at(1, j), 0);
    EXPECT_EQ(embeddings->at(2, j), world.model.customer_embeddings.at(9, j));
  }
}

TEST_F(RetrieveTest, AKnownCustomerWithAHistoryOfTheQuerysIsFoldedIn) {
  const RecommenderWorld world(pool_, 50, 40, IndexKind::kFlat);
  RecommendQuery query{.customer = CustomerRow(3), .history = HistoryOwner::kQuery};
  const auto items = world.interactions.view().row_columns(9);
  const auto weights = world.interactions.view().row_values(9);
  query.history_items.assign(items.begin(), items.end());
  query.history_weights.assign(weights.begin(), weights.end());
  const auto embeddings = QueryEmbeddings(context_, world.model, {&query, 1});
  ASSERT_TRUE(embeddings.ok()) << embeddings.status();
  EXPECT_TRUE(
      std::ranges::equal(embeddings->row(0), world.model.customer_embeddings.view().row(9)));
}

TEST_F(RetrieveTest, TheIndexIsWidenedUntilEnoughAreNotMasked) {
  // 3,000 items, of which only the 12 that suit this customer least may be listed: an index asked
  // for 12 knows none of them.
  const RecommenderWorld world(pool_, 50, 3000, IndexKind::kHnsw);
  const RecommendQuery query{.customer = CustomerRow(5)};
  const auto embedding = world.model.customer_embeddings.view().Rows(5, 6);
  const auto everything =
      RetrieveByModel(context_, world.parts(), {&query, 1}, embedding, {.k = 3000});
  ASSERT_TRUE(everything.ok()) << everything.status();
  const auto& all = everything->front();
  std::vector<uint64_t> allowed((3000 + 63) / 64, 0);
  for (size_t i = all.size() - 12; i < all.size(); ++i) {
    allowed[all[i].item.value / 64] |= uint64_t{1} << (all[i].item.value % 64);
  }
  for (const Retrieval retrieval : {Retrieval::kExact, Retrieval::kIndex}) {
    const auto found = RetrieveByModel(context_, world.parts(), {&query, 1}, embedding,
                                       {.k = 10, .retrieval = retrieval, .allowed_items = allowed});
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_EQ(found->front(), std::vector<ScoredItem>(all.end() - 12, all.end() - 2));
  }
}

TEST_F(RetrieveTest, AFlatIndexGivesTheExactLists) {
  const RecommenderWorld world(pool_, 80, 200, IndexKind::kFlat);
  std::vector<RecommendQuery> queries;
  for (uint32_t c = 0; c < 79; ++c) queries.push_back({.customer = CustomerRow(c)});
  const auto embeddings = world.model.customer_embeddings.view().Rows(0, 79);
  const auto exact = RetrieveByModel(context_, world.parts(), queries, embeddings, {.k = 20});
  const auto index = RetrieveByModel(context_, world.parts(), queries, embeddings,
                                     {.k = 20, .retrieval = Retrieval::kIndex});
  ASSERT_TRUE(exact.ok() && index.ok());
  EXPECT_EQ(*exact, *index);
}

}  // namespace
}  // namespace burgeon
