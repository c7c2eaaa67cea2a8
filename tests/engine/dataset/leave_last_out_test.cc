#include "engine/dataset/leave_last_out.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/memory_snapshot.h"
#include "tests/support/memory_world.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

absl::StatusOr<LeaveLastOut> Split(const MemoryEvents& events, HeldOutPart part,
                                   const SnapshotOptions& options = At(INT64_MAX)) {
  ThreadPool pool(2);
  BURGEON_ASSIGN_OR_RETURN(const EventLog log, EventLog::Read(pool, events));
  return BuildLeaveLastOut(pool, log, options, part);
}

std::vector<std::string> Items(const LeaveLastOut& split, const CsrMatrix& matrix,
                               const std::string& customer) {
  std::vector<std::string> items;
  for (const uint32_t item : matrix.view().row_columns(*split.known.customers.Find(customer))) {
    items.push_back(split.known.items.id(item));
  }
  return items;
}

MemoryEvents Shop() {
  MemoryEvents events;
  events.Purchase("ann", "cup", Day(1));
  events.Purchase("ann", "jar", Day(2));
  events.Purchase("ann", "tea", Day(3));  // one order of two new items and a repeat
  events.Purchase("ann", "urn", Day(3));
  events.Purchase("ann", "cup", Day(3));
  events.Purchase("ann", "jar", Day(5));  // a repeat, after all that is new
  events.Add("ann", "jar", EventType::kReturn, Day(2.5));
  events.Purchase("bea", "cup", Day(4));
  events.Purchase("bea", "urn", Day(6));
  events.Purchase("cat", "tea", Day(7));
  events.Purchase("cat", "tea", Day(8));
  return events;
}

TEST(LeaveLastOutTest, TheLastNewItemsAreTheTest) {
  const auto split = Split(Shop(), HeldOutPart::kTest);
  ASSERT_TRUE(split.ok()) << split.status();
  EXPECT_THAT(Items(*split, split->test, "ann"), ElementsAre("tea", "urn"));
  EXPECT_THAT(Items(*split, split->train, "ann"), ElementsAre("cup"));  // the jar went back
  EXPECT_THAT(Items(*split, split->mask, "ann"), ElementsAre("cup", "jar"));
  EXPECT_THAT(Items(*split, split->test, "bea"), ElementsAre("urn"));
  EXPECT_THAT(Items(*split, split->train, "bea"), ElementsAre("cup"));
  EXPECT_THAT(Items(*split, split->test, "cat"), IsEmpty());
  EXPECT_THAT(Items(*split, split->train, "cat"), ElementsAre("tea"));
  EXPECT_THAT(split->cut, ElementsAre(Day(3), Day(6), INT64_MAX));
  EXPECT_THAT(split->train_times, ElementsAre(Day(1), Day(4), Day(8)));
  EXPECT_EQ(split->test_customers, 2);
  EXPECT_EQ(split->short_customers, 1);
}

TEST(LeaveLastOutTest, ValidationIsTheOneBeforeAndTheTestIsGone) {
  const auto split = Split(Shop(), HeldOutPart::kValidation);
  ASSERT_TRUE(split.ok()) << split.status();
  EXPECT_THAT(Items(*split, split->test, "ann"), ElementsAre("jar"));
  EXPECT_THAT(Items(*split, split->train, "ann"), ElementsAre("cup"));
  // Bea's urn is the test: neither to be found here nor trained on.
  EXPECT_THAT(Items(*split, split->test, "bea"), IsEmpty());
  EXPECT_THAT(Items(*split, split->train, "bea"), ElementsAre("cup"));
  EXPECT_THAT(split->cut, ElementsAre(Day(2), Day(6), INT64_MAX));
}

TEST(LeaveLastOutTest, NobodyToHoldOut) {
  MemoryEvents events;
  events.Purchase("ann", "cup", Day(1));
  events.Purchase("ann", "jar", Day(1));
  const auto split = Split(events, HeldOutPart::kTest);
  EXPECT_EQ(split.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(MessageOf(split.status()), HasSubstr("none of 1 customers bought new items at two"));
}

// Over a made-up world: no event at or after a customer's cut is in train, what is to be found was
// bought first at the cut and is not masked, and what is planted after T changes nothing.
TEST(LeaveLastOutTest, NothingLeaks) {
  const MemoryEvents world = MakeWorld(150, 200, 5);
  const TimeMicros t = Day(120);
  SnapshotOptions options = At(t);
  options.weights.weight[static_cast<size_t>(EventType::kView)] = 0.25F;
  for (const HeldOutPart part : {HeldOutPart::kTest, HeldOutPart::kValidation}) {
    const auto split = Split(world, part, options);
    ASSERT_TRUE(split.ok()) << split.status();
    EXPECT_GT(split->test_customers, 50);
    const SnapshotEvents& events = split->known.events;
    size_t entry = 0;
    for (size_t u = 0; u < split->cut.size(); ++u) {
      const auto test = split->test.view().row_columns(static_cast<int64_t>(u));
      const auto mask = split->mask.view().row_columns(static_cast<int64_t>(u));
      for (const uint32_t item : split->train.view().row_columns(static_cast<int64_t>(u))) {
        EXPECT_LT(split->train_times[entry++], split->cut[u]);
        EXPECT_FALSE(std::ranges::binary_search(test, item) &&
                     std::ranges::binary_search(mask, item));
      }
      for (const uint32_t item : test) {
        EXPECT_FALSE(std::ranges::binary_search(mask, item));
        TimeMicros first = INT64_MAX;
        for (auto k = static_cast<size_t>(events.offsets[u]);
             k < static_cast<size_t>(events.offsets[u + 1]); ++k) {
          if (events.item[k] == item && events.type[k] == EventType::kPurchase) {
            first = std::min(first, events.time[k]);
          }
        }
        EXPECT_EQ(first, split->cut[u]);
      }
    }
    EXPECT_EQ(entry, split->train_times.size());
    MemoryEvents planted = world;
    PlantFuture(t, &planted);
    const auto again = Split(planted, part, options);
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(again->train.columns, split->train.columns);
    EXPECT_EQ(again->train.values, split->train.values);
    EXPECT_EQ(again->test.columns, split->test.columns);
    EXPECT_EQ(again->cut, split->cut);
  }
}

}  // namespace
}  // namespace burgeon
