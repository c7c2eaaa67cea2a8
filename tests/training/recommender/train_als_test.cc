#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/als_step_cases.h"
#include "tests/support/taste_groups.h"
#include "training/recommender/evaluate_recommender.h"
#include "training/recommender/train_recommender.h"

namespace burgeon {
namespace {

AlsOptions Small() {
  AlsOptions options;
  options.dim = 12;
  options.epochs = 8;
  options.regularization = 0.01F;
  return options;
}

class TrainAlsTest : public testing::Test {
 protected:
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
  TrainingReport report_;
};

TEST_F(TrainAlsTest, FindsTheTasteGroups) {
  const TasteGroups world = MakeTasteGroups(300, 120, 6);
  for (const int block : {0, 4}) {
    AlsOptions options = Small();
    options.block_size = block;
    const auto model = TrainAls(context_, world.train.view(), options, &report_);
    ASSERT_TRUE(model.ok()) << model.status();
    const auto metrics = EvaluateModel(context_, *model, world.train.view(), world.train.view(),
                                       world.test.view(), 10);
    ASSERT_TRUE(metrics.ok()) << metrics.status();
    EXPECT_GT(metrics->recall, 0.85) << "block " << block;
  }
  EXPECT_EQ(report_.lines.size(), 16U);
}

// The loss over observed and unobserved pairs, without the regulariser (whose weights differ by
// side): the reconstruction gets better with every epoch at first.
TEST_F(TrainAlsTest, ReconstructionImproves) {
  const TasteGroups world = MakeTasteGroups(200, 80, 4);
  double before = 1e300;
  for (const int epochs : {1, 2, 4, 8}) {
    AlsOptions options = Small();
    options.epochs = epochs;
    const auto model = TrainAls(context_, world.train.view(), options, &report_);
    ASSERT_TRUE(model.ok()) << model.status();
    AlsStepParams loss = model->als;
    loss.regularization = 0;
    const double now = AlsObjective(world.train.view(), model->item_embeddings.view(), loss,
                                    model->customer_embeddings.view());
    EXPECT_LT(now, before) << epochs << " epochs";
    before = now;
  }
}

TEST_F(TrainAlsTest, CustomersAreTheirOwnFoldIn) {
  const TasteGroups world = MakeTasteGroups(90, 70, 5);
  AlsOptions options = Small();
  options.block_size = 5;
  const auto model = TrainAls(context_, world.train.view(), options, &report_);
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

TEST_F(TrainAlsTest, SameBitsForAnyThreads) {
  const TasteGroups world = MakeTasteGroups(300, 120, 6);
  const auto model = TrainAls(context_, world.train.view(), Small(), &report_);
  ThreadPool five(5);
  ExecutionContext other(&five);
  const auto threaded = TrainAls(other, world.train.view(), Small(), &report_);
  ASSERT_TRUE(model.ok() && threaded.ok());
  EXPECT_EQ(EmbeddingsSha256(*threaded), EmbeddingsSha256(*model));
}

TEST_F(TrainAlsTest, RefusesWhatItCannotTrain) {
  CsrMatrix empty;
  empty.offsets = {0, 0};
  empty.cols = 3;
  EXPECT_EQ(TrainAls(context_, empty.view(), Small(), &report_).status().code(),
            absl::StatusCode::kFailedPrecondition);
  const TasteGroups world = MakeTasteGroups(20, 10, 2);
  AlsOptions options = Small();
  options.dim = 0;
  EXPECT_EQ(MessageOf(TrainAls(context_, world.train.view(), options, &report_).status()),
            "als: dim 0 is not from 1 to 65536");
  options = Small();
  options.epochs = 0;
  EXPECT_EQ(MessageOf(TrainAls(context_, world.train.view(), options, &report_).status()),
            "als: epochs 0 is not at least 1");
}

}  // namespace
}  // namespace burgeon
