#include "engine/events/staged_record.h"

#include <gtest/gtest.h>

#include "tests/engine/events/part_rows.h"

namespace burgeon {
namespace {

EventView Full() {
  EventView out;
  out.customer_id = "customer";
  out.item_id = "item";
  out.type = EventType::kReturn;
  out.event_time = -5;
  out.known_at = 7;
  out.quantity = 0.5;
  out.value_micros = INT64_MIN;
  out.currency = "EUR";
  out.session_id = "s";
  out.channel = "web";
  out.event_id = "e";
  out.properties = R"({"a":"b"})";
  out.unmapped = UINT64_MAX;
  out.line = INT64_MAX;
  return out;
}

TEST(StagedRecord, EveryFieldComesBack) {
  EventView bare;
  bare.event_time = bare.known_at = 3;
  for (const EventView& event : {Full(), bare}) {
    std::string bytes = "before";
    AppendRecord(event, &bytes);
    const std::string_view record = std::string_view(bytes).substr(6);
    EXPECT_EQ(RecordSize(record), record.size());
    EventView read;
    ASSERT_TRUE(DecodeRecord(record, &read));
    EXPECT_EQ(RowText(read), RowText(event));
    std::string_view customer;
    TimeMicros time = 0;
    ASSERT_TRUE(DecodeKey(record, &customer, &time));
    EXPECT_EQ(customer, event.customer_id);
    EXPECT_EQ(time, event.event_time);
    EXPECT_FALSE(DecodeKey(record.substr(0, 25 + customer.size() - 1), &customer, &time));
  }
}

TEST(StagedRecord, ACutOrLengthenedRecordIsRefused) {
  std::string record;
  AppendRecord(Full(), &record);
  EventView read;
  for (size_t size = 0; size < record.size(); ++size) {
    EXPECT_FALSE(DecodeRecord(std::string_view(record).substr(0, size), &read)) << size;
  }
  EXPECT_FALSE(DecodeRecord(record + "x", &read));
  EXPECT_EQ(RecordSize("abc"), 0U);
  record[6] = 100;  // a type there is none of
  EXPECT_FALSE(DecodeRecord(record, &read));
}

}  // namespace
}  // namespace burgeon
