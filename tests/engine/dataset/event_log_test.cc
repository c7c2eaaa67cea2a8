#include "engine/dataset/event_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/memory_events.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(EventLogTest, MergesBucketsInOrderOfCustomer) {
  MemoryEvents events;
  events.Purchase("bea", "cup", Day(2)).session_id = "s1";
  events.Purchase("ann", "tea", Day(3)).value_micros = 5;
  events.Purchase("bea", "jar", Day(1)).known_at = Day(9);
  events.Add("ann", "", EventType::kSearch, Day(1)).quantity = 2;
  ThreadPool pool(2);
  const auto log = EventLog::Read(pool, events);
  ASSERT_TRUE(log.ok()) << log.status();
  EXPECT_THAT(log->customers, ElementsAre("ann", "bea"));
  EXPECT_THAT(log->items, ElementsAre("cup", "jar", "tea"));
  EXPECT_THAT(log->offsets, ElementsAre(0, 2, 4));
  EXPECT_THAT(log->item, ElementsAre(EventLog::kNoItem, 2U, 1U, 0U));
  EXPECT_THAT(log->time, ElementsAre(Day(1), Day(3), Day(1), Day(2)));
  EXPECT_THAT(log->known_at, ElementsAre(Day(1), Day(3), Day(9), Day(2)));
  EXPECT_THAT(log->quantity, ElementsAre(2, 1, 1, 1));
  EXPECT_THAT(log->value_micros, ElementsAre(0, 5, 0, 0));
  EXPECT_EQ(log->first_event_time, Day(1));
  EXPECT_EQ(log->last_event_time, Day(3));
  EXPECT_EQ(log->last_known_at, Day(9));
}

TEST(EventLogTest, OrdersAreSessionsElseTimes) {
  MemoryEvents events;
  events.Purchase("ann", "a", Day(1)).session_id = "s";
  events.Purchase("ann", "b", Day(1));
  events.Purchase("ann", "c", Day(1));
  events.Purchase("ann", "d", Day(2)).session_id = "s";
  events.Purchase("ann", "e", Day(2));
  ThreadPool pool(1);
  const auto log = EventLog::Read(pool, events);
  ASSERT_TRUE(log.ok()) << log.status();
  EXPECT_EQ(log->order[0], log->order[3]);
  EXPECT_EQ(log->order[1], log->order[2]);
  EXPECT_NE(log->order[0], log->order[1]);
  EXPECT_NE(log->order[4], log->order[1]);
  EXPECT_NE(log->order[4], log->order[0]);
}

TEST(EventLogTest, ConsentChangesComeInTheOrderTheyCount) {
  MemoryEvents events;
  events.Consent("ann", "score", true, Day(2)).known_at = Day(8);
  events.Consent("ann", "all", false, Day(2)).known_at = Day(5);
  events.Consent("ann", "export", true, Day(1));
  ThreadPool pool(1);
  const auto log = EventLog::Read(pool, events);
  ASSERT_TRUE(log.ok()) << log.status();
  ASSERT_EQ(log->consent.size(), 3U);
  ConsentBits score, export_bit, all;
  score.Set(Purpose::kScore, true);
  export_bit.Set(Purpose::kExport, true);
  for (const Purpose purpose : kAllPurposes) all.Set(purpose, true);
  EXPECT_EQ(log->consent[0].granted, export_bit.bits);
  EXPECT_EQ(log->consent[0].denied, 0);
  EXPECT_EQ(log->consent[1].granted, 0);
  EXPECT_EQ(log->consent[1].denied, all.bits);
  EXPECT_EQ(log->consent[2].granted, score.bits);
  EXPECT_EQ(log->consent[2].known_at, Day(8));
}

TEST(EventLogTest, ABadConsentEventNamesItself) {
  MemoryEvents events;
  events.Consent("ann", "mind-reading", true, Day(2)).event_id = "e77";
  ThreadPool pool(1);
  const auto log = EventLog::Read(pool, events);
  EXPECT_EQ(log.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(log.status()), HasSubstr("consent event 'e77' of customer 'ann'"));
}

// A source whose bucket is not sorted, as a damaged store might be.
class Unsorted : public EventSource {
 public:
  explicit Unsorted(std::vector<Event> events) : events_(std::move(events)) {}
  absl::Status ReadBucket(int bucket,
                          const std::function<void(const Event&)>& visit) const override {
    if (bucket != 3) return absl::OkStatus();
    for (const Event& event : events_) visit(event);
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<AttributeValue>> ReadItemAttributes() const override {
    return std::vector<AttributeValue>{};
  }
  absl::StatusOr<std::vector<AttributeValue>> ReadCustomerAttributes() const override {
    return std::vector<AttributeValue>{};
  }
  absl::StatusOr<std::vector<AttributeValue>> ReadAggregates() const override {
    return std::vector<AttributeValue>{};
  }

 private:
  std::vector<Event> events_;
};

TEST(EventLogTest, RefusesABucketOutOfOrder) {
  Event first;
  first.customer_id = "b";
  first.event_time = Day(2);
  Event second;
  second.customer_id = "a";
  second.event_time = Day(3);
  ThreadPool pool(1);
  auto log = EventLog::Read(pool, Unsorted({first, second}));
  EXPECT_EQ(log.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(MessageOf(log.status()), HasSubstr("events of bucket 3: customer 'a' comes after"));
  second.customer_id = "b";
  second.event_time = Day(1);
  second.event_id = "late";
  log = EventLog::Read(pool, Unsorted({first, second}));
  EXPECT_EQ(log.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(MessageOf(log.status()), HasSubstr("event 'late'"));
}

TEST(EventLogTest, NothingAtAll) {
  ThreadPool pool(2);
  const auto log = EventLog::Read(pool, MemoryEvents());
  ASSERT_TRUE(log.ok()) << log.status();
  EXPECT_EQ(log->rows(), 0);
  EXPECT_THAT(log->offsets, ElementsAre(0));
}

}  // namespace
}  // namespace burgeon
