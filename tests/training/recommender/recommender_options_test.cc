#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "training/recommender/train_recommender.h"

namespace burgeon {
namespace {

TEST(RecommenderOptionsTest, EveryFieldIsRead) {
  auto config = Config::Parse(
      "spectral: {rank: 10, customer_exponent: 0.1, item_exponent: 0.2, score_exponent: -0.3,\n"
      "  filter: singular_value, filter_strength: 5, filter_rank: 6, oversample: 7,\n"
      "  iterations: 8, random_seed: 9}\n"
      "als: {dim: 11, unobserved_weight: 0.5, regularization: 0.25, regularization_exponent: "
      "0.75,\n"
      "  block_size: 12, epochs: 13, init_stddev: 0.125, random_seed: 14}\n",
      "test.yaml");
  ASSERT_TRUE(config.ok()) << config.status();
  const SpectralOptions s = ParseSpectralOptions(config->root().Child("spectral"));
  const AlsOptions a = ParseAlsOptions(config->root().Child("als"));
  EXPECT_TRUE(config->Finish().ok()) << config->Finish();
  EXPECT_EQ(s.rank, 10);
  EXPECT_EQ(s.customer_exponent, 0.1F);
  EXPECT_EQ(s.item_exponent, 0.2F);
  EXPECT_EQ(s.score_exponent, -0.3F);
  EXPECT_EQ(s.filter, SpectralFilter::kSingularValue);
  EXPECT_EQ(s.filter_strength, 5);
  EXPECT_EQ(s.filter_rank, 6);
  EXPECT_EQ(s.oversample, 7);
  EXPECT_EQ(s.iterations, 8);
  EXPECT_EQ(s.seed, 9U);
  EXPECT_EQ(a.dim, 11);
  EXPECT_EQ(a.unobserved_weight, 0.5F);
  EXPECT_EQ(a.regularization, 0.25F);
  EXPECT_EQ(a.regularization_exponent, 0.75F);
  EXPECT_EQ(a.block_size, 12);
  EXPECT_EQ(a.epochs, 13);
  EXPECT_EQ(a.init_stddev, 0.125F);
  EXPECT_EQ(a.seed, 14U);
}

TEST(RecommenderOptionsTest, AbsentMeansTheDefaults) {
  auto config = Config::Parse("{}", "test.yaml");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(ParseSpectralOptions(config->root().Child("spectral")).rank, SpectralOptions{}.rank);
  EXPECT_EQ(ParseAlsOptions(config->root().Child("als")).dim, AlsOptions{}.dim);
  EXPECT_TRUE(config->Finish().ok());
}

TEST(RecommenderOptionsTest, ErrorsNameTheField) {
  auto config = Config::Parse("spectral: {rank: 0}\n", "test.yaml");
  ASSERT_TRUE(config.ok()) << config.status();
  ParseSpectralOptions(config->root().Child("spectral"));
  EXPECT_THAT(MessageOf(config->Finish()), testing::HasSubstr("spectral.rank"));
}

}  // namespace
}  // namespace burgeon
