#include "cli/pipeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/run_burgeon.h"

namespace burgeon {
namespace {

TEST(RunTest, TheWholeWayReportsEveryStep) {
  const std::string workspace = FreshFolder("run");
  const Outcome outcome =
      Burgeon({"run", "--config", SampleConfig(), "--workspace", workspace, "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json result = outcome.json();
  const nlohmann::json& ingest = result["ingests"][0];
  EXPECT_EQ(
      ingest["rows_read"].get<int64_t>(),
      ingest["events_added"].get<int64_t>() + ingest["events_without_customer"].get<int64_t>() +
          ingest["rows_quarantined"].get<int64_t>() + ingest["duplicates_in_file"].get<int64_t>() +
          ingest["already_stored"].get<int64_t>() + ingest["rows_ignored"].get<int64_t>());
  EXPECT_GT(ingest["events_without_customer"].get<int64_t>(), 0);
  EXPECT_GT(ingest["events_by_type"]["return"].get<int64_t>(), 0);
  EXPECT_EQ(result["recommender"]["model"], "spectral");
  for (const char* metric : {"auc", "average_precision", "log_loss", "ece", "lift_at_10pct"}) {
    EXPECT_TRUE(result["churn"]["model"].contains(metric)) << metric;
    EXPECT_TRUE(result["churn"]["baseline"].contains(metric)) << metric;
  }
  EXPECT_NE(result["publish"]["release"], "");
}

TEST(RunTest, ASecondIngestOfTheSameFileAddsNothing) {
  const std::string workspace = CopyOfPublishedWorkspace("second_ingest");
  const Outcome outcome =
      Burgeon({"ingest", "--config", SampleConfig(), "--workspace", workspace, "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.json()["ingests"][0]["events_added"], 0);
  EXPECT_EQ(outcome.json()["ingests"][0]["events_without_customer"], 0);
  EXPECT_GT(outcome.json()["ingests"][0]["already_stored"].get<int64_t>(), 0);
}

TEST(RunTest, TheSameWorkGivesTheSameBitsForAnyNumberOfThreads) {
  std::vector<nlohmann::json> results;
  for (const char* threads : {"1", "2", "5"}) {
    const Outcome outcome = Burgeon({"run", "--config", SampleConfig(), "--workspace",
                                     FreshFolder(std::string("run_threads") + threads), "--threads",
                                     threads, "--json"});
    ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
    results.push_back(outcome.json());
  }
  for (const nlohmann::json& result : results) {
    EXPECT_EQ(result["recommender"]["snapshot"], results[0]["recommender"]["snapshot"]);
    EXPECT_EQ(result["recommender"]["embeddings_sha256"],
              results[0]["recommender"]["embeddings_sha256"]);
    EXPECT_EQ(result["churn"]["model"], results[0]["churn"]["model"]);
  }
}

}  // namespace
}  // namespace burgeon
