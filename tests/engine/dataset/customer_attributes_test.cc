#include "engine/dataset/customer_attributes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/memory_events.h"

namespace burgeon {
namespace {

using testing::ElementsAre;

AttributeValue Value(const char* id, const char* name, const char* value, TimeMicros time,
                     const char* source = "crm") {
  return {id, name, value, time, time, source, 1};
}

class CustomerAttributesTest : public testing::Test {
 protected:
  CustomerAttributesTest() {
    options_.consent.when_unsaid = ConsentDefault::kGranted;
    options_.purpose = Purpose::kExport;
    options_.as_of = Day(9);
  }

  AttributeTable Build() {
    ThreadPool pool(1);
    const auto facts = ReadFacts(pool, events_);
    EXPECT_TRUE(facts.ok()) << facts.status();
    return BuildAttributeTable(*facts, {}, options_);
  }
  static std::vector<std::string> TextOf(const AttributeTable& table) {
    std::vector<std::string> out;
    for (const ResolvedAttribute& value : table.values) {
      out.push_back(Concat(value.customer, ".", value.name, "=", value.believed.value));
    }
    return out;
  }

  MemoryEvents events_;
  SnapshotOptions options_;
};

TEST_F(CustomerAttributesTest, ValuesOfTablesOfEventsAndOfGroupsAreJoined) {
  events_.customer_attributes = {Value("ann", "region", "North", Day(1))};
  events_.aggregates = {Value("North", "region/income", "100", Day(1), "research")};
  Event& said = events_.Add("ann", "", EventType::kAttribute, Day(2));
  said.properties = {{"name", "age"}, {"value", "44"}};
  EXPECT_THAT(TextOf(Build()),
              ElementsAre("ann.age=44", "ann.region=North", "ann.region/income=100"));
}

TEST_F(CustomerAttributesTest, WhoRefusesExportIsLeftOutAndCounted) {
  events_.customer_attributes = {Value("ann", "x", "1", Day(1)), Value("ann", "y", "1", Day(1)),
                                 Value("bea", "x", "2", Day(1)), Value("cat", "x", "3", Day(1))};
  events_.Consent("ann", "export", false, Day(3));
  events_.Consent("cat", "score", false, Day(3));
  const AttributeTable table = Build();
  EXPECT_THAT(table.customers, ElementsAre("bea", "cat"));
  EXPECT_THAT(TextOf(table), ElementsAre("bea.x=2", "cat.x=3"));
  EXPECT_EQ(table.customers_refused, 1);
  options_.consent.when_unsaid = ConsentDefault::kDenied;
  EXPECT_THAT(Build().customers, testing::IsEmpty());
}

TEST_F(CustomerAttributesTest, WhatWasSaidOutsideOfTheEventsHoldsForWhoHasNone) {
  events_.customer_attributes = {Value("ann", "x", "1", Day(1))};
  ConsentOverrides overrides;
  overrides["ann"].erased = true;
  options_.overrides = &overrides;
  EXPECT_EQ(Build().customers_refused, 1);
}

TEST_F(CustomerAttributesTest, ARefusalUnderALinkedIdHoldsForThePerson) {
  events_.customer_attributes = {Value("ann", "x", "1", Day(1))};
  events_.Link("cookie", "ann", Day(2));
  events_.Consent("cookie", "export", false, Day(1));
  EXPECT_THAT(Build().customers, testing::IsEmpty());
  options_.as_of = Day(1);
  EXPECT_THAT(Build().customers, ElementsAre("ann"));
}

TEST_F(CustomerAttributesTest, AConflictOfAGroupIsCountedOnce) {
  events_.customer_attributes = {Value("ann", "region", "North", Day(1)),
                                 Value("bea", "region", "North", Day(1)),
                                 Value("bea", "region", "South", Day(1), "a")};
  events_.aggregates = {Value("North", "region/income", "1", Day(1), "a"),
                        Value("North", "region/income", "2", Day(1), "b")};
  const AttributeTable table = Build();
  // Of equal trust and time the larger value: South for bea, who is in no group then.
  EXPECT_THAT(TextOf(table),
              ElementsAre("ann.region=North", "ann.region/income=2", "bea.region=South"));
  EXPECT_EQ(table.conflicts, 2);
  EXPECT_EQ(table.conflicts_by_name.at("region/income"), 1);
}

TEST_F(CustomerAttributesTest, AnAttributeEventWithoutAValueIsRefused) {
  events_.Add("ann", "", EventType::kAttribute, Day(2)).properties = {{"name", "age"}};
  ThreadPool pool(1);
  EXPECT_THAT(MessageOf(ReadFacts(pool, events_).status()),
              testing::HasSubstr("has no property 'value'"));
}

}  // namespace
}  // namespace burgeon
