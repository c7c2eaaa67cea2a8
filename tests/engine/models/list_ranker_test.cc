#include "engine/models/list_ranker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/models/blend_features.h"
#include "engine/models/model_top_k.h"

namespace burgeon {
namespace {

using ::testing::HasSubstr;

// Two members of one dimension each and an operator, over five items.
RecommenderModel Blend() {
  RecommenderModel member;
  member.customer_embeddings = FloatMatrix(0, 1);
  member.item_embeddings = FloatMatrix(5, 1, {5, 4, 3, 2, 1});
  member.filter = {1};
  member.fold_in_items = FloatMatrix(5, 1, {1, 1, 1, 1, 1});
  member.popularity = {1, 2, 3, 4, 5};
  RecommenderModel blend;
  blend.kind = RecommenderKind::kBlend;
  blend.members = {member, member};
  blend.members[1].item_embeddings = FloatMatrix(5, 1, {0, 0, 1, 0, 2});
  blend.member_weights = {1, 1};
  StackMembers(&blend);
  blend.customer_embeddings = FloatMatrix(1, 2, {1, 1});
  blend.popularity = member.popularity;
  blend.item_operator.cols = 5;
  blend.item_operator.offsets = {0, 1, 1, 1, 1, 1};
  blend.item_operator.columns = {3};
  blend.item_operator.values = {2};
  return blend;
}

// A linear ranker that looks at one feature alone.
ListRanker LooksAt(int64_t feature, int64_t features, int64_t pool) {
  ListRanker ranker;
  ranker.pool = pool;
  ranker.mean.assign(static_cast<size_t>(features), 0);
  ranker.scale.assign(static_cast<size_t>(features), 1);
  FloatMatrix weight(1, features);
  weight.at(0, feature) = 1;
  ranker.network.weight.push_back(std::move(weight));
  ranker.network.bias.push_back({0});
  return ranker;
}

class ListRankerTest : public testing::Test {
 protected:
  std::vector<uint32_t> List(const RecommenderModel& model, int k) {
    const FloatMatrix query(1, 2, {1, 1});
    CsrMatrix history;
    history.offsets = {0, 1};
    history.columns = {0};
    history.values = {0.5F};
    history.cols = 5;
    const auto result = ModelTopK(
        context_, model,
        {.embeddings = query.view(), .histories = history.view(), .excluded = {}, .allowed = {}},
        {.k = k});
    EXPECT_TRUE(result.ok()) << result.status();
    std::vector<uint32_t> items;
    float last = HUGE_VALF;
    for (const ScoredItem& one : result->items) {
      EXPECT_LE(one.score, last);
      last = one.score;
      items.push_back(one.item.value);
    }
    return items;
  }
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
};

TEST_F(ListRankerTest, FeaturesByHand) {
  RecommenderModel blend = Blend();
  ListRanker ranker;
  ranker.trends = FloatMatrix(1, 5, {0, 1, 2, 3, 4});
  const FloatMatrix query(1, 2, {1, 1});
  const std::vector<uint32_t> history = {0};
  const std::vector<float> weights = {0.5F};
  // Scores 5, 4, 4, 3, 3: 0, 1, 2, 3 (2 + 0.5 * 2) and 4 (1 + 2).
  const std::vector<ScoredItem> list = {{ItemRow(0), 5}, {ItemRow(3), 3}};
  const FloatMatrix features = BlendFeatures(blend).Of(query.row(0), history, weights, list,
                                                       TrendsOfList(ranker, list).view());
  ASSERT_EQ(features.cols(), RankerFeatureCount(3, 1));
  // Members 5 and 2; 0 and 0 (no deviation); operator 0 and 1; the blend's 5 and 3.
  const std::vector<float> want = {1,
                                   0,
                                   -1,
                                   1,
                                   0,
                                   std::log1p(1.0F),
                                   std::log1p(0.0F),
                                   std::log1p(1.0F),
                                   -1,
                                   0,
                                   1,
                                   -1,
                                   std::log1p(1.0F),
                                   std::log1p(4.0F),
                                   std::log1p(3.0F),
                                   std::log1p(1.0F)};
  ASSERT_EQ(features.values().size(), want.size());
  for (size_t k = 0; k < want.size(); ++k) EXPECT_FLOAT_EQ(features.values()[k], want[k]) << k;
}

TEST_F(ListRankerTest, OrdersThePoolAndLeavesWhatIsBehindIt) {
  RecommenderModel blend = Blend();
  EXPECT_EQ(List(blend, 5), (std::vector<uint32_t>{0, 1, 2, 3, 4}));
  const int64_t features = RankerFeatureCount(3, 0);
  blend.ranker = LooksAt(2, features, 4);  // the operator: item 3 alone, of the first four
  EXPECT_EQ(List(blend, 5), (std::vector<uint32_t>{3, 0, 1, 2, 4}));
  EXPECT_EQ(List(blend, 2), (std::vector<uint32_t>{3, 0}));  // the pool is wider than the list
  blend.ranker = LooksAt(5, features, 5);                    // popularity, over the whole list
  EXPECT_EQ(List(blend, 5), (std::vector<uint32_t>{4, 3, 2, 1, 0}));
}

TEST_F(ListRankerTest, FarFeaturesAreCut) {
  const ListRanker ranker = LooksAt(0, 2, 1);
  EXPECT_EQ(RankerScores(ranker, FloatMatrix(2, 2, {1e9F, 0, -1e9F, 0})),
            (std::vector<double>{kMaxRankerFeature, -kMaxRankerFeature}));
}

TEST_F(ListRankerTest, ComesBackFromTensors) {
  RecommenderModel blend = Blend();
  blend.ranker = LooksAt(5, RankerFeatureCount(3, 1), 3);
  blend.ranker.trends = FloatMatrix(1, 5, {0, 1, 2, 3, 4});
  TensorFile file;
  AddModelTensors(blend, &file);
  const auto read = ReadModelTensors(file);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->ranker.pool, 3);
  EXPECT_EQ(read->ranker.trends.values(), blend.ranker.trends.values());
  EXPECT_EQ(List(*read, 5), List(blend, 5));
}

TEST_F(ListRankerTest, DamageIsNamed) {
  const auto message = [](const RecommenderModel& blend) {
    TensorFile file;
    AddModelTensors(blend, &file);
    const auto read = ReadModelTensors(file);
    EXPECT_EQ(read.status().code(), absl::StatusCode::kDataLoss);
    return MessageOf(read.status());
  };
  RecommenderModel bad = Blend();
  bad.ranker = LooksAt(0, 4, 3);
  EXPECT_THAT(message(bad), HasSubstr("recommender.ranker.mean, .scale: 4 and 4 values; wanted 7"));
  bad.ranker = LooksAt(0, 7, 3);
  bad.ranker.scale[2] = 0;
  EXPECT_THAT(message(bad), HasSubstr("recommender.ranker.scale[2]: 0 is not a positive number"));
  bad.ranker = LooksAt(0, 7, 100'000);
  EXPECT_THAT(message(bad), HasSubstr("recommender.ranker.sizes: wanted three numbers"));
  bad.ranker = LooksAt(0, 7, 3);
  bad.ranker.network.weight[0] = FloatMatrix(1, 6);
  EXPECT_THAT(message(bad), HasSubstr("layer0.weight: 1 x 6; wanted 1 x 7"));
  bad = Blend();
  bad.members[1].item_embeddings = FloatMatrix(4, 1);
  bad.members[1].fold_in_items = FloatMatrix(4, 1);
  bad.members[1].popularity = {1, 1, 1, 1};
  EXPECT_THAT(message(bad), HasSubstr("recommender.member.1 is 4 x 1; wanted 5 x 1"));
}

}  // namespace
}  // namespace burgeon
