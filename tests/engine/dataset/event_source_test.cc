// From an event store that an ingest wrote: the same as from memory.
#include "engine/dataset/event_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/dataset/time_split.h"
#include "tests/engine/events/ingest_fixture.h"

namespace burgeon {
namespace {

using testing::ElementsAre;

class StoreEventSourceTest : public IngestTest {
 protected:
  EventStore Store() {
    const auto first = IngestRows(
        "1,cup,Red cup,2,2011-01-03 10:00:00,1.5,ann,France\n"
        "1,jar,A jar,1,2011-01-03 10:01:00,4,ann,France\n"
        "C2,cup,Red cup,-1,2011-01-05 10:00:00,1.5,ann,France\n"
        "3,cup,Red cup,1,2011-01-04 10:00:00,1.5,bea,Spain\n"
        "4,cup,Red cup,1,2011-01-04 10:00:00,1.5,,Spain\n");
    EXPECT_TRUE(first.ok()) << first.status();
    const auto second = IngestRows("5,jar,A jar,1,2011-01-09 10:00:00,4,bea,Spain\n", "in/b.csv");
    EXPECT_TRUE(second.ok()) << second.status();
    auto store = EventStore::Open(files_, "w/events");
    EXPECT_TRUE(store.ok()) << store.status();
    return *std::move(store);
  }

  static SnapshotOptions Granted() {
    SnapshotOptions options;
    options.consent.when_unsaid = ConsentDefault::kGranted;
    return options;
  }
};

TEST_F(StoreEventSourceTest, ASnapshotOfAStore) {
  const EventStore store = Store();
  const auto snapshot = BuildSnapshot(pool_, store, Granted());
  ASSERT_TRUE(snapshot.ok()) << snapshot.status();
  EXPECT_THAT(snapshot->customers.ids(), ElementsAre("ann", "bea"));  // the unknown one is not
  EXPECT_THAT(snapshot->items.ids(), ElementsAre("cup", "jar"));
  EXPECT_THAT(snapshot->item_label, ElementsAre("Red cup", "A jar"));
  EXPECT_THAT(snapshot->interactions.columns, ElementsAre(0U, 1U, 0U, 1U));
  EXPECT_THAT(snapshot->interactions.values, ElementsAre(0.5F, 1, 1, 1));
  EXPECT_THAT(snapshot->events.value_micros,
              ElementsAre(3'000'000, 4'000'000, 1'500'000, 1'500'000, 4'000'000));
  EXPECT_EQ(snapshot->events.order[0], snapshot->events.order[1]);
  EXPECT_EQ(FormatTime(snapshot->as_of), "2011-01-09T10:00:00Z");
}

TEST_F(StoreEventSourceTest, ATimeSplitOfAStore) {
  const EventStore store = Store();
  const auto log = ReadEventLog(pool_, store);
  ASSERT_TRUE(log.ok()) << log.status();
  SnapshotOptions options = Granted();
  options.as_of = log->last_event_time - 3 * kMicrosPerDay;
  const auto split = BuildTimeSplit(pool_, store, options, 3);
  ASSERT_TRUE(split.ok()) << split.status();
  EXPECT_THAT(split->train.events.offsets, ElementsAre(0, 3, 4));
  EXPECT_THAT(split->test.offsets, ElementsAre(0, 0, 1));
  EXPECT_THAT(split->test.columns, ElementsAre(1U));
}

}  // namespace
}  // namespace burgeon
