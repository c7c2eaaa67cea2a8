#include "engine/events/source_presets.h"

#include <gmock/gmock.h>

#include "tests/engine/events/ingest_fixture.h"

namespace burgeon {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAre;

// A line that begins so and has two parts in it.
auto Has(const std::string& begin, const std::string& one, const std::string& other) {
  return AllOf(StartsWith(begin), HasSubstr(one), HasSubstr(other));
}

// The sample files of examples/sources, written after the public documentation of each format.
class SourcePresetsTest : public IngestTest {
 protected:
  static std::string Sample(const std::string& name) {
    const char* folder = std::getenv("BURGEON_SOURCE_DIR");
    const std::string path = Concat(folder != nullptr ? folder : ".", "/examples/sources/", name);
    auto text = ReadWholeFile(RealFileSystem(), path, 1 << 20);
    EXPECT_TRUE(text.ok()) << text.status();
    return *text;
  }

  // Ingests and gives a line an event: type|customer|item|time|quantity|value|currency|session|
  // channel|event id|properties.
  std::vector<std::string> Lines(const std::string& format, const std::string& name,
                                 const std::string& text, const std::string& more = "") {
    source_ = ParseSource("", "  format: " + format + "\n" + more);
    WriteInput(files_, "in/" + name, text);
    const auto record = IngestFile(files_, "in/" + name);
    EXPECT_TRUE(record.ok()) << record.status();
    if (!record.ok()) return {};
    record_ = *record;
    std::vector<std::string> lines;
    for (const Event& e : EventsOf(files_)) {
      std::string line = Concat(EventTypeName(e.type), "|", e.customer_id, "|", e.item_id, "|",
                                FormatTime(e.event_time), "|", e.quantity, "|");
      if (e.value_micros) line += Concat(*e.value_micros, e.currency);
      line += Concat("|", e.session_id, "|", e.channel, "|", e.event_id, "|");
      for (const auto& [key, value] : e.properties) line += Concat(key, "=", value, ";");
      lines.push_back(line);
    }
    return lines;
  }

  std::vector<std::string> Attributes() {
    std::vector<std::string> out;
    const auto store = EventStore::Open(files_, "w/events");
    EXPECT_TRUE(store.ok());
    const auto values = store->ReadItemAttributes();
    EXPECT_TRUE(values.ok());
    for (const AttributeValue& v : *values) out.push_back(Concat(v.id, ".", v.name, "=", v.value));
    return out;
  }

  IngestRecord record_;
};

TEST_F(SourcePresetsTest, EveryPresetIsYaml) {
  for (const std::string& name : PresetNames()) {
    EXPECT_NE(PresetYaml(name, "events"), "") << name;
    ParseSource("", "  format: " + name + "\n");
  }
  EXPECT_EQ(PresetYaml("csv", "events"), "");
  EXPECT_EQ(PresetYaml("segment", "items"), "");
}

TEST_F(SourcePresetsTest, Segment) {
  const auto lines = Lines("segment", "segment.jsonl", Sample("segment.jsonl"));
  EXPECT_THAT(
      lines,
      UnorderedElementsAre(
          "view|anon-1||2026-03-01T09:00:00Z|1||||m1|campaign=spring;campaign_medium=email;"
          "campaign_source=news;locale=fr-FR;page=https://shop.example/;"
          "referrer=https://search.example/;",
          "search|anon-1||2026-03-01T09:01:00Z|1||||m2|query=blue mug;",
          "view|anon-1|p-7|2026-03-01T09:02:00Z|1|8500000EUR|||m3|",
          // The identify call itself says nothing else.
          "id_link|u-42||2026-03-01T09:03:00Z|1||||m4#id_link|linked_id=anon-1;",
          "attribute|u-42||2026-03-01T09:03:00Z|1||||m4#attribute:email|name=email;"
          "value=jo@mail.example;",
          "attribute|u-42||2026-03-01T09:03:00Z|1||||m4#attribute:plan|name=plan;value=pro;",
          "attribute|u-42||2026-03-01T09:03:00Z|1||||m4#attribute:address.city|"
          "name=address.city;value=Lyon;",
          "add_to_cart|u-42|p-7|2026-03-01T09:04:00Z|2|17000000EUR|||m5|cart_id=c-1;",
          "purchase|u-42|p-7|2026-03-01T09:05:00Z|2|17000000EUR|||m6#1|coupon=HELLO;order_id=o-9;"
          "order_total=29.99;",
          "purchase|u-42|TEA-1|2026-03-01T09:05:00Z|1|12990000EUR|||m6#2|coupon=HELLO;"
          "order_id=o-9;order_total=29.99;",
          "return|u-42|p-7|2026-03-05T10:00:00Z|1|8500000EUR|||m7#1|order_id=o-9;",
          "feedback|u-42|p-7|2026-03-06T10:00:00Z|1||||m8|kind=review;score=4;"
          "text=Keeps the tea warm.;",
          "id_link|u-42||2026-03-07T10:00:00Z|1||||m9#alias|linked_id=old-13;",
          "other|u-42||2026-03-07T11:00:00Z|1||||m10|group_id=club;type=group;",
          "view|u-42||2026-03-07T12:00:00Z|1|||mobile|m11|app=shop-app;device=ios;",
          "other|u-42||2026-03-07T13:00:00Z|1||||m12|type=Song Played;"));
  EXPECT_EQ(record_.counters.rows_read, 18);  // 12 calls, 2 of an order, 4 + 1 of identify, alias
  EXPECT_EQ(record_.counters.rows_ignored, 2);
  EXPECT_EQ(record_.counters.rows_quarantined, 0);
  EXPECT_THAT(Attributes(),
              UnorderedElementsAre("p-7.name=Blue mug", "p-7.category=Kitchen", "p-7.brand=Clay"));
  for (const Event& e : EventsOf(files_)) {
    if (e.event_id == "m6#1") {
      EXPECT_EQ(FormatTime(e.known_at), "2026-03-01T11:05:00Z");
    }
  }
  // The same calls again add nothing.
  const auto again = IngestFile(files_, "in/segment.jsonl");
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->counters.events_added, 0);
  EXPECT_EQ(again->counters.already_stored, 16);
}

TEST_F(SourcePresetsTest, WhatASourceWritesCountsBeforeItsPreset) {
  const std::string text =
      R"({"type":"track","event":"Song Played","messageId":"a","userId":"u","timestamp":)"
      R"("2026-03-01T09:00:00Z","properties":{"song":"s","length":3}})";
  const auto lines = Lines("segment", "t.jsonl", text,
                           "  fields:\n    item: {column: properties.song}\n    known_at: null\n"
                           "    type: {values: {Song Played: view}}\n"
                           "    properties: {length: properties.length}\n");
  EXPECT_THAT(lines, UnorderedElementsAre("view|u|s|2026-03-01T09:00:00Z|1||||a|length=3;"));
}

TEST_F(SourcePresetsTest, Ga4) {
  const auto lines = Lines("ga4", "ga4.jsonl", Sample("ga4.jsonl"));
  for (const std::string& line : lines) EXPECT_THAT(line, HasSubstr("|2026-03-01T09:0"));
  std::vector<std::string> shown;
  for (const std::string& line : lines) {  // without the time, which was looked at
    std::string rest = line;
    const size_t at = rest.find("|2026-03-01T09:0");
    ASSERT_NE(at, std::string::npos);
    shown.push_back(rest.erase(at, 21));
  }
  const std::string session = "|1772355600|web|";
  EXPECT_THAT(
      shown,
      UnorderedElementsAre(
          "visit|111.222||1|" + session +
              "|campaign_medium=organic;campaign_source=search;city=Lyon;country=France;"
              "device=mobile;language=fr-fr;operating_system=Android;page=https://shop.example/;",
          Has("consent|111.222||1|" + session, "granted=true;", "purpose=score;"),
          Has("consent|111.222||1|" + session, "granted=false;", "purpose=audience;"),
          "search|111.222||1|" + session + "|query=blue mug;",
          "view|111.222|p-7|1|8500000EUR" + session + "|", Has("other|u-42||1|", "type=login;", ""),
          Has("id_link|u-42||1|", "linked_id=111.222;", ""),
          Has("purchase|u-42|p-7|2|17000000EUR", "order_total=29.99;", "transaction_id=o-9;"),
          Has("purchase|u-42|p-8|1|12990000EUR", "coupon=HELLO;", "transaction_id=o-9;"),
          Has("id_link|u-42||1|", "linked_id=111.222;", ""),
          Has("other|u-42||1|||android", "engagement_ms=4200;", "type=user_engagement;")));
  EXPECT_EQ(record_.counters.rows_quarantined, 0);
  EXPECT_THAT(Attributes(),
              UnorderedElementsAre("p-7.name=Blue mug", "p-7.category=Kitchen", "p-7.brand=Clay"));
}

TEST_F(SourcePresetsTest, RecBole) {
  const auto lines = Lines("recbole", "x.inter",
                           "user_id:token\titem_id:token\trating:float\ttimestamp:float\n"
                           "196\t242\t3\t881250949\n");
  EXPECT_THAT(lines, UnorderedElementsAre("rating|196|242|1997-12-04T15:55:49Z|1|||||score=3;"));
  source_ = ParseSource("",
                        "  format: recbole\n  kind: items\n  fields:\n    attributes:\n"
                        "      title: {column: \"movie_title:token_seq\"}\n");
  WriteInput(files_, "in/x.item", "item_id:token\tmovie_title:token_seq\n242\tKolya\n");
  const auto record = IngestFile(files_, "in/x.item");
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_THAT(Attributes(), Contains("242.title=Kolya"));
}

}  // namespace
}  // namespace burgeon
