#include "training/recommender/train_spectral_blend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/taste_groups.h"
#include "training/recommender/train_recommender.h"

namespace burgeon {
namespace {

using ::testing::HasSubstr;

SpectralPart Part(float weight, int rank, float item_exponent) {
  SpectralPart part;
  part.weight = weight;
  part.options.rank = rank;
  part.options.oversample = 8;
  part.options.item_exponent = item_exponent;
  return part;
}

// All scores of a model, [customers, items], in double.
std::vector<double> Scores(const RecommenderModel& model) {
  std::vector<double> out;
  for (int64_t u = 0; u < model.customer_embeddings.rows(); ++u) {
    for (int64_t i = 0; i < model.item_embeddings.rows(); ++i) {
      double sum = 0;
      for (int64_t k = 0; k < model.dim(); ++k) {
        sum += static_cast<double>(model.customer_embeddings.at(u, k)) *
               static_cast<double>(model.item_embeddings.at(i, k));
      }
      out.push_back(sum);
    }
  }
  return out;
}

double RootMeanSquare(const std::vector<double>& values) {
  double sum = 0;
  for (const double x : values) sum += x * x;
  return std::sqrt(sum / static_cast<double>(values.size()));
}

class TrainSpectralBlendTest : public testing::Test {
 protected:
  absl::StatusOr<RecommenderModel> Train(const std::vector<SpectralPart>& parts) {
    return TrainSpectralBlend(context_, world_.train.view(), parts, &report_);
  }
  const TasteGroups world_ = MakeTasteGroups(90, 70, 5);
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
  TrainingReport report_;
};

TEST_F(TrainSpectralBlendTest, IsTheWeightedSumOfItsPartsOnOneScale) {
  const std::vector<SpectralPart> parts = {Part(2, 6, 0.5F), Part(0.5F, 12, 0)};
  const auto blend = Train(parts);
  ASSERT_TRUE(blend.ok()) << blend.status();
  EXPECT_EQ(blend->kind, RecommenderKind::kSpectral);
  EXPECT_EQ(blend->dim(), 6 + 12);
  const std::vector<double> got = Scores(*blend);
  std::vector<double> want(got.size());
  for (const SpectralPart& part : parts) {
    const auto alone = TrainSpectral(context_, world_.train.view(), part.options, &report_);
    ASSERT_TRUE(alone.ok()) << alone.status();
    const std::vector<double> scores = Scores(*alone);
    const double scale = static_cast<double>(part.weight) / RootMeanSquare(scores);
    for (size_t k = 0; k < want.size(); ++k) want[k] += scale * scores[k];
  }
  // Scores are of the order of the weights.
  for (size_t k = 0; k < want.size(); ++k) EXPECT_NEAR(got[k], want[k], 1e-4) << k;
}

TEST_F(TrainSpectralBlendTest, CustomersAreTheirOwnFoldIn) {
  const auto blend = Train({Part(1, 6, 0.5F), Part(0.3F, 12, 0)});
  ASSERT_TRUE(blend.ok()) << blend.status();
  const CsrView all = world_.train.view();
  for (const int64_t u : {0, 44, 89}) {
    const auto columns = all.row_columns(u);
    const std::vector<int64_t> offsets = {0, static_cast<int64_t>(columns.size())};
    const auto folded = FoldIn(context_, *blend, {.weights = {offsets, columns, {}, all.cols}});
    ASSERT_TRUE(folded.ok()) << folded.status();
    EXPECT_TRUE(std::ranges::equal(folded->row(0), blend->customer_embeddings.row(u)));
  }
}

TEST_F(TrainSpectralBlendTest, SameBitsForAnyThreads) {
  const std::vector<SpectralPart> parts = {Part(1, 6, 0.5F), Part(0.3F, 12, 0)};
  const auto two = Train(parts);
  ASSERT_TRUE(two.ok()) << two.status();
  ThreadPool five(5);
  ExecutionContext other(&five);
  const auto threaded = TrainSpectralBlend(other, world_.train.view(), parts, &report_);
  ASSERT_TRUE(threaded.ok()) << threaded.status();
  EXPECT_EQ(EmbeddingsSha256(*threaded), EmbeddingsSha256(*two));
}

TEST_F(TrainSpectralBlendTest, PartsOfAConfig) {
  auto config = Config::Parse(
      "recommender: {spectral: {rank: 40, parts: [{weight: 2}, {item_exponent: 0.5, rank: 9}]}}",
      "test");
  ASSERT_TRUE(config.ok()) << config.status();
  const RecommenderOptions options = ParseRecommenderOptions(config->root().Child("recommender"));
  ASSERT_TRUE(config->Finish().ok()) << config->Finish();
  ASSERT_EQ(options.spectral_parts.size(), 2U);
  EXPECT_EQ(options.spectral_parts[0].weight, 2);
  EXPECT_EQ(options.spectral_parts[0].options.rank, 40);  // of spectral itself
  EXPECT_EQ(options.spectral_parts[1].weight, 1);
  EXPECT_EQ(options.spectral_parts[1].options.rank, 9);
  EXPECT_EQ(options.spectral_parts[1].options.item_exponent, 0.5F);

  RecommenderOptions small = options;
  for (SpectralPart& part : small.spectral_parts) part.options.rank = 3;
  const auto model = TrainRecommender(context_, {.interactions = world_.train.view()},
                                      RecommenderKind::kSpectral, small, &report_);
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(model->dim(), 6);
}

TEST_F(TrainSpectralBlendTest, Refusals) {
  EXPECT_THAT(MessageOf(Train({}).status()), HasSubstr("0 parts; from 1 to 16"));
  EXPECT_THAT(MessageOf(Train({Part(0, 4, 0)}).status()), HasSubstr("part 1: weight 0"));
  EXPECT_THAT(MessageOf(Train({Part(1, 40'000, 0), Part(1, 40'000, 0)}).status()),
              HasSubstr("sum to 80000, above 65536"));
  SpectralPart nothing = Part(1, 4, 0);
  nothing.options.filter_strength = 1e38F;  // the filter's squares are below the smallest float
  EXPECT_THAT(MessageOf(Train({Part(1, 4, 0), nothing}).status()),
              HasSubstr("part 2 scores every item zero"));
}

TEST_F(TrainSpectralBlendTest, ThePlanHasEveryPartBesideThoseBefore) {
  const DataCounts data = {.customers = 1000, .items = 500, .interactions = 20'000};
  const std::vector<SpectralPart> one = {Part(1, 64, 0)};
  const std::vector<SpectralPart> two = {Part(1, 64, 0), Part(1, 64, 0)};
  const int64_t alone = PeakBytes(PlanSpectral(one.front().options, data));
  EXPECT_GE(PeakBytes(PlanSpectralBlend(one, data)), alone);
  // The tables of one part: items twice and customers once, of 64 floats.
  const int64_t tables = 4 * 64 * (2 * 500 + 1000);
  EXPECT_GE(PeakBytes(PlanSpectralBlend(two, data)),
            PeakBytes(PlanSpectralBlend(one, data)) + tables);
}

}  // namespace
}  // namespace burgeon
