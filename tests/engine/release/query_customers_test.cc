#include <gmock/gmock.h>

#include "engine/base/limits.h"
#include "engine/release/query_internal.h"
#include "tests/support/query_fixture.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// By row: 3 of 10 consent to nothing, 7 of 10 to recommend alone (release_fixture.h).
TEST_F(QueryTest, FindCustomerAsksForConsentToThePurpose) {
  EXPECT_EQ(FindCustomer(view(), "c12", Purpose::kScore)->value, 12U);
  EXPECT_EQ(FindCustomer(view(), "c17", Purpose::kRecommend)->value, 17U);
  EXPECT_EQ(FindCustomer(view(), "c17", Purpose::kScore).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(FindCustomer(view(), "c13", Purpose::kRecommend).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(QueryTest, UnknownErasedAndRefusingCustomersLookAlike) {
  Erase("c12");
  SetConsent("c14", Purpose::kScore, false);
  const auto message = [&](std::string_view id) {
    const auto found = FindCustomer(view(), id, Purpose::kScore);
    EXPECT_EQ(found.status().code(), absl::StatusCode::kNotFound);
    return MessageOf(found.status());
  };
  EXPECT_EQ(message("c12"), "customer 'c12' is not known");
  EXPECT_EQ(message("c14"), "customer 'c14' is not known");
  EXPECT_EQ(message("c13"), "customer 'c13' is not known");
  EXPECT_EQ(message("zz"), "customer 'zz' is not known");
  EXPECT_TRUE(FindCustomer(view(), "c14", Purpose::kRecommend).ok());
  // Consent given after the release counts as well.
  SetConsent("c13", Purpose::kScore, true);
  EXPECT_TRUE(FindCustomer(view(), "c13", Purpose::kScore).ok());
}

TEST_F(QueryTest, CustomersForAgreesWithFindCustomer) {
  Erase("c00");
  Erase("not in the release");
  SetConsent("c13", Purpose::kAudience, true);
  SetConsent("c21", Purpose::kAudience, false);
  for (const Purpose purpose : kAllPurposes) {
    std::vector<CustomerRow> expected;
    for (const std::string& id : data().customers.ids()) {
      const auto row = FindCustomer(view(), id, purpose);
      if (row.ok()) expected.push_back(*row);
    }
    EXPECT_EQ(CustomersFor(view(), purpose), expected);
    const std::vector<uint8_t> allowed = AllowedCustomers(view(), purpose);
    ASSERT_EQ(allowed.size(), static_cast<size_t>(kSmallCustomers));
    EXPECT_EQ(std::count(allowed.begin(), allowed.end(), 1), std::ssize(expected));
  }
}

TEST_F(QueryTest, FindCustomersSortsAndReportsTheUnknownOnce) {
  const auto found =
      FindCustomers(view(), "seeds", {"c09", "zz", "c01", "c13", "c09", "zz"}, Purpose::kAudience);
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_THAT(found->rows, ElementsAre(CustomerRow(1), CustomerRow(9)));
  EXPECT_THAT(found->unknown, ElementsAre("zz", "c13"));
}

TEST_F(QueryTest, IdsAndSizesHaveLimits) {
  const std::string longest(limits::kMaxIdBytes, 'x');
  EXPECT_TRUE(CheckId("customer_id", longest).ok());
  const absl::Status too_long = CheckId("customer_id", longest + "x");
  EXPECT_EQ(too_long.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(too_long), HasSubstr("has 513 bytes, an id has at most 512"));
  EXPECT_THAT(MessageOf(CheckId("seeds", "")), HasSubstr("seeds: an empty id"));
  EXPECT_TRUE(CheckListSize(limits::kMaxK).ok());
  EXPECT_THAT(MessageOf(CheckListSize(limits::kMaxK + 1)), HasSubstr("k: 10001"));
  EXPECT_TRUE(CheckCount("seeds", 3, 3).ok());
  EXPECT_THAT(MessageOf(CheckCount("seeds", 4, 3)), HasSubstr("seeds: 4 entries, at most 3"));
}

}  // namespace
}  // namespace burgeon
