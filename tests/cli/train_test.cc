#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/storage/file_system.h"
#include "tests/cli/run_burgeon.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

TEST(TrainTest, CandidatesOfDifferentSnapshotsAreNotPublishedTogether) {
  const std::string workspace = CopyOfPublishedWorkspace("train_mixed");
  // One more purchase makes another snapshot; only the recommender is trained on it.
  WriteText(workspace + "/more.csv",
            "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
            "999999,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6,2011-12-09 12:00:00,2.55,17850.0,"
            "United Kingdom\n");
  const std::vector<std::string> common = {"--config", SampleConfig(), "--workspace", workspace,
                                           "--quiet"};
  const auto run = [&](std::vector<std::string> verb) {
    verb.insert(verb.end(), common.begin(), common.end());
    return Burgeon(verb);
  };
  ASSERT_EQ(run({"ingest", "--input", workspace + "/more.csv"}).exit_code, 0);
  ASSERT_EQ(run({"train", "recommender"}).exit_code, 0);
  const Outcome mixed = run({"publish"});
  EXPECT_EQ(mixed.exit_code, 5);
  EXPECT_THAT(mixed.err, HasSubstr("burgeon train churn"));
  ASSERT_EQ(run({"train", "churn"}).exit_code, 0);
  EXPECT_EQ(run({"publish"}).exit_code, 0);
}

TEST(TrainTest, AnotherWriterIsRefusedNotWaitedFor) {
  const std::string workspace = CopyOfPublishedWorkspace("train_locked");
  const auto lock = FileLock::Acquire(workspace + "/lock");
  ASSERT_TRUE(lock.ok()) << lock.status();
  const Outcome outcome =
      Burgeon({"train", "churn", "--config", SampleConfig(), "--workspace", workspace});
  EXPECT_EQ(outcome.exit_code, 5);
  EXPECT_THAT(outcome.err, HasSubstr("lock"));
}

}  // namespace
}  // namespace burgeon
