#include "engine/models/recommender_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace burgeon {
namespace {

using ::testing::HasSubstr;

RecommenderModel Spectral() {
  RecommenderModel model;
  model.customer_embeddings = FloatMatrix(1, 2, {1, 2});
  model.item_embeddings = FloatMatrix(3, 2, {1, 2, 3, 4, 5, 6});
  model.filter = {0.5F, 2};
  model.fold_in_items = FloatMatrix(3, 2, {1, 0, 0, 1, 4, 8});
  model.popularity = {3, 2, 1};
  return model;
}

RecommenderModel Als() {
  RecommenderModel model;
  model.kind = RecommenderKind::kAls;
  model.customer_embeddings = FloatMatrix(1, 1, {1});
  model.item_embeddings = FloatMatrix(2, 1, {1, 2});
  model.als = {.unobserved_weight = 0.5F,
               .regularization = 0.25F,
               .regularization_exponent = 0,
               .block_size = 1};
  model.popularity = {3, 2};
  return model;
}

RecommenderModel ItemKnn() {
  RecommenderModel model = Spectral();
  model.kind = RecommenderKind::kItemKnn;
  model.item_operator.offsets = {0, 2, 3, 3};
  model.item_operator.columns = {1, 2, 0};
  model.item_operator.values = {0.5F, -0.25F, 2};
  model.item_operator.cols = 3;
  return model;
}

class RecommenderModelTest : public testing::Test {
 protected:
  ThreadPool pool_{1};
  ExecutionContext context_{&pool_};
};

TEST_F(RecommenderModelTest, KindsHaveNames) {
  for (const RecommenderKind kind : kRecommenderKinds) {
    EXPECT_EQ(ParseRecommenderKind(RecommenderKindName(kind)), kind);
  }
  EXPECT_EQ(ParseRecommenderKind("unknown"), std::nullopt);
}

TEST_F(RecommenderModelTest, SpectralFoldInByHand) {
  CsrMatrix histories;
  histories.offsets = {0, 2, 2};
  histories.columns = {0, 2};
  histories.values = {2, 0.5F};
  histories.cols = 3;
  const auto folded = FoldIn(context_, Spectral(), {.weights = histories.view()});
  ASSERT_TRUE(folded.ok()) << folded.status();
  // 0.5 (2 * 1 + 0.5 * 4) and 2 (0.5 * 8); an empty history gives zeros.
  EXPECT_EQ(folded->values(), (std::vector<float>{2, 8, 0, 0}));
}

TEST_F(RecommenderModelTest, AlsFoldInByHand) {
  CsrMatrix histories;
  histories.offsets = {0, 1};
  histories.columns = {1};
  histories.cols = 2;
  const auto folded = FoldIn(context_, Als(), {.weights = histories.view()});
  ASSERT_TRUE(folded.ok()) << folded.status();
  // (0.5 (1 + 4) + 4 + 0.25) x = 2.
  EXPECT_NEAR(folded->at(0, 0), 2 / 6.75, 1e-6);
}

TEST_F(RecommenderModelTest, RefusesHistoriesOfOtherItems) {
  CsrMatrix histories;
  histories.cols = 4;
  const auto folded = FoldIn(context_, Spectral(), {.weights = histories.view()});
  EXPECT_EQ(folded.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(MessageOf(folded.status()),
            "fold-in: histories have 4 items, the model 3: they must be as many");
}

TEST_F(RecommenderModelTest, TensorsReadBack) {
  for (const RecommenderModel& model : {Spectral(), Als(), ItemKnn()}) {
    TensorFile file;
    AddModelTensors(model, &file);
    const auto read = ReadModelTensors(file);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->kind, model.kind);
    EXPECT_EQ(read->customer_embeddings.values(), model.customer_embeddings.values());
    EXPECT_EQ(read->item_embeddings.values(), model.item_embeddings.values());
    EXPECT_EQ(read->fold_in_items.values(), model.fold_in_items.values());
    EXPECT_EQ(read->filter, model.filter);
    EXPECT_EQ(read->popularity, model.popularity);
    EXPECT_EQ(read->has_operator(), model.has_operator());
    EXPECT_EQ(read->item_operator.cols, model.item_operator.cols);
    EXPECT_EQ(read->item_operator.offsets, model.item_operator.offsets);
    EXPECT_EQ(read->item_operator.columns, model.item_operator.columns);
    EXPECT_EQ(read->item_operator.values, model.item_operator.values);
    EXPECT_EQ(EmbeddingsSha256(*read), EmbeddingsSha256(model));
    if (model.kind == RecommenderKind::kAls) {
      EXPECT_EQ(read->als.unobserved_weight, model.als.unobserved_weight);
      EXPECT_EQ(read->als.regularization, model.als.regularization);
      EXPECT_EQ(read->als.regularization_exponent, model.als.regularization_exponent);
    }
  }
}

TEST_F(RecommenderModelTest, DamageIsNamed) {
  const auto message = [](const RecommenderModel& model) {
    TensorFile file;
    AddModelTensors(model, &file);
    const auto read = ReadModelTensors(file);
    EXPECT_EQ(read.status().code(), absl::StatusCode::kDataLoss);
    return MessageOf(read.status());
  };
  RecommenderModel bad = Spectral();
  bad.filter.push_back(1);
  EXPECT_EQ(message(bad),
            "recommender.filter is 1 x 3; wanted 1 x 2, to fit recommender.item_embeddings");
  bad = Spectral();
  bad.fold_in_items = FloatMatrix(2, 2);
  EXPECT_THAT(message(bad), HasSubstr("recommender.fold_in_items is 2 x 2; wanted 3 x 2"));
  bad = Spectral();
  bad.customer_embeddings = FloatMatrix(1, 3);
  EXPECT_THAT(message(bad), HasSubstr("recommender.customer_embeddings is 1 x 3; wanted 1 x 2"));
  bad = Als();
  bad.popularity.pop_back();
  EXPECT_THAT(message(bad), HasSubstr("recommender.popularity is 1 x 1; wanted 2 x 1"));
  bad = Als();
  bad.item_embeddings.at(1, 0) = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(message(bad), "recommender.item_embeddings: value 1 is not finite");
  bad = ItemKnn();
  bad.item_operator.columns[1] = 3;
  EXPECT_EQ(message(bad),
            "recommender.item_operator: row 0 has column 3, which is out of range or out of order");
  bad = ItemKnn();
  bad.item_operator.offsets = {0, 2, 1, 3};
  EXPECT_THAT(message(bad), HasSubstr("offsets, columns and values do not fit together"));
  bad = ItemKnn();
  bad.item_operator.offsets.pop_back();
  EXPECT_THAT(message(bad), HasSubstr("recommender.item_operator is 2 x 3; wanted 3 x 3"));
  TensorFile empty;
  EXPECT_EQ(ReadModelTensors(empty).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(RecommenderModelTest, Sha256CoversBothTables) {
  const std::string before = EmbeddingsSha256(Spectral());
  EXPECT_EQ(before.size(), 64U);
  RecommenderModel other = Spectral();
  other.customer_embeddings.at(0, 1) = 3;
  EXPECT_NE(EmbeddingsSha256(other), before);
  other = Spectral();
  other.item_embeddings.at(2, 1) = 7;
  EXPECT_NE(EmbeddingsSha256(other), before);
}

}  // namespace
}  // namespace burgeon
