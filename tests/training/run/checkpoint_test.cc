#include "training/run/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/support/fault_file_system.h"

namespace burgeon {
namespace {

namespace fs = std::filesystem;

Checkpoint At(int64_t step) {
  Checkpoint checkpoint{.kind = "als", .step = step, .identity = "abc", .tensors = {}};
  const std::vector<float> values = {1.5F, static_cast<float>(step)};
  checkpoint.tensors.Add("x", std::span<const float>(values));
  return checkpoint;
}

class CheckpointTest : public testing::Test {
 protected:
  CheckpointTest() { fs::remove_all(folder_); }
  ~CheckpointTest() override { fs::remove_all(folder_); }
  int64_t LatestStep() {
    const auto latest = LoadLatestCheckpoint(files_, folder_);
    EXPECT_TRUE(latest.ok()) << latest.status();
    if (!latest.ok() || !*latest) return -1;
    EXPECT_THAT(*(*latest)->tensors.GetFloats("x"),
                testing::ElementsAre(1.5F, static_cast<float>((*latest)->step)));
    return (*latest)->step;
  }
  FileSystem& files_ = RealFileSystem();
  const std::string folder_ = Concat(testing::TempDir(), "/checkpoint_",
                                     testing::UnitTest::GetInstance()->current_test_info()->name(),
                                     "_", static_cast<int64_t>(getpid()));
};

TEST_F(CheckpointTest, TheNewestIsReadBackAndTheNewestTwoStay) {
  EXPECT_EQ(LatestStep(), -1);
  for (const int64_t step : {9, 10, 11, 100}) {
    ASSERT_TRUE(WriteCheckpoint(files_, folder_, At(step)).ok());
    EXPECT_EQ(LatestStep(), step);
  }
  const auto names = files_.List(folder_);
  ASSERT_TRUE(names.ok());
  EXPECT_THAT(*names, testing::ElementsAre("checkpoint-00000011", "checkpoint-00000100"));
  const auto latest = LoadLatestCheckpoint(files_, folder_);
  EXPECT_EQ((*latest)->kind, "als");
  EXPECT_EQ((*latest)->identity, "abc");
}

TEST_F(CheckpointTest, AChangedByteIsNotTakenForTheTruth) {
  ASSERT_TRUE(WriteCheckpoint(files_, folder_, At(3)).ok());
  const std::string path = folder_ + "/checkpoint-00000003/tensors.safetensors";
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(-1, std::ios::end);
  file.put('\x7f');
  file.close();
  const auto latest = LoadLatestCheckpoint(files_, folder_);
  EXPECT_EQ(latest.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(MessageOf(latest.status()), testing::HasSubstr("checkpoint-00000003"));
}

// Whatever step of writing the third checkpoint the power fails at, and whatever the disk held
// back, a whole one is there afterwards: the second or the third.
TEST_F(CheckpointTest, ACrashLeavesAWholeOne) {
  FaultFileSystem before;
  ASSERT_TRUE(WriteCheckpoint(before, "c", At(1)).ok());
  ASSERT_TRUE(WriteCheckpoint(before, "c", At(2)).ok());
  int64_t steps = 0;
  for (bool crashed = true; crashed; ++steps) {
    const auto files = before.Clone();
    files->CrashAfter(steps);
    const absl::Status written = WriteCheckpoint(*files, "c", At(3));
    crashed = files->crashed();
    for (const Survival survival : kAllSurvivals) {
      const auto disk = files->Survivor(survival, static_cast<uint64_t>(steps));
      const auto latest = LoadLatestCheckpoint(*disk, "c");
      ASSERT_TRUE(latest.ok()) << latest.status() << " step " << steps;
      ASSERT_TRUE(latest->has_value()) << "step " << steps;
      EXPECT_GE((*latest)->step, written.ok() ? 3 : 2) << "step " << steps;
    }
  }
  EXPECT_GT(steps, 10);
}

TEST_F(CheckpointTest, StepsOutOfRangeAreRefused) {
  EXPECT_EQ(WriteCheckpoint(files_, folder_, At(-1)).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(WriteCheckpoint(files_, folder_, At(kMaxCheckpointStep + 1)).code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace burgeon
