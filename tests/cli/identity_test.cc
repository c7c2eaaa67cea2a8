// burgeon identity, leak-check and attributes on a small store of logins, purchases and traits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/identity_workspace.h"
#include "tests/cli/run_burgeon.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(IdentityVerb, CountsCustomersAndNamesSharedIds) {
  const IdentityWorkspace w("identity_counts");
  const Outcome outcome = w.Run({"identity", "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  const nlohmann::json json = outcome.json();
  EXPECT_EQ(json["links"], 6);
  EXPECT_EQ(json["ids"], 3);
  EXPECT_EQ(json["customers"], 1);
  EXPECT_EQ(json["biggest"][0]["customer"], "acc-1");
  EXPECT_THAT(json["biggest"][0]["ids"], ElementsAre("acc-1", "cookie-1", "cookie-2"));
  ASSERT_EQ(json["hubs"].size(), 1U);
  EXPECT_EQ(json["hubs"][0]["id"], "tablet");
  EXPECT_EQ(json["hubs"][0]["links"], 4);
}

TEST(IdentityVerb, WritesClustersAndTheLogOfMerges) {
  const IdentityWorkspace w("identity_files");
  const std::string clusters = w.folder + "/clusters.csv";
  const std::string log = w.folder + "/log.jsonl";
  const Outcome outcome = w.Run({"identity", "--clusters", clusters, "--log", log});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(Lines(ReadText(clusters)),
              ElementsAre("customer_id,id", "acc-1,acc-1", "acc-1,cookie-1", "acc-1,cookie-2"));
  const std::vector<std::string> merges = Lines(ReadText(log));
  ASSERT_EQ(merges.size(), 2U);
  const auto first = nlohmann::json::parse(merges[0]);
  EXPECT_EQ(first["since"], "2011-01-03T00:00:00Z");
  EXPECT_EQ(first["customer"], "acc-1");
  EXPECT_EQ(first["absorbed"], "cookie-1");
  EXPECT_EQ(first["link"]["line"], 2);
  EXPECT_THAT(nlohmann::json::parse(merges[1])["ids"],
              ElementsAre("acc-1", "cookie-1", "cookie-2"));
}

TEST(IdentityVerb, AnEarlierTimeKnowsFewerLinks) {
  const IdentityWorkspace w("identity_as_of");
  const auto json = w.Run({"identity", "--as-of", "2011-01-04", "--json"}).json();
  EXPECT_EQ(json["ids"], 2);
  EXPECT_EQ(w.Run({"identity", "--as-of", "soon"}).exit_code, 2);
}

TEST(IdentityVerb, AnUndoSplitsAndCanBeTakenBack) {
  const IdentityWorkspace w("identity_undo");
  const auto before = w.Run({"identity", "--customer", "cookie-2", "--json"}).json();
  EXPECT_EQ(before["customer"], "acc-1");
  EXPECT_EQ(before["links"].size(), 2U);
  const auto undone = w.Run({"identity", "--undo", "acc-1", "cookie-2", "--json"}).json();
  EXPECT_EQ(undone["one_customer"], false);
  EXPECT_EQ(w.Run({"identity", "--customer", "cookie-2", "--json"}).json()["customer"], "cookie-2");
  const auto back = w.Run({"identity", "--take-back", "cookie-2", "acc-1", "--json"}).json();
  EXPECT_EQ(back["one_customer"], true);

  const Outcome nothing = w.Run({"identity", "--undo", "cookie-1", "cookie-2"});
  EXPECT_EQ(nothing.exit_code, 3);
  EXPECT_THAT(nothing.err, HasSubstr("no link joins 'cookie-1' and 'cookie-2'"));
  EXPECT_EQ(w.Run({"identity", "--take-back", "cookie-2", "acc-1"}).exit_code, 3);
}

}  // namespace
}  // namespace burgeon
