#include "engine/events/ingest_staging.h"

#include <gtest/gtest.h>

#include "tests/support/fault_file_system.h"

namespace burgeon {
namespace {

StagedEvent Sample(int i) {
  StagedEvent out;
  out.event.customer_id = Concat("customer ", i);
  out.event.type = EventType::kReturn;
  out.event.event_time = i;
  out.event.quantity = 0.5 * i;
  if (i % 2 == 0) {
    out.event.value_micros = -i;
    out.event.currency = "EUR";
  }
  out.event.properties = {{"a", Concat(i)}, {"b", ""}};
  out.unmapped = static_cast<uint64_t>(i);
  return out;
}

TEST(IngestStaging, RecordsComeBackInOrderFromMemoryAndDisk) {
  FaultFileSystem files;
  BucketSpill spill(files, "tmp", "events", 3);
  for (int i = 0; i < 10; ++i) {
    std::string record;
    EncodeStaged(Sample(i), &record);
    spill.Append(i % 2, record);
    if (i == 3 || i == 6) {
      ASSERT_TRUE(spill.Flush().ok());
      EXPECT_EQ(spill.buffered_bytes(), 0);
    }
  }
  for (int bucket = 0; bucket < 2; ++bucket) {
    const auto records = spill.Take(bucket);
    ASSERT_TRUE(records.ok()) << records.status();
    const auto events = DecodeStagedEvents(*records, "bucket");
    ASSERT_TRUE(events.ok()) << events.status();
    ASSERT_EQ(events->size(), 5U);
    for (int k = 0; k < 5; ++k) {
      const StagedEvent wanted = Sample(2 * k + bucket);
      const StagedEvent& got = (*events)[static_cast<size_t>(k)];
      EXPECT_EQ(got.event.customer_id, wanted.event.customer_id);
      EXPECT_EQ(got.event.quantity, wanted.event.quantity);
      EXPECT_EQ(got.event.value_micros, wanted.event.value_micros);
      EXPECT_EQ(got.event.currency, wanted.event.currency);
      EXPECT_EQ(got.event.properties, wanted.event.properties);
      EXPECT_EQ(got.unmapped, wanted.unmapped);
    }
  }
  EXPECT_TRUE(spill.Take(2)->empty());
}

TEST(IngestStaging, ACutRecordIsDataLoss) {
  std::string record;
  EncodeStaged(Sample(2), &record);
  for (size_t size = 1; size < record.size(); ++size) {
    EXPECT_EQ(DecodeStagedEvents(record.substr(0, size), "x").status().code(),
              absl::StatusCode::kDataLoss);
  }
  EXPECT_TRUE(DecodeStagedEvents(record, "x").ok());
}

}  // namespace
}  // namespace burgeon
