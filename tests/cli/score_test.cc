#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/run_burgeon.h"

namespace burgeon {
namespace {

TEST(ScoreTest, RisksAreProbabilitiesOfActiveCustomers) {
  const std::string out = FreshFolder("score") + "/risk.csv";
  const Outcome outcome = Burgeon({"score", "churn", "--workspace", PublishedWorkspace(),
                                   "--customers", "all", "--out", out, "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const auto lines = Lines(ReadText(out));
  ASSERT_EQ(lines.front(), "customer_id,churn_risk");
  ASSERT_GT(lines.size(), 10U);
  EXPECT_EQ(outcome.json()["customers"], lines.size() - 1);
  for (size_t i = 1; i < lines.size(); ++i) {
    const auto risk = ParseDouble(lines[i].substr(lines[i].find(',') + 1));
    ASSERT_TRUE(risk.has_value()) << lines[i];
    EXPECT_GT(*risk, 0.0);
    EXPECT_LT(*risk, 1.0);
  }
}

TEST(ScoreTest, IdsThatAreNotThereAreReported) {
  const std::string folder = FreshFolder("score_missing");
  WriteText(folder + "/ids.txt", "nobody\n");
  const Outcome outcome =
      Burgeon({"score", "churn", "--workspace", PublishedWorkspace(), "--customers",
               folder + "/ids.txt", "--out", folder + "/risk.csv", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.json()["not_found"], nlohmann::json({"nobody"}));
  EXPECT_EQ(outcome.json()["customers"], 0);
}

}  // namespace
}  // namespace burgeon
