#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/events/event_parts.h"
#include "tests/engine/events/part_rows.h"
#include "tests/support/fault_file_system.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class EventPartReaderTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(files_.MakeDirectories("w/parts").ok()); }

  static EventView View(std::string_view customer, TimeMicros time, int64_t line) {
    EventView out;
    out.customer_id = customer;
    out.event_time = time;
    out.known_at = time;
    out.ingest = 1;
    out.line = line;
    return out;
  }
  // What reading says of a part with these rows.
  std::string Refusal(int bucket, const std::vector<EventView>& rows) {
    return ReadRows(files_, "w", WriteRows(files_, "w", {"parts/x.parquet", bucket, 0, 1}, rows))
        .back();
  }

  FaultFileSystem files_;
};

TEST_F(EventPartReaderTest, RowsOutOfOrderOrOfAnotherBucketAreDataLoss) {
  const int bucket = BucketOf("7");
  EXPECT_THAT(Refusal(bucket, {View("7", 2, 1), View("7", 1, 2)}), HasSubstr("row 2 is out of"));
  EXPECT_THAT(Refusal(bucket, {View("7", 1, 2), View("7", 1, 1)}), HasSubstr("row 2 is out of"));
  EXPECT_THAT(Refusal(bucket, {View("7", 1, 1), View("8", 1, 2)}), HasSubstr("not of bucket"));
  EXPECT_THAT(Refusal((bucket + 1) % 256, {View("7", 1, 1)}), HasSubstr("row 1 is not of bucket"));
  EXPECT_THAT(Refusal(bucket, {View("7", 1, 1), View("7", 1, 1)}), HasSubstr("7||other|1|"))
      << "one line may give several events";
}

TEST_F(EventPartReaderTest, ACutOrFlippedFileAndAWrongManifestAreNamed) {
  const EventPart part = WriteRows(files_, "w", {"parts/x.parquet", BucketOf("7"), 0, 1},
                                   {View("7", 1, 1), View("7", 2, 2)});
  const std::string whole = files_.Content("w/parts/x.parquet");
  for (const std::string& damaged :
       {whole.substr(0, whole.size() - 1), std::string(), whole + "x"}) {
    files_.SetContent("w/parts/x.parquet", damaged);
    EXPECT_THAT(ReadRows(files_, "w", part), ElementsAre(HasSubstr("w/parts/x.parquet: has ")));
  }
  files_.SetContent("w/parts/x.parquet", whole);
  EventPart longer = part;
  ++longer.rows;
  EXPECT_THAT(ReadRows(files_, "w", longer), ElementsAre(HasSubstr("has 2 rows, the manifest")));
  EventPart mixed = part;
  mixed.ingest = 0;
  EXPECT_THAT(ReadRows(files_, "w", mixed), ElementsAre(HasSubstr("column 'ingest'")));
}

TEST_F(EventPartReaderTest, AFillerKnowsTheSourceAndDecodesProperties) {
  IngestRecord record;
  record.number = 1;
  record.source = "shop";
  record.ingested_at = 77;
  const std::vector<IngestRecord> records = {record};
  EventFiller filler(records);
  EventView view = View("7", 1, 1);
  view.properties = R"({"a":"1","q\"":"\u000a"})";
  Event event;
  ASSERT_TRUE(filler.Fill(view, &event).ok());
  EXPECT_EQ(event.source, "shop");
  EXPECT_EQ(event.ingested_at, 77);
  EXPECT_THAT(event.properties, ElementsAre(testing::Pair("a", "1"), testing::Pair("q\"", "\n")));
  EXPECT_EQ(EncodeProperties(event.properties), view.properties);
  view.properties = "";
  ASSERT_TRUE(filler.Fill(view, &event).ok());
  EXPECT_TRUE(event.properties.empty());
  view.properties = "[1]";
  EXPECT_EQ(filler.Fill(view, &event).code(), absl::StatusCode::kDataLoss);
  view.properties = "";
  view.ingest = 2;
  EXPECT_THAT(MessageOf(filler.Fill(view, &event)), HasSubstr("of ingest 2"));
}

}  // namespace
}  // namespace burgeon
