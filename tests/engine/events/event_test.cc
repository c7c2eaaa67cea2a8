#include "engine/events/event.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <utility>

namespace burgeon {
namespace {

TEST(Event, EveryTypeHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int i = 0; i < kEventTypes; ++i) {
    const auto type = static_cast<EventType>(i);
    names.insert(EventTypeName(type));
    EXPECT_EQ(ParseEventType(EventTypeName(type)), type);
  }
  EXPECT_EQ(names.size(), static_cast<size_t>(kEventTypes));
  EXPECT_EQ(EventTypeName(EventType::kReturn), "return");
  EXPECT_FALSE(ParseEventType("Purchase"));
}

TEST(Event, OrderIsCustomerTimeIngestLine) {
  const auto event = [](std::string customer, TimeMicros time, int64_t ingest, int64_t line) {
    Event out;
    out.customer_id = std::move(customer);
    out.event_time = time;
    out.ingest = ingest;
    out.line = line;
    return out;
  };
  EXPECT_TRUE(EventBefore(event("a", 9, 9, 9), event("b", 1, 1, 1)));
  EXPECT_TRUE(EventBefore(event("a", 1, 9, 9), event("a", 2, 1, 1)));
  EXPECT_TRUE(EventBefore(event("a", 1, 1, 9), event("a", 1, 2, 1)));
  EXPECT_TRUE(EventBefore(event("a", 1, 1, 1), event("a", 1, 1, 2)));
  EXPECT_FALSE(EventBefore(event("a", 1, 1, 1), event("a", 1, 1, 1)));
}

}  // namespace
}  // namespace burgeon
