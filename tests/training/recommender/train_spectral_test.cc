#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/memory_file_system.h"
#include "tests/support/taste_groups.h"
#include "training/recommender/evaluate_recommender.h"
#include "training/recommender/train_recommender.h"

namespace burgeon {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

SpectralOptions Small(int rank) {
  SpectralOptions options;
  options.rank = rank;
  options.oversample = 8;
  return options;
}

class TrainSpectralTest : public testing::Test {
 protected:
  absl::StatusOr<RecommenderModel> Train(const CsrView& data, const SpectralOptions& options) {
    report_.lines.clear();
    return TrainSpectral(context_, data, options, &report_);
  }
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
  TrainingReport report_;
};

// R = [[1 1 0] [1 1 0] [0 0 1]]: singular values 2 and 1, right vectors (1 1 0)/sqrt2 and (0 0 1).
TEST_F(TrainSpectralTest, ByHand) {
  CsrMatrix r;
  r.offsets = {0, 2, 4, 5};
  r.columns = {0, 1, 0, 1, 2};
  r.cols = 3;
  SpectralOptions options = Small(2);
  options.customer_exponent = options.item_exponent = 0;
  options.score_exponent = 1;
  options.filter_strength = 3;
  options.filter_rank = 2;
  const auto model = Train(r.view(), options);
  ASSERT_TRUE(model.ok()) << model.status();
  ASSERT_EQ(model->dim(), 2);
  // s_r = 1: f = 4 / (4 + 3), 1 / (1 + 3).
  EXPECT_NEAR(model->filter[0], 4.0 / 7, 1e-6);
  EXPECT_NEAR(model->filter[1], 1.0 / 4, 1e-6);
  const double half = std::sqrt(0.5);
  const double items[3][2] = {{2 * half, 0}, {2 * half, 0}, {0, 1}};  // d_j V_j, signs positive
  const double customers[3][2] = {{2 * half * 4 / 7, 0}, {2 * half * 4 / 7, 0}, {0, 1.0 / 4}};
  for (int i = 0; i < 3; ++i) {
    for (int k = 0; k < 2; ++k) {
      EXPECT_NEAR(model->item_embeddings.at(i, k), items[i][k], 1e-5);
      EXPECT_NEAR(model->customer_embeddings.at(i, k), customers[i][k], 1e-5);
    }
  }
  EXPECT_EQ(model->popularity, (std::vector<float>{2, 2, 1}));

  options.filter = SpectralFilter::kSingularValue;
  const auto other = Train(r.view(), options);
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_NEAR(other->filter[0], 2, 1e-5);
  EXPECT_NEAR(other->filter[1], 1, 1e-5);

  options.filter_exponent = 0.5F;
  const auto root = Train(r.view(), options);
  ASSERT_TRUE(root.ok()) << root.status();
  EXPECT_NEAR(root->filter[0], std::sqrt(2.0), 1e-5);
  EXPECT_NEAR(root->filter[1], 1, 1e-5);
}

// D_u^-a R D_i^-b with weights: a single row and column pair by hand.
TEST_F(TrainSpectralTest, ExponentsAndWeights) {
  CsrMatrix r;
  r.offsets = {0, 2};
  r.columns = {0, 1};
  r.values = {4, 12};
  r.cols = 2;
  SpectralOptions options = Small(5);
  options.customer_exponent = options.item_exponent = options.score_exponent = 0.5F;
  options.filter = SpectralFilter::kSingularValue;
  const auto model = Train(r.view(), options);
  ASSERT_TRUE(model.ok()) << model.status();
  // A = (4/sqrt(16*4), 12/sqrt(16*12)) = (0.5, sqrt(3)/2): s = 1, V = A.
  ASSERT_EQ(model->dim(), 1);
  EXPECT_NEAR(model->filter[0], 1, 1e-6);
  EXPECT_NEAR(model->item_embeddings.at(0, 0), 2 * 0.5, 1e-5);
  EXPECT_NEAR(model->item_embeddings.at(1, 0), std::sqrt(12) * std::sqrt(3) / 2, 1e-5);
  EXPECT_NEAR(model->customer_embeddings.at(0, 0),
              4 * 0.5 / 2 + 12 * std::sqrt(3) / 2 / std::sqrt(12), 1e-5);
}

TEST_F(TrainSpectralTest, FindsTheTasteGroups) {
  const TasteGroups world = MakeTasteGroups(300, 120, 6);
  const auto model = Train(world.train.view(), Small(8));
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_THAT(report_.lines, Contains(HasSubstr("largest relative change of a singular value")));
  const auto metrics = EvaluateModel(context_, *model, world.train.view(), world.train.view(),
                                     world.test.view(), 10);
  ASSERT_TRUE(metrics.ok()) << metrics.status();
  // Of 20 items of its group a customer has about 10 in train: the other 10 hold all test items.
  EXPECT_GT(metrics->recall, 0.9);
  const auto popularity =
      EvaluatePopularity(model->popularity, world.train.view(), world.test.view(), 10);
  ASSERT_TRUE(popularity.ok()) << popularity.status();
  EXPECT_LT(popularity->recall, 0.3);
}

TEST_F(TrainSpectralTest, CustomersAreTheirOwnFoldIn) {
  const TasteGroups world = MakeTasteGroups(90, 70, 5);
  const auto model = Train(world.train.view(), Small(12));
  ASSERT_TRUE(model.ok()) << model.status();
  const CsrView all = world.train.view();
  for (const int64_t u : {0, 1, 44, 89}) {
    const auto columns = all.row_columns(u);
    const std::vector<int64_t> offsets = {0, static_cast<int64_t>(columns.size())};
    const auto folded = FoldIn(context_, *model, {.weights = {offsets, columns, {}, all.cols}});
    ASSERT_TRUE(folded.ok()) << folded.status();
    EXPECT_TRUE(std::ranges::equal(folded->row(0), model->customer_embeddings.row(u)));
  }
}

TEST_F(TrainSpectralTest, SameBitsForAnyThreadsAndFromRunToRun) {
  const TasteGroups world = MakeTasteGroups(700, 300, 6);
  const auto model = Train(world.train.view(), Small(40));
  ASSERT_TRUE(model.ok()) << model.status();
  const auto again = Train(world.train.view(), Small(40));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(EmbeddingsSha256(*again), EmbeddingsSha256(*model));
  ThreadPool five(5);
  ExecutionContext other(&five);
  const auto threaded = TrainSpectral(other, world.train.view(), Small(40), &report_);
  ASSERT_TRUE(threaded.ok()) << threaded.status();
  EXPECT_EQ(EmbeddingsSha256(*threaded), EmbeddingsSha256(*model));
  SpectralOptions seed = Small(40);
  seed.seed = 2;
  seed.iterations = 1;
  const auto differs = Train(world.train.view(), seed);
  ASSERT_TRUE(differs.ok()) << differs.status();
  EXPECT_NE(EmbeddingsSha256(*differs), EmbeddingsSha256(*model));
}

TEST_F(TrainSpectralTest, RankIsLoweredToWhatTheDataHold) {
  // 40 customers who all touch the same 30 items: one direction; the rest of items never touched.
  CsrMatrix r;
  r.cols = 90;
  for (int u = 0; u < 40; ++u) {
    for (uint32_t i = 0; i < 30; ++i) r.columns.push_back(2 * i);
    r.offsets.push_back(static_cast<int64_t>(r.columns.size()));
  }
  const auto model = Train(r.view(), Small(1536));
  ASSERT_TRUE(model.ok()) << model.status();
  EXPECT_EQ(model->dim(), 1);
  EXPECT_THAT(report_.lines, Contains(HasSubstr("rank lowered from 1536 to 39")));
  EXPECT_THAT(report_.lines, Contains(HasSubstr("rank lowered to 1:")));
  for (const float x : model->item_embeddings.values()) EXPECT_TRUE(std::isfinite(x));
  EXPECT_EQ(model->item_embeddings.at(1, 0), 0);  // never touched
  EXPECT_GT(model->item_embeddings.at(2, 0), 0);
}

TEST_F(TrainSpectralTest, RefusesWhatItCannotTrain) {
  CsrMatrix empty;
  empty.offsets = {0, 0};
  empty.cols = 3;
  EXPECT_EQ(Train(empty.view(), Small(2)).status().code(), absl::StatusCode::kFailedPrecondition);
  CsrMatrix r;
  r.offsets = {0, 1};
  r.columns = {0};
  r.values = {-1};
  r.cols = 1;
  EXPECT_EQ(MessageOf(Train(r.view(), Small(2)).status()),
            "train recommender: customer row 0 has an interaction of weight -1; weights must be "
            "positive and finite");
  r.values = {1};
  EXPECT_TRUE(Train(r.view(), Small(2)).ok());
  EXPECT_EQ(MessageOf(Train(r.view(), Small(0)).status()),
            "spectral: rank 0 is not from 1 to 65536");
  SpectralOptions options = Small(1);
  options.iterations = 0;
  EXPECT_EQ(MessageOf(Train(r.view(), options).status()),
            "spectral: iterations 0 is not at least 1");
}

TEST_F(TrainSpectralTest, AStopIsHeardAfterAnIteration) {
  const TasteGroups world = MakeTasteGroups(300, 120, 6);
  MemoryFileSystem files;
  const FixedClock clock(0);
  StopFlag stop;
  auto run = TrainingRun::Start(files, clock, {.stop = &stop});
  ASSERT_TRUE(run.ok()) << run.status();
  TrainingReport report;
  report.run = &*run;
  stop.Request();
  SpectralOptions options;
  options.rank = 8;
  options.oversample = 8;
  const auto model = TrainSpectral(context_, world.train.view(), options, &report);
  EXPECT_EQ(model.status().code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(MessageOf(model.status()),
            "train spectral: stopped after 1 of 4 iterations; nothing of it is kept (no "
            "checkpoints were asked for)");
}

}  // namespace
}  // namespace burgeon
