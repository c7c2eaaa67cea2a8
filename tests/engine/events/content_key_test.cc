#include "engine/events/content_key.h"

#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <vector>

namespace burgeon {
namespace {

TEST(ContentKey, EveryFieldOfTheContentCountsAndNoOther) {
  EventView base;
  base.customer_id = base.item_id = base.currency = base.session_id = "x";
  base.channel = base.properties = "x";
  base.value_micros = 1;
  const std::vector<std::function<void(EventView&)>> counted = {
      [](EventView& e) { e.customer_id = "y"; },
      [](EventView& e) { e.item_id = "y"; },
      [](EventView& e) { e.type = EventType::kView; },
      [](EventView& e) { e.event_time = 1; },
      [](EventView& e) { e.quantity = 2; },
      [](EventView& e) { e.value_micros = 2; },
      [](EventView& e) { e.value_micros = 0; },
      [](EventView& e) { e.value_micros.reset(); },
      [](EventView& e) { e.currency = "y"; },
      [](EventView& e) { e.session_id = "y"; },
      [](EventView& e) { e.channel = "y"; },
      [](EventView& e) { e.properties = "y"; },
      [](EventView& e) { e.unmapped = 1; },
      [](EventView& e) { std::swap(e.item_id = "", e.session_id = "xx"); }};
  std::set<ContentKey> keys = {KeyOfContent(base)};
  for (const auto& change : counted) {
    EventView other = base;
    change(other);
    EXPECT_TRUE(keys.insert(KeyOfContent(other)).second);
  }
  EventView same = base;
  same.known_at = 9;
  same.event_id = "e";
  same.ingest = 3;
  same.line = 4;
  EXPECT_EQ(KeyOfContent(same), KeyOfContent(base));
  EventView zero = base, minus_zero = base;
  zero.quantity = 0.0;
  minus_zero.quantity = -0.0;
  EXPECT_EQ(KeyOfContent(zero), KeyOfContent(minus_zero));
}

TEST(ContentKey, TextsHaveKeysOfTheirOwn) {
  EXPECT_EQ(KeyOfText("a"), KeyOfText("a"));
  EXPECT_NE(KeyOfText("a"), KeyOfText("b"));
  EXPECT_NE(KeyOfText(""), KeyOfText(std::string_view("\0", 1)));
}

}  // namespace
}  // namespace burgeon
