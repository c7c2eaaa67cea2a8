#include "engine/dataset/person_consent.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/memory_events.h"

namespace burgeon {
namespace {

// a and b are one person from day 1 on.
class PersonConsentTest : public testing::Test {
 protected:
  PersonConsentTest() {
    events_.Purchase("a", "cup", Day(0));
    events_.Purchase("b", "cup", Day(0));
    events_.Link("a", "b", Day(1));
    options_.consent.when_unsaid = ConsentDefault::kGranted;
    options_.as_of = Day(9);
  }

  bool Allows(Purpose purpose) {
    ThreadPool pool(1);
    const auto log = EventLog::Read(pool, events_);
    EXPECT_TRUE(log.ok()) << log.status();
    const Persons persons = Persons::Of(*log, LinksToUse(*log, options_), options_.as_of);
    EXPECT_EQ(persons.size(), 1U);
    ConsentTimes said;
    const ConsentBits bits = PersonConsent(*log, persons, options_).Of(0, &said);
    said_ = said[static_cast<size_t>(purpose)];
    return bits.Allows(purpose);
  }

  MemoryEvents events_;
  SnapshotOptions options_;
  TimeMicros said_ = 0;
};

TEST_F(PersonConsentTest, TheLatestStatementOfAnyIdCounts) {
  EXPECT_TRUE(Allows(Purpose::kScore));
  events_.Consent("b", "score", false, Day(4));
  EXPECT_FALSE(Allows(Purpose::kScore));
  EXPECT_EQ(said_, Day(4));
  events_.Consent("a", "score", true, Day(3));  // earlier
  EXPECT_FALSE(Allows(Purpose::kScore));
  events_.Consent("a", "all", true, Day(5));
  EXPECT_TRUE(Allows(Purpose::kScore));
  EXPECT_EQ(said_, Day(5));
  events_.Consent("b", "score", false, Day(6)).known_at = Day(10);  // not known yet
  EXPECT_TRUE(Allows(Purpose::kScore));
}

TEST_F(PersonConsentTest, OfTwoIdsAtOnceTheRefusalCounts) {
  events_.Consent("a", "score", false, Day(4));
  events_.Consent("b", "score", true, Day(4));
  EXPECT_FALSE(Allows(Purpose::kScore));
}

TEST_F(PersonConsentTest, WhatWasSaidOutsideOfTheEventsCountsForAllIds) {
  ConsentOverrides overrides;
  overrides["b"].Say(Purpose::kScore, false, Day(7));
  options_.overrides = &overrides;
  EXPECT_FALSE(Allows(Purpose::kScore));
  EXPECT_TRUE(Allows(Purpose::kExport));
  overrides["a"].Say(Purpose::kScore, true, Day(8));
  EXPECT_TRUE(Allows(Purpose::kScore));
  overrides["b"].Say(Purpose::kScore, false, Day(8));
  EXPECT_FALSE(Allows(Purpose::kScore));  // both at once
  events_.Consent("a", "score", true, Day(9));
  EXPECT_TRUE(Allows(Purpose::kScore));  // a later event
}

TEST_F(PersonConsentTest, LinksOfSomebodyErasedAreNotUsed) {
  ThreadPool pool(1);
  const auto log = EventLog::Read(pool, events_);
  ConsentOverrides overrides;
  overrides["b"].erased = true;
  options_.overrides = &overrides;
  const Persons persons = Persons::Of(*log, LinksToUse(*log, options_), options_.as_of);
  ASSERT_EQ(persons.size(), 2U);
  const PersonConsent consent(*log, persons, options_);
  ConsentTimes said;
  EXPECT_TRUE(consent.Of(0, &said).Allows(Purpose::kScore));
  EXPECT_EQ(consent.Of(1, &said), ConsentBits{});
  EXPECT_EQ(consent.OfUnseen("b"), ConsentBits{});
  EXPECT_TRUE(consent.OfUnseen("nobody").Allows(Purpose::kScore));
}

TEST_F(PersonConsentTest, WithoutATTheLogEndsIt) {
  events_.Purchase("a", "cup", Day(3)).known_at = Day(12);
  ThreadPool pool(1);
  const auto log = EventLog::Read(pool, events_);
  EXPECT_EQ(TimeOf(*log, SnapshotOptions{}), Day(12));
  EXPECT_EQ(TimeOf(*log, options_), Day(9));
}

}  // namespace
}  // namespace burgeon
