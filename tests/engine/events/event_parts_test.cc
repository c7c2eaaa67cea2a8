#include "engine/events/event_parts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <tuple>

#include "tests/support/fault_file_system.h"

namespace burgeon {
namespace {

using testing::SizeIs;

TEST(EventParts, EveryFieldOfAnEventSurvivesItsPart) {
  FaultFileSystem files;
  Event event;
  event.customer_id = "7";
  event.item_id = "caf\xc3\xa9";
  event.type = EventType::kRating;
  event.event_time = 1'000'001;
  event.known_at = 1'000'002;
  event.ingested_at = 1'000'003;
  event.quantity = 0.1;
  event.value_micros = INT64_MAX;
  event.currency = "EUR";
  event.session_id = "s";
  event.channel = "web";
  event.event_id = "e1";
  event.source = "shop";
  event.properties = {{"a", "1"}, {"quote\"", "line\nend"}};
  Event bare;
  bare.customer_id = "7";
  bare.event_time = 2'000'000;
  ASSERT_TRUE(files.MakeDirectories("w/parts").ok());
  const auto part = WriteEventPart(files, "w", "parts/x.parquet", BucketOf("7"), {event, bare});
  ASSERT_TRUE(part.ok()) << part.status();
  EXPECT_EQ(part->rows, 2);
  EXPECT_EQ(part->min_event_time, 1'000'001);
  EXPECT_EQ(part->max_event_time, 2'000'000);
  const auto read = ReadEventPart(files, "w", *part);
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_THAT(*read, SizeIs(2));
  const auto key = [](const Event& e) {
    return std::tie(e.customer_id, e.item_id, e.type, e.event_time, e.known_at, e.ingested_at,
                    e.quantity, e.value_micros, e.currency, e.session_id, e.channel, e.event_id,
                    e.source, e.properties);
  };
  EXPECT_TRUE(key((*read)[0]) == key(event));
  EXPECT_TRUE(key((*read)[1]) == key(bare));
}

TEST(EventParts, AttributeValuesComeBackAsTheyWere) {
  FaultFileSystem files;
  ASSERT_TRUE(files.MakeDirectories("w/attributes").ok());
  const std::vector<AttributeValue> values = {{"a", "colour", "red", 5, 6}, {"b", "n", "", -1, 2}};
  const auto part = WriteAttributePart(files, "w", "attributes/x.parquet", values);
  ASSERT_TRUE(part.ok()) << part.status();
  EXPECT_EQ(part->min_event_time, -1);
  const auto read = ReadAttributePart(files, "w", *part);
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_THAT(*read, SizeIs(2));
  EXPECT_EQ((*read)[0].value, "red");
  EXPECT_EQ((*read)[0].known_at, 6);
  EXPECT_EQ((*read)[1].id, "b");
  EXPECT_EQ((*read)[1].event_time, -1);
}

}  // namespace
}  // namespace burgeon
