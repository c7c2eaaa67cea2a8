#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/events/event_parts.h"
#include "tests/engine/events/part_rows.h"
#include "tests/support/fault_file_system.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

EventView View(TimeMicros time, int64_t line) {
  EventView out;
  out.customer_id = "7";
  out.type = EventType::kView;
  out.event_time = time;
  out.known_at = time;
  out.ingest = 4;
  out.line = line;
  return out;
}

TEST(EventPartWriter, EveryFieldOfAnEventSurvivesItsPart) {
  FaultFileSystem files;
  ASSERT_TRUE(files.MakeDirectories("w/parts").ok());
  EventView event = View(1'000'001, 2);
  event.item_id = "caf\xc3\xa9";
  event.type = EventType::kRating;
  event.known_at = 1'000'002;
  event.quantity = 0.1;
  event.value_micros = INT64_MIN;
  event.currency = "EUR";
  event.session_id = "s";
  event.channel = "web";
  event.event_id = "e1";
  event.properties = R"({"a":"1"})";
  event.unmapped = UINT64_MAX;
  const EventView bare = View(2'000'000, 3);
  const EventPart part =
      WriteRows(files, "w", {"parts/x.parquet", BucketOf("7"), 0, 4}, {event, bare});
  EXPECT_EQ(part.rows, 2);
  EXPECT_EQ(part.ingest, 4);
  EXPECT_EQ(part.min_event_time, 1'000'001);
  EXPECT_EQ(part.max_event_time, 2'000'000);
  EXPECT_EQ(part.bytes, static_cast<int64_t>(files.Content("w/parts/x.parquet").size()));
  EXPECT_THAT(ReadRows(files, "w", part), ElementsAre(RowText(event), RowText(bare)));
}

TEST(EventPartWriter, RowGroupsOfAnySizeComeBackInOrder) {
  FaultFileSystem files;
  ASSERT_TRUE(files.MakeDirectories("w/parts").ok());
  std::vector<EventView> rows;
  std::vector<std::string> sessions;
  const int64_t count = kRowGroupRows * 2 + 1;
  for (int64_t i = 0; i < count; ++i) sessions.push_back(Concat("s", i % 1000));
  for (int64_t i = 0; i < count; ++i) {
    rows.push_back(View(i / 3, i));
    rows.back().session_id = sessions[static_cast<size_t>(i)];
  }
  const EventPart part = WriteRows(files, "w", {"parts/x.parquet", BucketOf("7"), 0, 4}, rows);
  const std::vector<std::string> read = ReadRows(files, "w", part);
  ASSERT_THAT(read, SizeIs(count));
  for (size_t i = 0; i < read.size(); ++i) ASSERT_EQ(read[i], RowText(rows[i]));
}

TEST(EventPartWriter, RowsOfSeveralIngestsHaveAColumnForIt) {
  FaultFileSystem files;
  ASSERT_TRUE(files.MakeDirectories("w/parts").ok());
  EventView first = View(5, 9);
  first.ingest = 1;
  EventView second = View(5, 2);
  second.ingest = 3;
  const EventPart part =
      WriteRows(files, "w", {"parts/x.parquet", BucketOf("7"), kIngestField, 0}, {first, second});
  EXPECT_EQ(part.ingest, 0);
  EXPECT_THAT(ReadRows(files, "w", part), ElementsAre(RowText(first), RowText(second)));
}

}  // namespace
}  // namespace burgeon
