#include "training/run/training_run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fault_file_system.h"

namespace burgeon {
namespace {

using testing::HasSubstr;
using testing::internal::CaptureStderr;
using testing::internal::GetCapturedStderr;

Checkpoint At(int64_t step) {
  Checkpoint checkpoint{.kind = "als", .step = step, .identity = "abc", .tensors = {}};
  const std::vector<float> values = {1};
  checkpoint.tensors.Add("x", std::span<const float>(values));
  return checkpoint;
}

class TrainingRunTest : public testing::Test {
 protected:
  TrainingRun Make(const TrainingRunOptions& options) {
    auto run = TrainingRun::Start(files_, clock_, options);
    EXPECT_TRUE(run.ok()) << run.status();
    return *std::move(run);
  }
  // Steps that wrote a checkpoint.
  std::vector<int64_t> Steps(TrainingRun& run, int64_t total) {
    std::vector<int64_t> kept;
    run.Begin("train als", "epochs", 0, total);
    for (int64_t step = 1; step <= total; ++step) {
      status_ = run.EndStep(step, {{"train/loss", 1.0 / static_cast<double>(step)}}, [&] {
        kept.push_back(step);
        return At(step);
      });
      if (!status_.ok()) break;
    }
    return kept;
  }
  FaultFileSystem files_;
  FixedClock clock_{0};
  absl::Status status_;
};

TEST_F(TrainingRunTest, CheckpointsComeEveryNStepsAndAtTheEnd) {
  TrainingRun run = Make({.checkpoint_folder = "c", .checkpoint_every = 3});
  EXPECT_THAT(Steps(run, 7), testing::ElementsAre(3, 6, 7));
  EXPECT_TRUE(status_.ok());
}

TEST_F(TrainingRunTest, AStopKeepsTheStepAndSaysHowToGoOn) {
  StopFlag stop;
  TrainingRun run = Make({.checkpoint_folder = "c", .checkpoint_every = 100, .stop = &stop});
  stop.Request();
  EXPECT_THAT(Steps(run, 7), testing::ElementsAre(1));
  EXPECT_EQ(status_.code(), absl::StatusCode::kCancelled);
  EXPECT_EQ(MessageOf(status_),
            "train als: stopped after 1 of 7 epochs; the checkpoint is in c: the same command with "
            "--resume goes on");
  TrainingRun unkept = Make({.stop = &stop});
  EXPECT_TRUE(Steps(unkept, 7).empty());
  EXPECT_THAT(MessageOf(status_), HasSubstr("nothing of it is kept"));
  // Who is asked to stop after the last step is done.
  TrainingRun last = Make({.stop = &stop});
  Steps(last, 1);
  EXPECT_TRUE(status_.ok()) << status_;
}

TEST_F(TrainingRunTest, ProgressTellsLossRateAndEnd) {
  CaptureStderr();
  TrainingRun run = Make({.progress = ProgressStyle::kLines});
  EXPECT_TRUE(run.shows_scalars());
  Steps(run, 4);
  ASSERT_TRUE(run.Finish().ok());
  const std::string text = GetCapturedStderr();
  EXPECT_THAT(text, HasSubstr("train als: 100% 4 epochs, "));
  EXPECT_THAT(text, HasSubstr("epochs/s; loss 0.25\n"));
}

TEST_F(TrainingRunTest, EveryStepGoesToTheEventFile) {
  TrainingRun run = Make({.tensorboard_folder = "t"});
  EXPECT_TRUE(run.shows_scalars());
  Steps(run, 3);
  ASSERT_TRUE(run.Finish().ok());
  const auto names = files_.List("t");
  ASSERT_TRUE(names.ok() && names->size() == 1) << names.status();
  const std::string bytes = files_.Content("t/" + names->front());
  size_t found = 0;
  for (size_t at = bytes.find("train/loss"); at != std::string::npos;
       at = bytes.find("train/loss", at + 1)) {
    ++found;
  }
  EXPECT_EQ(found, 3U);
}

TEST_F(TrainingRunTest, OnlyTheSameTrainingGoesOn) {
  TrainingRun first = Make({.checkpoint_folder = "c"});
  EXPECT_FALSE(first.ResumeFrom("als", "abc")->has_value());
  Steps(first, 2);
  const auto again = Make({.checkpoint_folder = "c"}).ResumeFrom("als", "abc");
  EXPECT_EQ(again.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(MessageOf(again.status()), HasSubstr("--resume"));
  const TrainingRunOptions resume = {.checkpoint_folder = "c",
                                     .start = TrainingStart::kLatestCheckpoint};
  const auto same = Make(resume).ResumeFrom("als", "abc");
  ASSERT_TRUE(same.ok()) << same.status();
  EXPECT_EQ((*same)->step, 2);
  EXPECT_THAT(MessageOf(Make(resume).ResumeFrom("als", "xyz").status()),
              HasSubstr("other data or other options"));
  EXPECT_THAT(MessageOf(Make(resume).ResumeFrom("sequence", "abc").status()),
              HasSubstr("of als, not of sequence"));
  TrainingRunOptions empty = resume;
  empty.checkpoint_folder = "none";
  EXPECT_THAT(MessageOf(Make(empty).ResumeFrom("als", "abc").status()),
              HasSubstr("no checkpoint to resume from"));
}

TEST_F(TrainingRunTest, OptionsThatCannotBeAreRefused) {
  EXPECT_EQ(TrainingRun::Start(files_, clock_, {.checkpoint_every = 0}).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(
      MessageOf(
          TrainingRun::Start(files_, clock_, {.start = TrainingStart::kLatestCheckpoint}).status()),
      HasSubstr("--checkpoint-dir"));
}

TEST_F(TrainingRunTest, UnwatchedDoesNothing) {
  TrainingRun& run = TrainingRun::Unwatched();
  EXPECT_FALSE(run.shows_scalars());
  EXPECT_TRUE(Steps(run, 3).empty());
  EXPECT_TRUE(status_.ok());
  EXPECT_TRUE(run.Finish().ok());
  EXPECT_FALSE(run.ResumeFrom("als", "abc")->has_value());
}

}  // namespace
}  // namespace burgeon
