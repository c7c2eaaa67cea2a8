#include "engine/dataset/persons.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/memory_events.h"

namespace burgeon {
namespace {

using testing::ElementsAre;

EventLog LogOf(const MemoryEvents& events) {
  ThreadPool pool(1);
  auto log = EventLog::Read(pool, events);
  EXPECT_TRUE(log.ok()) << log.status();
  return *std::move(log);
}

TEST(PersonsTest, WithoutLinksEveryIdIsAPerson) {
  MemoryEvents events;
  events.Purchase("b", "cup", Day(1));
  events.Purchase("a", "cup", Day(1));
  const EventLog log = LogOf(events);
  const Persons persons = Persons::Of(log, {}, Day(9));
  ASSERT_EQ(persons.size(), 2U);
  EXPECT_EQ(persons.id(0), "a");
  EXPECT_EQ(persons.id(1), "b");
  EXPECT_THAT(persons.members(1), ElementsAre(1U));
  EXPECT_EQ(persons.Find("b"), 1U);
  EXPECT_EQ(persons.Find("c"), std::nullopt);
}

TEST(PersonsTest, LinkedIdsAreOnePersonUnderTheCanonicalId) {
  MemoryEvents events;
  events.Purchase("a", "cup", Day(1));
  events.Purchase("b", "cup", Day(1));
  events.Purchase("c", "cup", Day(1));
  events.Link("c", "z", Day(2)).properties["linked_kind"] = "account";  // z itself has no event
  events.Link("a", "c", Day(3));
  const EventLog log = LogOf(events);
  const Persons before = Persons::Of(log, {}, Day(2));
  EXPECT_EQ(before.size(), 3U);
  EXPECT_EQ(before.id(2), "z");
  const Persons after = Persons::Of(log, {}, Day(3));
  ASSERT_EQ(after.size(), 2U);
  EXPECT_EQ(after.id(0), "b");
  EXPECT_EQ(after.id(1), "z");
  EXPECT_THAT(after.members(1), ElementsAre(0U, 2U));
  EXPECT_EQ(after.Find("z"), 1U);
  EXPECT_EQ(after.Find("a"), std::nullopt);
}

}  // namespace
}  // namespace burgeon
