#include "engine/dataset/interaction_time.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/memory_snapshot.h"

namespace burgeon {
namespace {

TEST(InteractionTimeTest, TheLastEventThatWeighs) {
  MemoryEvents events;
  events.Purchase("ann", "cup", Day(1));
  events.Purchase("ann", "cup", Day(4));
  events.Purchase("ann", "jar", Day(2));
  events.Add("ann", "jar", EventType::kView, Day(6));  // weighs nothing by default
  events.Purchase("ann", "tea", Day(3));
  events.Add("ann", "tea", EventType::kReturn, Day(5));  // all of it went back
  events.Purchase("bea", "tea", Day(7));
  SnapshotOptions options = At(Day(10));
  const Snapshot snapshot = Build(events, options);
  EXPECT_THAT(snapshot.interactions.columns, testing::ElementsAre(0, 1, 2));
  EXPECT_THAT(InteractionTimes(snapshot, options.weights),
              testing::ElementsAre(Day(4), Day(2), Day(7)));
  options.weights.weight[static_cast<size_t>(EventType::kView)] = 0.5F;
  const Snapshot with_views = Build(events, options);
  EXPECT_THAT(InteractionTimes(with_views, options.weights),
              testing::ElementsAre(Day(4), Day(6), Day(7)));
}

}  // namespace
}  // namespace burgeon
