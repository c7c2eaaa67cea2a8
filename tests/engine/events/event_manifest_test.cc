#include "engine/events/event_manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "engine/base/hash.h"

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
  out.watermark = 4;
  out.parts = {{7, "parts/x.parquet", 10, 20, "aa", -1, 5, 2}};
  out.aggregate_parts = {{0, "attributes/a.parquet", 1, 2, "bb", 0, 0, 0}};
  out.cleaning_parts = {{0, "cleaning/c.parquet", 1, 2, "cc", 0, 0, 2}};
  IngestRecord record;
  record.ingest_id = "id";
  record.number = 2;
  record.party = Party::kThird;
  record.origin = "a survey";
  record.licence = "CC BY 4.0";
  record.trust = -3;
  record.replaced_by = 5;
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
  EXPECT_EQ(read->ingests[0].party, Party::kThird);
  EXPECT_EQ(read->ingests[0].trust, -3);
  EXPECT_EQ(read->ingests[0].replaced_by, 5);
  EXPECT_EQ(read->FindIngest(2), &read->ingests[0]);
  EXPECT_EQ(read->FindIngest(5), nullptr);
  EXPECT_EQ(read->watermark, 4);
  EXPECT_EQ(read->parts[0].ingest, 2);
  EXPECT_THAT(read->aggregate_parts, SizeIs(1));
  EXPECT_THAT(read->cleaning_parts, SizeIs(1));
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

TEST(EventManifest, AStoreOfFormatOneIsRefusedWithAdvice) {
  std::string body = EncodeManifest(SmallManifest());
  body = body.substr(88, body.size() - 88 - 2);  // {"sha256":"<64>","manifest":  ...  }\n
  const size_t at = body.find("\"format\": 2");
  ASSERT_NE(at, std::string::npos);
  body[at + 10] = '1';
  const auto read = DecodeManifest(
      Concat("{\"sha256\":\"", Sha256Hex(body), "\",\"manifest\":", body, "}\n"), "m.json");
  EXPECT_EQ(read.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(MessageOf(read.status()), HasSubstr("Ingest its sources again"));
}

}  // namespace
}  // namespace burgeon
