#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/identity_workspace.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(AttributesVerb, WritesOneRowACustomerWithWhatIsBelieved) {
  const IdentityWorkspace w("attributes");
  const std::string out = w.folder + "/out.csv";
  const std::string conflicts = w.folder + "/conflicts.csv";
  const std::string provenance = w.folder + "/provenance.csv";
  const Outcome outcome = w.Run(
      {"attributes", "--out", out, "--conflicts", conflicts, "--provenance", provenance, "--json"});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(outcome.json()["customers"], 2);
  EXPECT_EQ(outcome.json()["conflicts"], 1);
  EXPECT_EQ(outcome.json()["conflicts_by_attribute"]["city"], 1);
  // The partner said Leeds later, and of a cookie of the same person; the CRM is trusted more.
  EXPECT_THAT(Lines(ReadText(out)), ElementsAre("customer_id,city,region,region/income",
                                                "acc-1,York,North,100", "acc-2,Hull,North,100"));
  const std::vector<std::string> overruled = Lines(ReadText(conflicts));
  ASSERT_EQ(overruled.size(), 2U);
  EXPECT_THAT(overruled[1], HasSubstr("acc-1,city,York,crm,first,100,"));
  EXPECT_THAT(overruled[1], HasSubstr("Leeds,partner,second,60,"));
  EXPECT_EQ(Lines(ReadText(provenance)).size(), 7U);
}

TEST(AttributesVerb, AnEarlierTimeHasNotHeardOfTheLink) {
  const IdentityWorkspace w("attributes_as_of");
  const std::string out = w.folder + "/out.csv";
  ASSERT_EQ(w.Run({"attributes", "--as-of", "2011-01-02", "--out", out}).exit_code, 0);
  EXPECT_THAT(Lines(ReadText(out)), ElementsAre("customer_id,city,region,region/income",
                                                "acc-1,York,North,100", "acc-2,Hull,North,100"));
  const Outcome refused =
      w.Run({"attributes", "--set", "consent.default=denied", "--out", out, "--json"});
  EXPECT_EQ(refused.json()["customers"], 0);
  EXPECT_EQ(refused.json()["customers_refused"], 2);
}

}  // namespace
}  // namespace burgeon
