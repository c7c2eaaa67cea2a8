#include "engine/events/event_manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace burgeon {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

EventManifest SmallManifest() {
  EventManifest out;
  out.version = 3;
  out.pseudonymous = true;
  out.pseudonym_check = "abc";
  out.max_event_time = 5;
  out.max_known_at = 6;
  out.parts = {{7, "parts/x.parquet", 10, 20, "aa", -1, 5}};
  IngestRecord record;
  record.ingest_id = "id";
  record.source = "caf\xc3\xa9 \"quoted\"";
  record.counters.rows_read = 4;
  record.counters.events_added = 3;
  record.counters.rows_quarantined = 1;
  record.counters.events_by_type = {{"purchase", 3}};
  record.counters.quarantine_by_reason = {{"time: wanted", 1}};
  out.ingests = {record};
  return out;
}

TEST(EventManifest, ComesBackAsItWas) {
  const EventManifest written = SmallManifest();
  const auto read = DecodeManifest(EncodeManifest(written), "m.json");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->version, 3);
  EXPECT_TRUE(read->pseudonymous);
  EXPECT_EQ(read->pseudonym_check, "abc");
  EXPECT_EQ(read->max_known_at, 6);
  ASSERT_THAT(read->parts, SizeIs(1));
  EXPECT_EQ(read->parts[0].file, "parts/x.parquet");
  EXPECT_EQ(read->parts[0].min_event_time, -1);
  ASSERT_THAT(read->ingests, SizeIs(1));
  EXPECT_EQ(read->ingests[0].source, written.ingests[0].source);
  EXPECT_EQ(read->ingests[0].counters, written.ingests[0].counters);
  EXPECT_EQ(EncodeManifest(*read), EncodeManifest(written));
}

TEST(EventManifest, EveryCutAndEveryFlippedBitIsNoticed) {
  const std::string text = EncodeManifest(SmallManifest());
  for (size_t size = 0; size < text.size(); ++size) {
    const auto cut = DecodeManifest(text.substr(0, size), "m.json");
    ASSERT_EQ(cut.status().code(), absl::StatusCode::kDataLoss) << "cut to " << size;
    ASSERT_THAT(MessageOf(cut.status()), HasSubstr("m.json"));
  }
  for (size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string flipped = text;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    ASSERT_EQ(DecodeManifest(flipped, "m.json").status().code(), absl::StatusCode::kDataLoss)
        << "bit " << bit;
  }
}

}  // namespace
}  // namespace burgeon
