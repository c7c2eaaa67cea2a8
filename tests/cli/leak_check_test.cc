#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/identity_workspace.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

TEST(LeakCheckVerb, TheJobsOwnDataSetsAreClean) {
  const IdentityWorkspace w("leak_clean");
  const Outcome outcome =
      w.Run({"leak-check", "--as-of", "2011-01-15", "--as-of", "2011-01-22", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto json = outcome.json();
  EXPECT_EQ(json["clean"], true);
  ASSERT_EQ(json["times"].size(), 2U);
  EXPECT_EQ(json["times"][0]["late_events"], 2);  // a link and a purchase
  EXPECT_EQ(json["times"][1]["late_events"], 1);
  EXPECT_EQ(json["times"][0]["later_events"], 1);
  EXPECT_EQ(json["times"][0]["churn_skipped"], "");
}

TEST(LeakCheckVerb, ATableThatKnewALatePurchaseIsRefused) {
  const IdentityWorkspace w("leak_table");
  const std::string table = w.folder + "/t.csv";
  WriteText(table, "customer_id,as_of,orders_all\nacc-2,2011-01-22,1\ncookie-2,2011-01-22,2\n");
  ASSERT_EQ(w.Run({"leak-check", "--dataset", table}).exit_code, 0);
  // The purchase of the account on the 12th was known on the 25th only.
  WriteText(table, "customer_id,as_of,orders_all\nacc-2,2011-01-22,1\ncookie-2,2011-01-22,3\n");
  const Outcome leak = w.Run({"leak-check", "--dataset", table, "--json"});
  EXPECT_EQ(leak.exit_code, 8);
  EXPECT_THAT(leak.err, HasSubstr("t.csv:3: orders_all of cookie-2 is 3; as known then: 2"));
  EXPECT_EQ(leak.json()["clean"], false);
  EXPECT_EQ(leak.json()["rows_that_differ"], 1);
}

TEST(LeakCheckVerb, AStoredSnapshotIsHeldAgainstWhatWasKnown) {
  const std::string workspace = CopyOfPublishedWorkspace("leak_snapshot");
  std::string snapshot;
  for (const auto& entry : std::filesystem::directory_iterator(workspace + "/snapshots")) {
    snapshot = entry.path().string();
  }
  const std::vector<std::string> common = {"--config", SampleConfig(), "--workspace", workspace};
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), common.begin(), common.end());
    return Burgeon(arguments);
  };
  const Outcome clean = run({"leak-check", "--dataset", snapshot});
  EXPECT_EQ(clean.exit_code, 0) << clean.err;
  // Made with other settings it is not what the job makes.
  const Outcome other =
      run({"leak-check", "--dataset", snapshot, "--set", "dataset.min_item_customers=5"});
  EXPECT_EQ(other.exit_code, 8);
  EXPECT_THAT(other.err, HasSubstr("items"));
  EXPECT_EQ(run({"leak-check", "--dataset", workspace + "/snapshots/none"}).exit_code, 3);
}

TEST(LeakCheckVerb, TheLatestTimeHasNoFuture) {
  const IdentityWorkspace w("leak_latest");
  const Outcome outcome = w.Run({"leak-check", "--as-of", "latest"});
  EXPECT_EQ(outcome.exit_code, 2);
  EXPECT_THAT(outcome.err, HasSubstr("latest leaves no future"));
}

}  // namespace
}  // namespace burgeon
