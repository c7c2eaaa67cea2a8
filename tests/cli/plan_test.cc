#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/run_burgeon.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

TEST(PlanTest, CountsOfALogThatIsNotAtHand) {
  const std::vector<std::string> counts = {"plan",        "memory",         "--model", "als",
                                           "--customers", "100000",         "--items", "20000",
                                           "--json",      "--interactions", "5000000"};
  std::vector<std::string> enough = counts;
  enough.insert(enough.end(), {"--available-gib", "64"});
  const Outcome outcome = Burgeon(enough);
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json result = outcome.json();
  EXPECT_EQ(result["field"], "recommender.als.dim");
  EXPECT_EQ(result["available_source"], "--available-gib");
  int64_t peak = 0;
  for (const nlohmann::json& phase : result["phases"]) {
    peak = std::max(peak, phase["bytes"].get<int64_t>());
  }
  EXPECT_EQ(result["peak_bytes"], peak);
  // Both tables of dim 64 in fp32 at the least.
  EXPECT_GT(peak, int64_t{4} * 64 * 120'000);

  std::vector<std::string> little = counts;
  little.insert(little.end(), {"--available-gib", "0.345"});
  const Outcome refused = Burgeon(little);
  EXPECT_EQ(refused.exit_code, 6);
  EXPECT_THAT(refused.err, HasSubstr("lower recommender.als.dim to"));
}

TEST(PlanTest, CountsOfTheWorkspaceAndOfASplitFile) {
  const Outcome workspace = Burgeon({"plan", "memory", "--config", SampleConfig(), "--workspace",
                                     PublishedWorkspace(), "--json"});
  ASSERT_EQ(workspace.exit_code, 0) << workspace.err;
  EXPECT_GT(workspace.json()["interactions"].get<int64_t>(), 100);
  const std::string folder = FreshFolder("plan");
  WriteText(folder + "/train.txt", "a 1 2 3\nb 2 4\n");
  const Outcome file = Burgeon({"plan", "memory", "--train", folder + "/train.txt", "--json"});
  ASSERT_EQ(file.exit_code, 0) << file.err;
  EXPECT_EQ(file.json()["customers"], 2);
  EXPECT_EQ(file.json()["items"], 4);
  EXPECT_EQ(file.json()["interactions"], 5);
  EXPECT_EQ(Burgeon({"plan", "memory", "--customers", "5"}).exit_code, 2);
  EXPECT_EQ(Burgeon({"plan", "memory", "--customers", "5", "--train", "x"}).exit_code, 2);
  EXPECT_EQ(Burgeon({"plan"}).exit_code, 2);
}

TEST(TrainFlagsTest, CheckpointsAndEventFiles) {
  const std::string workspace = CopyOfPublishedWorkspace("train_flags");
  const std::string kept = workspace + "/kept";
  const std::vector<std::string> train = {"train",        "recommender", "--config",
                                          SampleConfig(), "--workspace", workspace,
                                          "--model",      "als",         "--json"};
  std::vector<std::string> kept_train = train;
  kept_train.insert(kept_train.end(),
                    {"--checkpoint-dir", kept, "--tensorboard", workspace + "/tb"});
  const Outcome whole = Burgeon(kept_train);
  ASSERT_EQ(whole.exit_code, 0) << whole.err;
  EXPECT_FALSE(std::filesystem::is_empty(workspace + "/tb"));
  EXPECT_FALSE(std::filesystem::is_empty(kept));
  // There are checkpoints: to start anew over them is refused, to go on is not.
  EXPECT_EQ(Burgeon(kept_train).exit_code, 5);
  std::vector<std::string> resumed = kept_train;
  resumed.push_back("--resume");
  const Outcome again = Burgeon(resumed);
  ASSERT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(again.json()["embeddings_sha256"], whole.json()["embeddings_sha256"]);

  std::vector<std::string> nothing_kept = train;
  nothing_kept.push_back("--resume");
  EXPECT_EQ(Burgeon(nothing_kept).exit_code, 2);
  EXPECT_EQ(Burgeon({"train", "recommender", "--config", SampleConfig(), "--workspace", workspace,
                     "--model", "spectral", "--checkpoint-dir", kept})
                .exit_code,
            2);
}

}  // namespace
}  // namespace burgeon
