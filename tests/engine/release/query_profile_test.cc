#include <gmock/gmock.h>

#include <cmath>

#include "tests/support/query_fixture.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Rows 5, 15, 25, 35 are not active (release_fixture.h).
TEST_F(QueryTest, ChurnOfEveryoneIsOfTheActiveWhoConsent) {
  Erase("c02");
  const auto answer = AnswerChurn(view(), std::nullopt);
  ASSERT_TRUE(answer.ok()) << answer.status();
  std::vector<std::string> expected;
  for (const CustomerRow row : CustomersFor(view(), Purpose::kScore)) {
    if (row.value % 10 != 5) expected.push_back(data().customers.id(row.value));
  }
  std::vector<std::string> found;
  for (const ChurnRow& row : answer->rows) {
    found.push_back(row.customer_id);
    EXPECT_EQ(row.risk, data().churn_risk[*data().customers.Find(row.customer_id)]);
  }
  EXPECT_EQ(found, expected);
  EXPECT_TRUE(answer->missing.empty());
}

TEST_F(QueryTest, ChurnOfSomeKeepsTheirOrderAndNamesTheMissing) {
  const std::vector<std::string> asked = {"c09", "zz", "c05", "c13", "c01"};
  const auto answer = AnswerChurn(view(), asked);
  ASSERT_TRUE(answer.ok()) << answer.status();
  ASSERT_EQ(answer->rows.size(), 2U);
  EXPECT_EQ(answer->rows[0].customer_id, "c09");
  EXPECT_EQ(answer->rows[1].customer_id, "c01");
  EXPECT_THAT(answer->missing, ElementsAre("zz", "c05", "c13"));
  const std::vector<std::string> bad = {""};
  EXPECT_EQ(AnswerChurn(view(), bad).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(QueryTest, ChurnNeedsAModel) {
  ReleaseData without = MakeSmallRelease(pool_);
  without.churn.reset();
  without.churn_risk.clear();
  Load(std::move(without));
  const auto answer = AnswerChurn(view(), std::nullopt);
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(MessageOf(answer.status()), HasSubstr("has no churn model"));
  const auto profile = AnswerProfile(view(), "c01");
  ASSERT_TRUE(profile.ok()) << profile.status();
  EXPECT_EQ(profile->churn_risk, std::nullopt);
}

TEST_F(QueryTest, AProfileHoldsFeaturesRiskAndConsentAsOfTheOverlay) {
  SetConsent("c04", Purpose::kAudience, false);
  const auto profile = AnswerProfile(view(), "c04");
  ASSERT_TRUE(profile.ok()) << profile.status();
  EXPECT_EQ(profile->id, "c04");
  ASSERT_EQ(profile->features.size(), 3U);
  EXPECT_EQ(profile->features[0].first, "recency_days");
  EXPECT_EQ(profile->features[2].second, data().features.values.at(4, 2));
  EXPECT_EQ(profile->churn_risk, data().churn_risk[4]);
  EXPECT_EQ(profile->items_bought, std::ssize(data().seen.view().row_columns(4)));
  EXPECT_THAT(profile->consent, ElementsAre("recommend", "score", "export"));
  EXPECT_EQ(AnswerProfile(view(), "c05")->churn_risk, std::nullopt);
  for (const char* id : {"c13", "c17", "zz"}) {
    EXPECT_EQ(AnswerProfile(view(), id).status().code(), absl::StatusCode::kNotFound);
  }
}

}  // namespace
}  // namespace burgeon
