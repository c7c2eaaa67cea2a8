#include "engine/dataset/snapshot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/memory_snapshot.h"
#include "tests/support/memory_world.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(SnapshotTest, SeesAnEventAtItsTimeAndNotBefore) {
  MemoryEvents events;
  events.Purchase("ann", "cup", Day(5));
  EXPECT_EQ(Build(events, At(Day(5) - 1)).customers.size(), 0);
  EXPECT_EQ(Build(events, At(Day(5))).customers.size(), 1);
}

TEST(SnapshotTest, SeesALateEventWhenItIsKnown) {
  MemoryEvents events;
  events.Purchase("ann", "cup", Day(5)).known_at = Day(8);
  EXPECT_EQ(Build(events, At(Day(8) - 1)).customers.size(), 0);
  EXPECT_EQ(Build(events, At(Day(8))).customers.size(), 1);
}

TEST(SnapshotTest, ColumnsAreSortedByCustomerAndTime) {
  MemoryEvents events;
  events.Purchase("bea", "tea", Day(4)).session_id = "x";
  events.Purchase("bea", "cup", Day(4)).session_id = "x";
  events.Purchase("bea", "cup", Day(2)).value_micros = 7;
  events.Add("ann", "", EventType::kSearch, Day(1));
  events.Consent("ann", "score", true, Day(0));
  const Snapshot snapshot = Build(events, At(Day(10)));
  EXPECT_THAT(snapshot.customers.ids(), ElementsAre("ann", "bea"));
  EXPECT_THAT(snapshot.items.ids(), ElementsAre("cup", "tea"));
  EXPECT_THAT(snapshot.events.offsets, ElementsAre(0, 1, 4));
  EXPECT_THAT(snapshot.events.item, ElementsAre(kNoItemRow, 0U, 1U, 0U));
  EXPECT_THAT(snapshot.events.time, ElementsAre(Day(1), Day(2), Day(4), Day(4)));
  EXPECT_THAT(snapshot.events.value_micros, ElementsAre(0, 7, 0, 0));
  EXPECT_THAT(snapshot.events.order, ElementsAre(0U, 0U, 1U, 1U));
}

TEST(SnapshotTest, InteractionsHaveWeightsAndReturnsTakeThemOff) {
  MemoryEvents events;
  events.Purchase("ann", "cup", Day(1)).quantity = 4;
  events.Purchase("ann", "tea", Day(1));
  events.Purchase("ann", "tea", Day(2));
  events.Purchase("ann", "jar", Day(2));
  events.Add("ann", "jar", EventType::kReturn, Day(3));
  events.Add("ann", "cup", EventType::kReturn, Day(3));
  events.Add("ann", "pot", EventType::kView, Day(3));
  SnapshotOptions options = At(Day(10));
  const Snapshot bought = Build(events, options);
  EXPECT_THAT(bought.items.ids(), ElementsAre("cup", "jar", "pot", "tea"));
  EXPECT_EQ(bought.interactions.cols, 4);
  EXPECT_THAT(bought.interactions.columns, ElementsAre(0U, 3U));
  EXPECT_THAT(bought.interactions.values, ElementsAre(0.75F, 2));
  EXPECT_THAT(bought.seen.columns, ElementsAre(0U, 1U, 3U));
  EXPECT_THAT(bought.seen.values, IsEmpty());
  options.weights.weight[static_cast<size_t>(EventType::kView)] = 0.1F;
  EXPECT_THAT(Build(events, options).interactions.values, ElementsAre(0.75F, 0.1F, 2));
}

TEST(SnapshotTest, ConsentIsAsOfT) {
  MemoryEvents events;
  events.Purchase("ann", "cup", Day(1));
  events.Consent("ann", "score", false, Day(5));
  events.Consent("ann", "score", true, Day(9)).known_at = Day(12);
  events.Purchase("bea", "tea", Day(1));
  SnapshotOptions options = At(Day(4));
  options.purpose = Purpose::kScore;
  EXPECT_THAT(Build(events, options).customers.ids(), ElementsAre("ann", "bea"));
  options.as_of = Day(11);
  const Snapshot without = Build(events, options);
  EXPECT_THAT(without.customers.ids(), ElementsAre("bea"));
  EXPECT_THAT(without.items.ids(), ElementsAre("tea"));
  options.purpose = Purpose::kRecommend;
  EXPECT_THAT(Build(events, options).customers.ids(), ElementsAre("ann", "bea"));
  options.purpose = Purpose::kScore;
  options.as_of = Day(12);
  EXPECT_THAT(Build(events, options).customers.ids(), ElementsAre("ann", "bea"));
  options.consent.when_unsaid = ConsentDefault::kDenied;
  EXPECT_THAT(Build(events, options).customers.ids(), ElementsAre("ann"));
}

TEST(SnapshotTest, WithoutAPurposeEveryoneIsThereWithTheirBits) {
  MemoryEvents events;
  events.Purchase("ann", "cup", Day(1));
  events.Consent("bea", "recommend", false, Day(1));  // never did anything else
  events.Consent("cat", "all", false, Day(1));
  const Snapshot snapshot = Build(events, At(Day(2)));
  EXPECT_THAT(snapshot.customers.ids(), ElementsAre("ann", "bea"));  // cat refuses everything
  EXPECT_TRUE(snapshot.consent[0].Allows(Purpose::kRecommend));
  EXPECT_FALSE(snapshot.consent[1].Allows(Purpose::kRecommend));
  EXPECT_THAT(snapshot.events.offsets, ElementsAre(0, 1, 1));
}

TEST(SnapshotTest, RareItemsAreLeftOut) {
  MemoryEvents events;
  events.Purchase("ann", "cup", Day(1));
  events.Purchase("ann", "jar", Day(2));
  events.Purchase("ann", "jar", Day(3));
  events.Purchase("bea", "cup", Day(1));
  SnapshotOptions options = At(Day(9));
  options.min_item_customers = 2;
  const Snapshot snapshot = Build(events, options);
  EXPECT_THAT(snapshot.items.ids(), ElementsAre("cup"));
  EXPECT_THAT(snapshot.interactions.offsets, ElementsAre(0, 1, 2));
  EXPECT_THAT(snapshot.events.item, ElementsAre(0U, kNoItemRow, kNoItemRow, 0U));
  options.min_item_customers = 0;
  ThreadPool pool(1);
  const auto log = EventLog::Read(pool, events);
  ASSERT_TRUE(log.ok());
  EXPECT_THAT(MessageOf(BuildSnapshot(pool, *log, options).status()),
              HasSubstr("min_item_customers: 0"));
}

TEST(SnapshotTest, LabelsAreTheLatestKnownDescription) {
  MemoryEvents events;
  events.Purchase("ann", "cup", Day(1));
  events.Purchase("ann", "jar", Day(1));
  events.Describe("cup", "red cup", Day(2), Day(2));
  events.Describe("cup", "blue cup", Day(4), Day(4));
  events.Describe("cup", "old cup", Day(1), Day(6));  // heard late, holds since long ago
  events.item_attributes.push_back({"cup", "colour", "green", Day(5), Day(5)});
  events.Describe("nobody bought it", "pot", Day(1), Day(1));
  EXPECT_THAT(Build(events, At(Day(1))).item_label, ElementsAre("", ""));
  EXPECT_THAT(Build(events, At(Day(3))).item_label, ElementsAre("red cup", ""));
  EXPECT_THAT(Build(events, At(Day(9))).item_label, ElementsAre("blue cup", ""));
}

TEST(SnapshotTest, EverythingThereIsEndsAtTheLastTimeSeen) {
  MemoryEvents events;
  events.Purchase("ann", "cup", Day(3));
  events.Purchase("ann", "jar", Day(2)).known_at = Day(8);
  const Snapshot snapshot = Build(events, At(INT64_MAX));
  EXPECT_EQ(snapshot.as_of, Day(8));
  EXPECT_EQ(snapshot.id, Build(events, At(Day(8))).id);
}

TEST(SnapshotTest, NothingKnownIsAnEmptySnapshot) {
  const Snapshot snapshot = Build(MemoryEvents(), At(Day(1)));
  EXPECT_EQ(snapshot.customers.size(), 0);
  EXPECT_EQ(snapshot.interactions.rows(), 0);
  EXPECT_EQ(snapshot.id.size(), 16U);
}

TEST(SnapshotTest, DoesNotDependOnThreadsOrOrderOfIngest) {
  MemoryEvents world = MakeWorld(300, 120, 1);
  const Snapshot one = Build(world, At(Day(80)), 1);
  const Snapshot three = Build(world, At(Day(80)), 3);
  EXPECT_EQ(one.id, three.id);
  std::reverse(world.events.begin(), world.events.end());
  EXPECT_EQ(one.id, Build(world, At(Day(80)), 2).id);
}

// The promise of the whole program: planted future information changes nothing.
class FutureTest : public testing::TestWithParam<double> {};

TEST_P(FutureTest, NothingAfterTIsSeen) {
  const TimeMicros t = Day(GetParam());
  const MemoryEvents world = MakeWorld(200, 150, 2);
  MemoryEvents planted = world;
  PlantFuture(t, &planted);
  ASSERT_GT(planted.events.size(), world.events.size() + 1000);
  for (const auto purpose : {std::optional<Purpose>(), std::optional(Purpose::kScore)}) {
    SnapshotOptions options = At(t);
    options.purpose = purpose;
    options.weights.weight[static_cast<size_t>(EventType::kView)] = 0.1F;
    const Snapshot without = Build(world, options);
    const Snapshot with = Build(planted, options);
    EXPECT_EQ(without.customers.ids(), with.customers.ids());
    EXPECT_EQ(without.items.ids(), with.items.ids());
    EXPECT_EQ(without.item_label, with.item_label);
    EXPECT_EQ(without.interactions.values, with.interactions.values);
    EXPECT_EQ(without.events.order, with.events.order);
    EXPECT_EQ(without.id, with.id);  // every array, bit by bit
    // The plants are not void: a month later they are all there.
    options.as_of = t + 40 * kMicrosPerDay;
    EXPECT_NE(Build(world, options).id, Build(planted, options).id);
  }
}

INSTANTIATE_TEST_SUITE_P(Times, FutureTest, testing::Values(10.0, 60.5, 120.0));

}  // namespace
}  // namespace burgeon
