#include "engine/release/contact.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/release/release_tensors.h"
#include "tests/support/query_fixture.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr TimeMicros kEnd = 1'323'435'000 * kMicrosPerSecond;
constexpr TimeMicros kDay = kMicrosPerDay;

// Customer 0: 1, 3 and 9 days before the end; customer 1: never; customer 2: at the end.
ContactHistory Contacts() {
  return {.offsets = {0, 3, 3, 4},
          .times = {kEnd - 9 * kDay, kEnd - 3 * kDay, kEnd - kDay, kEnd},
          .days = 30};
}

std::string Rule(const ContactPolicy& policy, uint32_t row, TimeMicros at) {
  const auto refusal = RefuseContact(policy, Contacts(), CustomerRow(row), Concat("c", row), at);
  EXPECT_TRUE(refusal.ok()) << refusal.status();
  if (!refusal.ok() || !refusal->has_value()) return "";
  EXPECT_FALSE((*refusal)->reason.empty());
  return (*refusal)->rule;
}

TEST(Contact, TheFrequencyCapCountsWhatLiesInItsWindow) {
  const ContactPolicy two{.max = 2, .window_days = 7};
  EXPECT_EQ(Rule(two, 0, kEnd), "frequency_cap");
  EXPECT_EQ(Rule(two, 1, kEnd), "");
  EXPECT_EQ(Rule(two, 2, kEnd), "");
  // Seven days after the contact of three days before the end it is out of the window, to the tick.
  EXPECT_EQ(Rule(two, 0, kEnd + 4 * kDay - 1), "frequency_cap");
  EXPECT_EQ(Rule(two, 0, kEnd + 4 * kDay), "");
  // What comes later than the time asked about does not count.
  EXPECT_EQ(Rule(two, 0, kEnd - 2 * kDay - 1), "frequency_cap");
  EXPECT_EQ(Rule(two, 0, kEnd - 3 * kDay - 1), "");
  EXPECT_EQ(Rule({.max = 0, .window_days = 7}, 0, kEnd), "");
}

TEST(Contact, QuietAfterAContact) {
  const ContactPolicy quiet{.quiet_days = 2};
  EXPECT_EQ(Rule(quiet, 0, kEnd), "quiet_period");
  EXPECT_EQ(Rule(quiet, 0, kEnd + kDay - 1), "quiet_period");
  EXPECT_EQ(Rule(quiet, 0, kEnd + kDay), "");
  EXPECT_EQ(Rule(quiet, 2, kEnd), "quiet_period");
  EXPECT_EQ(Rule(quiet, 1, kEnd), "");
}

TEST(Contact, TheListComesFirst) {
  ContactPolicy policy{.max = 1};
  policy.listed.insert("c0");
  EXPECT_EQ(Rule(policy, 0, kEnd), "do_not_contact");
  EXPECT_EQ(Rule(policy, 2, kEnd), "frequency_cap");
}

TEST(Contact, RulesThatLookFurtherBackThanTheReleaseAreRefused) {
  const auto problem = [](const ContactPolicy& policy, const ContactHistory& contacts) {
    const auto refusal = RefuseContact(policy, contacts, CustomerRow(0), "c0", kEnd);
    EXPECT_EQ(refusal.status().code(), absl::StatusCode::kFailedPrecondition);
    return MessageOf(refusal.status());
  };
  EXPECT_THAT(problem({.max = 1, .window_days = 31}, Contacts()),
              HasSubstr("look back 31 days, the release keeps contacts of 30"));
  EXPECT_THAT(problem({.quiet_days = 1}, {}), HasSubstr("the release keeps no contacts"));
  // A list alone needs no contacts; a window without a cap looks at nothing.
  ContactPolicy list{.max = 0, .window_days = 300};
  list.listed.insert("c0");
  EXPECT_TRUE(RefuseContact(list, {}, CustomerRow(0), "c0", kEnd)->has_value());
}

TEST(Contact, AReleaseKeepsTheNamedEventsOfTheLastDays) {
  Snapshot snapshot;
  snapshot.as_of = kEnd;
  snapshot.customers = *Vocabulary::FromIds({"a", "b"});
  snapshot.events.offsets = {0, 4, 5};
  snapshot.events.type = {EventType::kImpression, EventType::kImpression, EventType::kPurchase,
                          EventType::kOther, EventType::kOther};
  snapshot.events.time = {kEnd - 10 * kDay, kEnd - 9 * kDay, kEnd - kDay, kEnd, kEnd - 2 * kDay};
  const ContactHistory kept = BuildContactHistory(
      snapshot, {.events = {EventType::kImpression, EventType::kOther}, .keep_days = 10});
  EXPECT_THAT(kept.offsets, ElementsAre(0, 2, 3));
  EXPECT_THAT(kept.times, ElementsAre(kEnd - 9 * kDay, kEnd, kEnd - 2 * kDay));
  EXPECT_EQ(kept.days, 10);
  EXPECT_FALSE(BuildContactHistory(snapshot, {}).kept());
  const std::vector<uint32_t> second = {1};
  EXPECT_THAT(KeepRows(kept, second).times, ElementsAre(kEnd - 2 * kDay));
  EXPECT_FALSE(KeepRows(ContactHistory(), second).kept());
}

TEST(Contact, IsReadFromAJob) {
  auto config = Config::Parse(
      "contacts: {events: [impression, other], keep_days: 30}\nmax: 3\nwindow_days: 14\n"
      "quiet_days: 2\n",
      "job.yaml");
  ASSERT_TRUE(config.ok());
  const ContactSpec spec = ParseContactSpec(config->root());
  const ContactPolicy policy = ParseContactPolicy(config->root());
  ASSERT_TRUE(config->Finish().ok()) << config->Finish();
  EXPECT_THAT(spec.events, ElementsAre(EventType::kImpression, EventType::kOther));
  EXPECT_EQ(spec.keep_days, 30);
  EXPECT_EQ(policy.max, 3);
  EXPECT_EQ(policy.window_days, 14);
  EXPECT_EQ(policy.quiet_days, 2);
  auto wrong = Config::Parse("contacts: {events: [mail]}", "job.yaml");
  ParseContactSpec(wrong->root());
  EXPECT_THAT(MessageOf(wrong->Finish()), HasSubstr("'mail' is not a type of event"));
}

// Of the small release: c01 was contacted at its end, nobody else.
class ContactQueryTest : public QueryTest {
 protected:
  ContactQueryTest() {
    ReleaseData data = MakeSmallRelease(pool_);
    data.contacts.days = 30;
    data.contacts.times = {data.as_of};
    data.contacts.offsets.assign(kSmallCustomers + 1, 1);
    data.contacts.offsets[0] = 0;
    data.contacts.offsets[1] = 0;
    Load(std::move(data));
  }
};

TEST_F(ContactQueryTest, WhoMayNotBeContactedGetsTheRuleAndNoList) {
  const ContactPolicy policy{.max = 1, .window_days = 7};
  const ListShape shape{.contact = ContactQuestion{.at = data().as_of, .policy = &policy}};
  const auto refused = AnswerRecommend(context_, view(), {.customer_id = "c01", .shape = shape});
  ASSERT_TRUE(refused.ok()) << refused.status();
  ASSERT_TRUE(refused->refused.has_value());
  EXPECT_EQ(refused->refused->rule, "frequency_cap");
  EXPECT_EQ(refused->customer_id, "c01");
  EXPECT_TRUE(refused->items.empty());
  // Without the question, and for others, there is a list.
  EXPECT_FALSE(AnswerRecommend(context_, view(), {.customer_id = "c01"})->items.empty());
  const auto customers = CustomersFor(view(), Purpose::kRecommend);
  const auto many = AnswerRecommendMany(context_, view(), customers, {.k = 5}, shape);
  ASSERT_TRUE(many.ok()) << many.status();
  for (size_t i = 0; i < customers.size(); ++i) {
    const std::string& id = data().customers.id(customers[i].value);
    EXPECT_EQ((*many)[i].customer_id, id);
    EXPECT_EQ((*many)[i].refused.has_value(), id == "c01");
    EXPECT_EQ((*many)[i].items.size(), id == "c01" ? 0U : 5U);
  }
  const auto stranger =
      AnswerRecommend(context_, view(), {.events = {{.item_id = "i01"}}, .shape = shape});
  EXPECT_EQ(stranger.status().code(), absl::StatusCode::kInvalidArgument);
  // Who is erased is not known, whatever the rules say.
  Erase("c01");
  EXPECT_EQ(
      AnswerRecommend(context_, view(), {.customer_id = "c01", .shape = shape}).status().code(),
      absl::StatusCode::kNotFound);
}

TEST_F(ContactQueryTest, ContactsAreWrittenReadAndChecked) {
  ASSERT_TRUE(CheckReleaseData(data()).ok());
  ReleaseData loaded;
  ASSERT_TRUE(ReadReleaseTensors(ReleaseTensors(data()), ChurnPart::kPresent, &loaded).ok());
  EXPECT_EQ(loaded.contacts.offsets, data().contacts.offsets);
  EXPECT_EQ(loaded.contacts.times, data().contacts.times);
  EXPECT_EQ(loaded.contacts.days, 30);
  ContactHistory wrong = data().contacts;
  wrong.offsets.pop_back();
  EXPECT_EQ(CheckContactHistory(kSmallCustomers, wrong).code(), absl::StatusCode::kDataLoss);
  wrong = data().contacts;
  wrong.days = 0;
  EXPECT_EQ(CheckContactHistory(kSmallCustomers, wrong).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(CheckContactHistory(1, {.offsets = {0, 2}, .times = {2, 1}, .days = 3}).code(),
            absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace burgeon
