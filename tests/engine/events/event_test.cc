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

TEST(Event, OrderIsCustomerTimeIdSource) {
  const auto event = [](std::string customer, TimeMicros time, std::string id, std::string source) {
    Event out;
    out.customer_id = std::move(customer);
    out.event_time = time;
    out.event_id = std::move(id);
    out.source = std::move(source);
    return out;
  };
  EXPECT_TRUE(EventBefore(event("a", 9, "z", "z"), event("b", 1, "a", "a")));
  EXPECT_TRUE(EventBefore(event("a", 1, "z", "z"), event("a", 2, "a", "a")));
  EXPECT_TRUE(EventBefore(event("a", 1, "a", "z"), event("a", 1, "b", "a")));
  EXPECT_TRUE(EventBefore(event("a", 1, "a", "a"), event("a", 1, "a", "b")));
  EXPECT_FALSE(EventBefore(event("a", 1, "a", "a"), event("a", 1, "a", "a")));
}

}  // namespace
}  // namespace burgeon
