#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/als_step_cases.h"
#include "tests/support/fault_file_system.h"
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

// Trains `options.epochs` epochs with checkpoints in `folder`.
std::string TrainWithCheckpoints(ExecutionContext& context, FaultFileSystem& files,
                                 const CsrView& train, const AlsOptions& options,
                                 TrainingRunOptions run_options, TrainingReport* report) {
  const FixedClock clock(0);
  run_options.checkpoint_folder = "c";
  auto run = TrainingRun::Start(files, clock, run_options);
  EXPECT_TRUE(run.ok()) << run.status();
  report->run = &*run;
  const auto model = TrainAls(context, train, options, report);
  report->run = &TrainingRun::Unwatched();
  return model.ok() ? EmbeddingsSha256(*model) : Concat("failed: ", MessageOf(model.status()));
}

TEST_F(TrainAlsTest, FourEpochsACheckpointAndFourMoreAreEightEpochs) {
  const TasteGroups world = MakeTasteGroups(200, 80, 4);
  const CsrView train = world.train.view();
  for (const int block : {0, 4}) {
    for (const float share : {0.0F, 0.2F}) {
      SCOPED_TRACE(Concat("block ", block, ", validation share ", share));
      AlsOptions options = Small();
      options.block_size = block;
      options.validation_share = share;
      options.patience = 100;
      const auto straight = TrainAls(context_, train, options, &report_);
      ASSERT_TRUE(straight.ok()) << straight.status();
      FaultFileSystem files;
      options.epochs = 4;
      TrainWithCheckpoints(context_, files, train, options, {}, &report_);
      options.epochs = 8;
      ThreadPool three(3);
      ExecutionContext other(&three);
      EXPECT_EQ(TrainWithCheckpoints(other, files, train, options,
                                     {.start = TrainingStart::kLatestCheckpoint}, &report_),
                EmbeddingsSha256(*straight));
    }
  }
}

TEST_F(TrainAlsTest, OnlyTheSameTrainingIsResumed) {
  const TasteGroups world = MakeTasteGroups(100, 40, 4);
  FaultFileSystem files;
  const TrainingRunOptions resume = {.start = TrainingStart::kLatestCheckpoint};
  TrainWithCheckpoints(context_, files, world.train.view(), Small(), {}, &report_);
  AlsOptions other = Small();
  other.regularization = 0.02F;
  EXPECT_THAT(TrainWithCheckpoints(context_, files, world.train.view(), other, resume, &report_),
              testing::HasSubstr("other data or other options"));
  EXPECT_THAT(TrainWithCheckpoints(context_, files, world.test.view(), Small(), resume, &report_),
              testing::HasSubstr("other data or other options"));
  other = Small();
  other.epochs = 3;
  EXPECT_THAT(TrainWithCheckpoints(context_, files, world.train.view(), other, resume, &report_),
              testing::HasSubstr("more were trained already"));
}

TEST_F(TrainAlsTest, WatchingChangesNothing) {
  const TasteGroups world = MakeTasteGroups(200, 80, 4);
  const auto plain = TrainAls(context_, world.train.view(), Small(), &report_);
  ASSERT_TRUE(plain.ok()) << plain.status();
  FaultFileSystem files;
  EXPECT_EQ(TrainWithCheckpoints(context_, files, world.train.view(), Small(),
                                 {.tensorboard_folder = "t"}, &report_),
            EmbeddingsSha256(*plain));
}

// Far too little regularisation: the training overfits, and the best validation is an early one.
TEST_F(TrainAlsTest, EarlyStopKeepsTheBestEpoch) {
  const TasteGroups world = MakeTasteGroups(150, 200, 3);
  AlsOptions options = Small();
  options.dim = 48;
  options.epochs = 60;
  options.regularization = 1e-6F;
  options.unobserved_weight = 1e-4F;
  options.validation_share = 0.5F;
  options.patience = 3;
  const auto stopped = TrainAls(context_, world.train.view(), options, &report_);
  ASSERT_TRUE(stopped.ok()) << stopped.status();
  const std::string last = report_.lines.back();
  ASSERT_THAT(last, testing::HasSubstr("stopped early after epoch "));
  const auto kept = ParseInt64(last.substr(11, last.find(':') - 11));  // "kept epoch N: ..."
  ASSERT_TRUE(kept.has_value()) << last;
  EXPECT_EQ(report_.lines.size(), static_cast<size_t>(*kept + options.patience + 1));
  // The same model as training on for exactly the epochs that were kept.
  options.epochs = static_cast<int>(*kept);
  options.patience = 100;
  const auto exact = TrainAls(context_, world.train.view(), options, &report_);
  ASSERT_TRUE(exact.ok()) << exact.status();
  EXPECT_EQ(EmbeddingsSha256(*exact), EmbeddingsSha256(*stopped));
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
  options = Small();
  options.validation_share = 0.7F;
  EXPECT_EQ(MessageOf(TrainAls(context_, world.train.view(), options, &report_).status()),
            "als: validation_share 0.7 is not from 0 to 0.5");
  options = Small();
  options.patience = 0;
  EXPECT_EQ(MessageOf(TrainAls(context_, world.train.view(), options, &report_).status()),
            "als: patience 0 is not at least 1");
}

}  // namespace
}  // namespace burgeon
