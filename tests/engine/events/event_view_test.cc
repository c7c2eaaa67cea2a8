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

}  // namespace
}  // namespace burgeon
