#include "training/recommender/train_recommender.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/taste_groups.h"

namespace burgeon {
namespace {

TEST(TrainRecommenderTest, EveryTrainableKindIsTrainedAndReadBackByItsName) {
  ThreadPool pool(2);
  ExecutionContext context(&pool);
  const TasteGroups world = MakeTasteGroups(120, 60, 4);
  RecommenderOptions options;
  options.spectral.rank = 8;
  options.als.dim = 8;
  options.als.epochs = 2;
  options.ease.embedding.rank = 8;
  options.item_knn.embedding.rank = 8;
  options.graph_filter.embedding.rank = 8;
  options.sequence.dim = 8;
  options.sequence.epochs = 1;
  options.sequence.patience = 0;
  options.two_tower.dim = 8;
  options.two_tower.epochs = 1;
  options.two_tower.patience = 0;
  options.blend.members = {{.weight = 1, .recommender = options}};
  const CsrView train = world.train.view();
  const SequenceView sequences = {train.offsets, train.columns, {}};  // any order does
  for (const RecommenderKind kind : TrainableKinds()) {
    SCOPED_TRACE(RecommenderKindName(kind));
    EXPECT_EQ(ParseTrainableKind(RecommenderKindName(kind)), kind);
    TrainingReport report;
    const auto model = TrainRecommender(context, {.interactions = train, .sequences = sequences},
                                        kind, options, &report);
    ASSERT_TRUE(model.ok()) << model.status();
    EXPECT_EQ(model->kind, kind);
    EXPECT_EQ(model->customer_embeddings.rows(), world.train.rows());
    EXPECT_EQ(model->item_embeddings.rows(), world.train.cols);
    EXPECT_EQ(std::ssize(model->popularity), world.train.cols);
    TensorFile file;
    AddModelTensors(*model, &file);
    const auto read = ReadModelTensors(file);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(EmbeddingsSha256(*read), EmbeddingsSha256(*model));
  }
}

TEST(TrainRecommenderTest, OptionsNameTheKindAndHoldEveryKinds) {
  auto config = Config::Parse("recommender: {model: als, als: {dim: 9}, spectral: {rank: 7}}", "c");
  ASSERT_TRUE(config.ok()) << config.status();
  RecommenderOptions options = ParseRecommenderOptions(config->root().Child("recommender"));
  EXPECT_TRUE(config->Finish().ok()) << config->Finish();
  EXPECT_EQ(options.kind, RecommenderKind::kAls);
  EXPECT_EQ(options.als.dim, 9);
  EXPECT_EQ(options.spectral.rank, 7);
  SetSeed(77, &options);
  EXPECT_EQ(options.als.seed, 77U);
  EXPECT_EQ(options.spectral.seed, 77U);
}

TEST(TrainRecommenderTest, UnknownNamesAreRefused) {
  EXPECT_EQ(ParseTrainableKind("popularity"), std::nullopt);
  EXPECT_EQ(ParseTrainableKind(""), std::nullopt);
  auto config = Config::Parse("recommender: {model: word2vec}", "c.yaml");
  ASSERT_TRUE(config.ok()) << config.status();
  ParseRecommenderOptions(config->root().Child("recommender"));
  EXPECT_THAT(MessageOf(config->Finish()), testing::HasSubstr("'word2vec' is none of spectral"));
}

}  // namespace
}  // namespace burgeon
