#include "training/recommender/compare_recommenders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/taste_groups.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

class CompareRecommendersTest : public testing::Test {
 protected:
  void SetUp() override {
    recommender_.spectral.rank = 8;
    recommender_.als.dim = 8;
    options_.ks = {5, 10};
    options_.bootstrap.replicates = 60;
    options_.runs = {{"mine", RecommenderKind::kSpectral, recommender_},
                     {"als", RecommenderKind::kAls, recommender_}};
    AddBaselines(Data(), recommender_, &options_.runs);
  }
  EvaluationData Data() const {
    return {.train = {.interactions = world_.train.view()},
            .interaction_times = {},
            .mask = world_.train.view(),
            .test = world_.test.view()};
  }
  const TasteGroups world_ = MakeTasteGroups(150, 80, 5);
  RecommenderOptions recommender_;
  ComparisonOptions options_;
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
};

// Who waits for a long training is told how far it is; figures are the same, told or not.
TEST_F(CompareRecommendersTest, TheTrainingsAreShown) {
  const ItemSequences order = {
      .offsets = world_.train.offsets, .items = world_.train.columns, .times = {}};
  EvaluationData data = Data();
  data.train.sequences = order.view();
  recommender_.sequence = {.dim = 8, .batch_size = 64, .epochs = 2, .patience = 0};
  options_.runs = {{"in order", RecommenderKind::kSequence, recommender_},
                   {"als", RecommenderKind::kAls, recommender_}};
  options_.baseline = "als";
  const auto silent = CompareRecommenders(context_, data, options_);
  ASSERT_TRUE(silent.ok()) << silent.status();
  options_.progress = ProgressStyle::kLines;
  testing::internal::CaptureStderr();
  const auto shown = CompareRecommenders(context_, data, options_);
  const std::string err = testing::internal::GetCapturedStderr();
  ASSERT_TRUE(shown.ok()) << shown.status();
  EXPECT_THAT(err, testing::ContainsRegex("train sequence on all: 100% 2 epochs, .*; loss [0-9]"));
  EXPECT_THAT(err, HasSubstr("train als: 100%"));
  for (size_t m = 0; m < 2; ++m) {
    EXPECT_EQ(shown->models[m].embeddings_sha256, silent->models[m].embeddings_sha256);
  }
}

TEST_F(CompareRecommendersTest, EverythingIsThere) {
  const auto quality = CompareRecommenders(context_, Data(), options_);
  ASSERT_TRUE(quality.ok()) << quality.status();
  EXPECT_EQ(quality->items, 80);
  EXPECT_GT(quality->customers, 100);
  EXPECT_EQ(quality->diversity_by, "mine");
  ASSERT_EQ(quality->groups.size(), 3U);
  int64_t grouped = 0;
  for (const QualityGroup& group : quality->groups) grouped += group.customers;
  EXPECT_EQ(grouped, quality->customers);
  ASSERT_EQ(quality->models.size(), options_.runs.size());
  for (const ModelQuality& model : quality->models) {
    ASSERT_EQ(model.cuts.size(), 2U) << model.name;
    const Estimate recall = model.cuts[1].of(ListMetric::kRecall);
    EXPECT_LT(recall.low, recall.value) << model.name;
    EXPECT_GT(recall.high, recall.value) << model.name;
    EXPECT_GE(recall.value, model.cuts[0].of(ListMetric::kRecall).value);
    EXPECT_FALSE(std::isnan(model.cuts[1].of(ListMetric::kDiversity).value)) << model.name;
    EXPECT_EQ(model.exposure.size(), 2U);
    EXPECT_EQ(model.groups.size(), 3U);
    EXPECT_EQ(model.difference.empty(), model.name == "popularity");
  }
  // What learns tastes is above what does not, in every draw.
  EXPECT_EQ(quality->models[0].difference[1][0].share_above, 1);
  EXPECT_GT(quality->models[0].difference[1][0].estimate.low, 0);
  // And shows more of the catalogue.
  EXPECT_GT(quality->models[0].exposure[0].coverage, quality->models.back().exposure[0].coverage);
}

TEST_F(CompareRecommendersTest, SameBitsForAnyNumberOfThreads) {
  ThreadPool one(1);
  ExecutionContext alone(&one);
  const auto first = CompareRecommenders(alone, Data(), options_);
  const auto second = CompareRecommenders(context_, Data(), options_);
  ASSERT_TRUE(first.ok() && second.ok());
  for (size_t m = 0; m < first->models.size(); ++m) {
    for (size_t k = 0; k < 2; ++k) {
      for (const ListMetric metric : kListMetrics) {
        const Estimate a = first->models[m].cuts[k].of(metric);
        const Estimate b = second->models[m].cuts[k].of(metric);
        EXPECT_EQ(a.value, b.value);
        EXPECT_EQ(a.low, b.low);
        EXPECT_EQ(a.high, b.high);
      }
    }
    EXPECT_EQ(first->models[m].embeddings_sha256, second->models[m].embeddings_sha256);
  }
}

TEST_F(CompareRecommendersTest, BaselinesAreAddedOnce) {
  std::vector<EvaluatedRun> runs = {{"popularity", PopularityKind::kTotal, recommender_}};
  const std::vector<TimeMicros> times(world_.train.columns.size(), 1);
  EvaluationData data = Data();
  AddBaselines(data, recommender_, &runs);
  const size_t without_times = runs.size();
  data.interaction_times = times;
  AddBaselines(data, recommender_, &runs);
  AddBaselines(data, recommender_, &runs);
  EXPECT_EQ(runs.size(), without_times + 1);
  EXPECT_EQ(runs.back().name, "popularity_recent");
}

TEST_F(CompareRecommendersTest, Refusals) {
  EXPECT_THAT(MessageOf(ParseEvaluatedModel("sepctral").status()),
              HasSubstr("'sepctral' is none of spectral, als"));
  EXPECT_TRUE(ParseEvaluatedModel("popularity_recent").ok());
  ComparisonOptions other = options_;
  other.baseline = "nobody";
  EXPECT_THAT(MessageOf(CompareRecommenders(context_, Data(), other).status()),
              HasSubstr("'nobody' is none of the models evaluated"));
  other = options_;
  other.runs.push_back(other.runs.front());
  EXPECT_THAT(MessageOf(CompareRecommenders(context_, Data(), other).status()),
              HasSubstr("two models are named 'mine'"));
  other = options_;
  other.ks = {10, 5};
  EXPECT_THAT(MessageOf(CompareRecommenders(context_, Data(), other).status()), HasSubstr("k: 5"));
  other = options_;
  other.runs = {{"popularity", PopularityKind::kRecent, recommender_}};
  EXPECT_THAT(MessageOf(CompareRecommenders(context_, Data(), other).status()),
              HasSubstr("the split has no times"));
  EvaluationData data = Data();
  data.mask = data.test;
  EXPECT_THAT(MessageOf(CompareRecommenders(context_, data, options_).status()),
              HasSubstr("is to be found and masked too: the split leaks"));
  data = Data();
  CsrMatrix nothing;
  nothing.offsets.assign(151, 0);
  nothing.cols = 80;
  data.test = nothing.view();
  EXPECT_EQ(CompareRecommenders(context_, data, options_).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace burgeon
