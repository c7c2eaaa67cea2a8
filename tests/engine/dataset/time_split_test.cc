#include "engine/dataset/time_split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/memory_world.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

SnapshotOptions At(TimeMicros as_of) {
  SnapshotOptions options;
  options.as_of = as_of;
  options.consent.when_unsaid = ConsentDefault::kGranted;
  options.purpose = Purpose::kRecommend;
  return options;
}

absl::StatusOr<TimeSplit> Split(const MemoryEvents& events, const SnapshotOptions& options,
                                int64_t window_days) {
  ThreadPool pool(2);
  BURGEON_ASSIGN_OR_RETURN(const EventLog log, EventLog::Read(pool, events));
  return BuildTimeSplit(pool, log, options, window_days);
}

TEST(TimeSplitTest, TestIsWhatWasBoughtInTheWindow) {
  MemoryEvents events;
  events.Purchase("ann", "cup", Day(1));
  events.Purchase("ann", "jar", Day(1));
  events.Purchase("bea", "tea", Day(2));
  events.Purchase("ann", "tea", Day(10));      // at T: train
  events.Purchase("ann", "jar", Day(10) + 1);  // a repeat
  events.Purchase("ann", "jar", Day(12));
  events.Purchase("ann", "new", Day(13));      // an item nobody knew
  events.Purchase("bea", "cup", Day(15));      // the last moment of the window
  events.Purchase("bea", "jar", Day(15) + 1);  // after it
  events.Add("bea", "jar", EventType::kView, Day(11));
  events.Purchase("cat", "cup", Day(11));                     // a customer nobody knew
  events.Purchase("bea", "jar", Day(11)).known_at = Day(16);  // known too late
  const auto split = Split(events, At(Day(10)), 5);
  ASSERT_TRUE(split.ok()) << split.status();
  EXPECT_THAT(split->train.customers.ids(), ElementsAre("ann", "bea"));
  EXPECT_THAT(split->train.items.ids(), ElementsAre("cup", "jar", "tea"));
  EXPECT_THAT(split->test.offsets, ElementsAre(0, 1, 2));
  EXPECT_THAT(split->test.columns, ElementsAre(1U, 0U));
  EXPECT_EQ(split->test.cols, 3);
  // The jar was bought before; what is new is the cup.
  const CsrMatrix fresh = NewItems(*split);
  EXPECT_THAT(fresh.offsets, ElementsAre(0, 0, 1));
  EXPECT_THAT(fresh.columns, ElementsAre(0U));
  EXPECT_EQ(fresh.cols, 3);
  EXPECT_EQ(split->test_customers, 2);
  EXPECT_EQ(split->new_item_pairs, 1);
  EXPECT_EQ(split->new_customer_pairs, 1);
  EXPECT_EQ(split->window_days, 5);
}

TEST(TimeSplitTest, ConsentWithdrawnInTheWindowLeavesNoTestItems) {
  MemoryEvents events;
  events.Purchase("ann", "cup", Day(1));
  events.Purchase("ann", "cup", Day(11));
  events.Consent("ann", "recommend", false, Day(14));
  events.Purchase("bea", "cup", Day(15));
  const auto split = Split(events, At(Day(10)), 5);
  ASSERT_TRUE(split.ok()) << split.status();
  EXPECT_THAT(split->train.customers.ids(), ElementsAre("ann"));
  EXPECT_EQ(split->test_customers, 0);
}

TEST(TimeSplitTest, RefusesAWindowThatIsNotOverOrNotGiven) {
  MemoryEvents events;
  events.Purchase("ann", "cup", Day(1));
  events.Purchase("ann", "cup", Day(14));
  const auto open = Split(events, At(Day(10)), 5);
  EXPECT_EQ(open.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(MessageOf(open.status()), HasSubstr("ends at 2011-01-16T00:00:00Z"));
  EXPECT_EQ(Split(events, At(INT64_MAX), 5).status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Split(events, At(Day(1)), 0).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(TimeSplitTest, NothingAfterTheWindowIsSeen) {
  const MemoryEvents world = MakeWorld(200, 150, 3);
  MemoryEvents planted = world;
  PlantFuture(Day(110), &planted);
  const auto without = Split(world, At(Day(80)), 30);
  const auto with = Split(planted, At(Day(80)), 30);
  ASSERT_TRUE(without.ok()) << without.status();
  ASSERT_TRUE(with.ok()) << with.status();
  ASSERT_GT(without->test_customers, 50);
  EXPECT_EQ(without->train.id, with->train.id);
  EXPECT_EQ(without->test.offsets, with->test.offsets);
  EXPECT_EQ(without->test.columns, with->test.columns);
  EXPECT_EQ(without->new_customer_pairs, with->new_customer_pairs);
  EXPECT_EQ(without->new_item_pairs, with->new_item_pairs);
}

TEST(TimeSplitTest, TrainDoesNotSeeTheWindow) {
  const MemoryEvents world = MakeWorld(200, 150, 3);
  MemoryEvents planted = world;
  PlantFuture(Day(80), &planted);
  const auto without = Split(world, At(Day(80)), 30);
  const auto with = Split(planted, At(Day(80)), 30);
  ASSERT_TRUE(without.ok() && with.ok());
  EXPECT_EQ(without->train.id, with->train.id);
  EXPECT_NE(without->test.columns, with->test.columns);
}

}  // namespace
}  // namespace burgeon
