#include "engine/recommend/reasons.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "engine/index/vector_scorer.h"
#include "engine/models/recommender_model.h"
#include "engine/ops/dense.h"
#include "tests/support/recommender_world.h"

namespace burgeon {
namespace {

constexpr int64_t kCustomers = 60;
constexpr int64_t kItems = 50;

class ReasonsTest : public testing::Test {
 protected:
  Contributions Of(const RecommendQuery& query, const std::vector<ItemRow>& items,
                   RecommendMethod method = RecommendMethod::kModel) {
    const auto found = ContributionsOf(context_, world_.parts(), query, method, items);
    EXPECT_TRUE(found.ok()) << found.status();
    return found.ok() ? *found : Contributions();
  }
  // For many customers: the contributions to each listed item sum to its score.
  void ExpectSumsAreScores() {
    for (uint32_t customer = 0; customer + 1 < kCustomers; customer += 7) {
      const RecommendQuery query{.customer = CustomerRow(customer)};
      const auto answers = Recommend(context_, world_.parts(), {&query, 1}, {.k = 12});
      ASSERT_TRUE(answers.ok()) << answers.status();
      std::vector<ItemRow> items;
      std::vector<float> scores;
      for (const RecommendedItem& item : answers->front().items) {
        if (item.source != ItemSource::kModel) continue;
        items.push_back(item.item);
        scores.push_back(item.score);
      }
      ASSERT_FALSE(items.empty());
      const Contributions c = Of(query, items);
      EXPECT_EQ(c.kind, ReasonKind::kExact);
      const auto history = world_.interactions.view().row_columns(customer);
      EXPECT_EQ(c.history, std::vector<uint32_t>(history.begin(), history.end()));
      for (size_t j = 0; j < items.size(); ++j) {
        const auto row = c.values.row(static_cast<int64_t>(j));
        const double sum = std::accumulate(row.begin(), row.end(), 0.0);
        EXPECT_NEAR(sum, scores[j], 1e-4 * (1 + std::abs(scores[j]))) << customer << " " << j;
      }
    }
  }

  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
  RecommenderWorld world_{pool_, kCustomers, kItems, IndexKind::kFlat};
};

TEST_F(ReasonsTest, OfASpectralModelSumToTheScore) { ExpectSumsAreScores(); }

TEST_F(ReasonsTest, OfAnOperatorSumToTheScore) {
  world_.model.kind = RecommenderKind::kEase;
  world_.model.item_operator.cols = kItems;
  const Philox random(3, 1);
  for (uint32_t i = 0; i < kItems; ++i) {
    for (uint32_t j = 0; j < kItems; ++j) {
      if (random.Uniform(i * kItems + j) < 0.7) continue;
      world_.model.item_operator.columns.push_back(j);
      world_.model.item_operator.values.push_back(
          static_cast<float>(random.Normal(10'000 + i * kItems + j)));
    }
    world_.model.item_operator.offsets.push_back(std::ssize(world_.model.item_operator.columns));
  }
  ExpectSumsAreScores();
}

TEST_F(ReasonsTest, OfAlsSumToTheScoreForEveryRegularisation) {
  for (const float exponent : {0.0F, 0.7F, 1.0F}) {
    world_.model.kind = RecommenderKind::kAls;
    world_.model.als = {
        .unobserved_weight = 0.2F, .regularization = 0.05F, .regularization_exponent = exponent};
    auto folded = FoldIn(context_, world_.model, {.weights = world_.interactions.view()});
    ASSERT_TRUE(folded.ok()) << folded.status();
    world_.model.customer_embeddings = *std::move(folded);
    ExpectSumsAreScores();
    // The Gram matrix of a release changes nothing.
    const DoubleMatrix gram = Gram(context_, world_.model.item_embeddings.view());
    RecommenderParts parts = world_.parts();
    parts.item_gram = &gram;
    const RecommendQuery query{.customer = CustomerRow(2)};
    const std::vector<ItemRow> items = {ItemRow(4), ItemRow(9)};
    const auto with = ContributionsOf(context_, parts, query, RecommendMethod::kModel, items);
    ASSERT_TRUE(with.ok()) << with.status();
    EXPECT_EQ(with->values.values(), Of(query, items).values.values());
  }
}

TEST_F(ReasonsTest, OfABlendSumToTheScore) {
  RecommenderModel& model = world_.model;
  RecommenderModel spectral = model;
  spectral.customer_embeddings = FloatMatrix(0, model.dim());
  RecommenderModel als = spectral;
  als.kind = RecommenderKind::kAls;
  als.als = {.unobserved_weight = 0.2F, .regularization = 0.05F};
  model.kind = RecommenderKind::kBlend;
  model.members = {spectral, als};
  model.member_weights = {0.5F, 3};
  StackMembers(&model);
  model.item_operator.cols = kItems;
  for (uint32_t i = 0; i < kItems; ++i) {
    model.item_operator.columns.push_back((i * 7) % kItems);
    model.item_operator.values.push_back(static_cast<float>(i) * 0.25F - 3);
    model.item_operator.offsets.push_back(std::ssize(model.item_operator.columns));
  }
  auto folded = FoldIn(context_, model, {.weights = world_.interactions.view()});
  ASSERT_TRUE(folded.ok()) << folded.status();
  model.customer_embeddings = *std::move(folded);
  ExpectSumsAreScores();
  // With a member whose score is no sum, what is said is likeness.
  model.members[1].kind = RecommenderKind::kSequence;
  EXPECT_EQ(Of({.customer = CustomerRow(8)}, {ItemRow(3)}).kind, ReasonKind::kSimilarity);
}

TEST_F(ReasonsTest, AStrangersHistoryIsExplainedLikeACustomers) {
  const auto items = world_.interactions.view().row_columns(8);
  const auto weights = world_.interactions.view().row_values(8);
  RecommendQuery stranger;
  stranger.history_items.assign(items.begin(), items.end());
  stranger.history_weights.assign(weights.begin(), weights.end());
  const std::vector<ItemRow> asked = {ItemRow(1), ItemRow(30)};
  EXPECT_EQ(Of(stranger, asked).values.values(),
            Of({.customer = CustomerRow(8)}, asked).values.values());
}

TEST_F(ReasonsTest, NeighboursHaveNoSumAndSaySo) {
  const RecommendQuery query{.customer = CustomerRow(8)};
  const Contributions c = Of(query, {ItemRow(3)}, RecommendMethod::kNeighbours);
  EXPECT_EQ(c.kind, ReasonKind::kSimilarity);
  for (size_t h = 0; h < c.history.size(); ++h) {
    EXPECT_EQ(static_cast<float>(c.values.at(0, static_cast<int64_t>(h))),
              CanonicalCosine(world_.model.item_embeddings.row(c.history[h]),
                              world_.model.item_embeddings.row(3)));
  }
  EXPECT_EQ(ReasonKindName(ReasonKind::kExact), "exact");
  EXPECT_EQ(ReasonKindName(ReasonKind::kSimilarity), "similarity");
}

}  // namespace
}  // namespace burgeon
