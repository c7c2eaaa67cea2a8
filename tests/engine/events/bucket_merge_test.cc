#include "engine/events/bucket_merge.h"

#include <gtest/gtest.h>

namespace burgeon {
namespace {

StagedEvent Row(uint8_t content, const char* customer = "7", const char* id = "") {
  StagedEvent out;
  out.event.customer_id = customer;
  out.event.event_id = id;
  out.event.type = EventType::kPurchase;
  out.event.quantity = content;
  out.row_digest[0] = content;
  return out;
}

TEST(BucketMerge, EqualRowsHaveIdsOfTheirOwn) {
  const MergeOptions keep{"s", Duplicates::kKeep, 5};
  const MergeResult out = MergeStaged({Row(1), Row(1), Row(2)}, {}, keep);
  EXPECT_EQ(out.counters.events_added, 3);
  EXPECT_EQ(out.counters.duplicates_kept, 1);
  ASSERT_EQ(out.added.size(), 3U);
  EXPECT_NE(out.added[0].event_id, out.added[1].event_id);
  EXPECT_EQ(out.added[0].source, "s");
  EXPECT_EQ(out.added[0].ingested_at, 5);
  EXPECT_TRUE(EventBefore(out.added[0], out.added[1]));
  EXPECT_TRUE(EventBefore(out.added[1], out.added[2]));

  // The stored first occurrence is found again, the second is new.
  const StringMap<const Event*> stored = {
      {MergeStaged({Row(1)}, {}, keep).added[0].event_id, nullptr}};
  const MergeResult again = MergeStaged({Row(1), Row(1)}, stored, keep);
  EXPECT_EQ(again.counters.already_stored, 1);
  EXPECT_EQ(again.counters.events_added, 1);
}

TEST(BucketMerge, DroppedDuplicatesAndUnknownCustomersAreCounted) {
  const MergeResult out =
      MergeStaged({Row(1, ""), Row(1, ""), Row(2, "")}, {}, {"s", Duplicates::kDrop, 5});
  EXPECT_EQ(out.counters.duplicates_in_file, 1);
  EXPECT_EQ(out.counters.events_without_customer, 2);
  EXPECT_EQ(out.counters.events_added, 0);
  EXPECT_EQ(out.counters.events_by_type.at("purchase"), 2);
}

TEST(BucketMerge, AConflictIsCountedAndTheStoredEventStays) {
  const Event stored = Row(9, "7", "e").event;
  const MergeResult out = MergeStaged({Row(1, "7", "e"), Row(9, "7", "f"), Row(8, "7", "f")},
                                      {{"e", &stored}}, {"s", Duplicates::kKeep, 5});
  EXPECT_EQ(out.counters.already_stored, 1);
  EXPECT_EQ(out.counters.duplicates_in_file, 1);
  EXPECT_EQ(out.counters.event_id_conflicts, 2);
  ASSERT_EQ(out.added.size(), 1U);
  EXPECT_EQ(out.added[0].quantity, 9);
}

}  // namespace
}  // namespace burgeon
