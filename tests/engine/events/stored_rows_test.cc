#include "engine/events/stored_rows.h"

#include <gtest/gtest.h>

#include "tests/engine/events/part_rows.h"
#include "tests/support/fault_file_system.h"

namespace burgeon {
namespace {

EventView View(TimeMicros time, int64_t ingest, int64_t line) {
  EventView out;
  out.customer_id = "7";
  out.event_time = out.known_at = time;
  out.ingest = ingest;
  out.line = line;
  return out;
}

TEST(StoredRows, PartsAreMergedByTimeIngestAndLine) {
  FaultFileSystem files;
  ASSERT_TRUE(files.MakeDirectories("w/parts").ok());
  const int bucket = BucketOf("7");
  EventView in_session = View(9, 2, 5);
  in_session.session_id = "s";
  const std::vector<EventPart> parts = {
      WriteRows(files, "w", {"parts/b", bucket, 0, 2}, {View(1, 2, 9), View(3, 2, 1), in_session}),
      WriteRows(files, "w", {"parts/a", bucket, 0, 1}, {View(1, 1, 99), View(3, 1, 7)})};
  auto rows = StoredRows::Open(files, "w", parts);
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_EQ(rows->fields(), kSessionField);
  std::string order;
  while (rows->row() != nullptr) {
    order += Concat(rows->row()->event_time, ":", rows->row()->ingest, " ");
    ASSERT_TRUE(rows->Advance().ok());
  }
  EXPECT_EQ(order, "1:1 1:2 3:1 3:2 9:2 ");
}

}  // namespace
}  // namespace burgeon
