#include "engine/events/event_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace burgeon {
namespace {

TEST(EventView, PropertiesAreJsonAndComeBack) {
  const std::map<std::string, std::string> properties = {
      {"a", ""}, {"quote \" and \\", "tab\t, line\n, nul\x01, caf\xc3\xa9"}, {"z", "{}"}};
  const std::string text = EncodeProperties(properties);
  // Another reader of JSON agrees.
  std::map<std::string, std::string> parsed;
  const auto json = nlohmann::json::parse(text);
  for (const auto& [name, value] : json.items()) parsed[name] = value.get<std::string>();
  EXPECT_EQ(parsed, properties);
  std::map<std::string, std::string> read = {{"left", "over"}};
  ASSERT_TRUE(DecodeProperties(text, &read));
  EXPECT_EQ(read, properties);
  EXPECT_EQ(EncodeProperties({}), "");
  ASSERT_TRUE(DecodeProperties("", &read));
  EXPECT_TRUE(read.empty());
  EXPECT_FALSE(DecodeProperties(R"({"a":1})", &read));
  EXPECT_FALSE(DecodeProperties("{", &read));
}

TEST(EventView, FieldsAreThoseThatAreNotTheDefault) {
  EventView view;
  view.event_time = view.known_at = 5;
  EXPECT_EQ(FieldsOf(view), 0U);
  view.known_at = 6;
  view.quantity = 0;
  view.value_micros = 0;
  EXPECT_EQ(FieldsOf(view), kKnownAtField | kQuantityField | kValueField);
  view.item_id = view.session_id = view.channel = view.event_id = view.properties = "x";
  view.unmapped = 1;
  EXPECT_EQ(FieldsOf(view), kIngestField - 1);
}

TEST(EventView, AViewOfAnEventSaysTheSame) {
  Event event;
  event.customer_id = "7";
  event.item_id = "cup";
  event.type = EventType::kReturn;
  event.event_time = 1;
  event.known_at = 2;
  event.quantity = 3;
  event.value_micros = 4;
  event.currency = "EUR";
  event.session_id = "s";
  event.channel = "web";
  event.event_id = "e";
  event.ingest = 5;
  event.line = 6;
  event.properties = {{"a", "b"}};
  std::string properties;
  const EventView view = ViewOf(event, &properties);
  EXPECT_EQ(view.customer_id, "7");
  EXPECT_EQ(view.item_id, "cup");
  EXPECT_EQ(view.type, EventType::kReturn);
  EXPECT_EQ(view.event_time + view.known_at * 10 + view.ingest * 100 + view.line * 1000, 6521);
  EXPECT_EQ(view.quantity, 3);
  EXPECT_EQ(view.value_micros, 4);
  EXPECT_EQ(view.currency, "EUR");
  EXPECT_EQ(view.session_id, "s");
  EXPECT_EQ(view.channel, "web");
  EXPECT_EQ(view.event_id, "e");
  EXPECT_EQ(view.properties, R"({"a":"b"})");
}

}  // namespace
}  // namespace burgeon
