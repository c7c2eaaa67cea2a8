#include "training/recommender/evaluation_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

absl::StatusOr<EvaluationOptions> Parse(const std::string& text) {
  BURGEON_ASSIGN_OR_RETURN(Config config, Config::Parse("evaluation: " + text, "test"));
  EvaluationOptions options = ParseEvaluationOptions(config.root().Child("evaluation"));
  BURGEON_RETURN_IF_ERROR(config.Finish());
  return options;
}

TEST(EvaluationOptionsTest, EveryField) {
  const auto options = Parse(
      "{window_days: 30, models: [als, popularity], k: [1, 7], baseline: als, "
      "bootstrap_replicates: 50, confidence: 0.9, random_seed: 5, popularity_half_life_days: 7.5, "
      "new_customer_max_items: 4, heavy_quantile: 0.8}");
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_EQ(options->window_days, 30);
  EXPECT_THAT(options->models, ElementsAre("als", "popularity"));
  EXPECT_THAT(options->comparison.ks, ElementsAre(1, 7));
  EXPECT_EQ(options->comparison.baseline, "als");
  EXPECT_EQ(options->comparison.bootstrap.replicates, 50);
  EXPECT_EQ(options->comparison.bootstrap.level, 0.9);
  EXPECT_EQ(options->comparison.bootstrap.seed, 5U);
  EXPECT_EQ(options->comparison.half_life_days, 7.5);
  EXPECT_EQ(options->comparison.groups.new_max, 4);
  EXPECT_EQ(options->comparison.groups.heavy_quantile, 0.8);
}

TEST(EvaluationOptionsTest, RunsAreSeveralSettingsOfAKind) {
  const auto options = Parse(
      "{runs: [{name: small, chosen_by: hand, recommender: {spectral: {rank: 8}}}, "
      "{name: other, recommender: {model: als, als: {dim: 4}}}]}");
  ASSERT_TRUE(options.ok()) << options.status();
  const auto runs = RunsOf(*options, {});
  ASSERT_TRUE(runs.ok()) << runs.status();
  ASSERT_EQ(runs->size(), 2U);
  EXPECT_EQ((*runs)[0].name, "small");
  EXPECT_EQ((*runs)[0].chosen_by, "hand");
  EXPECT_EQ((*runs)[0].model, EvaluatedModel(RecommenderKind::kSpectral));
  EXPECT_EQ((*runs)[0].recommender.spectral.rank, 8);
  EXPECT_EQ((*runs)[1].model, EvaluatedModel(RecommenderKind::kAls));
  EXPECT_EQ((*runs)[1].recommender.als.dim, 4);
  EXPECT_EQ((*runs)[1].chosen_by, "");
}

TEST(EvaluationOptionsTest, Defaults) {
  const auto options = Parse("{}");
  ASSERT_TRUE(options.ok()) << options.status();
  EXPECT_THAT(options->comparison.ks, ElementsAre(5, 10, 20));
  EXPECT_EQ(options->comparison.baseline, "popularity");
  const auto runs = RunsOf(*options, {});
  ASSERT_TRUE(runs.ok());
  // Every kind but the two networks and a blend without members.
  EXPECT_EQ(runs->size(), TrainableKinds().size() - 3);
}

TEST(EvaluationOptionsTest, Refusals) {
  EXPECT_THAT(MessageOf(Parse("{k: [5, 5]}").status()),
              HasSubstr("'5' is not a number from 1 to 10000 above the one before"));
  EXPECT_THAT(MessageOf(Parse("{k: [0]}").status()), HasSubstr("'0' is not a number"));
  EXPECT_THAT(MessageOf(Parse("{models: [sepctral]}").status()),
              HasSubstr("'sepctral' is none of spectral, als"));
  EvaluationOptions twice;
  twice.models = {"als", "als"};
  EXPECT_THAT(MessageOf(RunsOf(twice, {}).status()), HasSubstr("'als' is there twice"));
  EXPECT_THAT(MessageOf(Parse("{runs: [{name: a}, {name: a}]}").status()),
              HasSubstr("'a' is there twice"));
  EXPECT_THAT(MessageOf(Parse("{runs: [{}]}").status()), HasSubstr("name"));
  EXPECT_THAT(MessageOf(Parse("{runs: [{name: a}], models: [als]}").status()),
              HasSubstr("stands beside `models`"));
  EXPECT_EQ(Parse("{confidence: 1}").status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace burgeon
