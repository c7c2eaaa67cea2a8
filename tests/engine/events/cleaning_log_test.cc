#include "engine/events/cleaning_log.h"

#include <gmock/gmock.h>

#include "engine/base/hash.h"
#include "tests/engine/events/ingest_fixture.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

constexpr char kFields[] = R"(
  max_bad_fraction: 0.9
  fields:
    customer: {column: customer, transforms: [trim, upper]}
    item: {column: item, transforms: [lower]}
    time: {column: time}
    type: {default: view}
  customer_attributes: {city: {column: city, transforms: [trim]}}
)";

class CleaningLogTest : public IngestTest {
 protected:
  IngestRecord Take(const std::string& rows) {
    WriteInput(files_, "in.csv", "customer,item,time,city\n" + rows);
    const auto record = IngestFile(files_, "in.csv");
    EXPECT_TRUE(record.ok()) << record.status();
    return *record;
  }
  std::vector<std::string> Log(int64_t number) {
    std::vector<std::string> out;
    const auto store = EventStore::Open(files_, "w/events");
    EXPECT_TRUE(store.ok()) << store.status();
    const auto log = ReadCleaningLog(files_, "w/events", store->manifest(), number);
    EXPECT_TRUE(log.ok()) << log.status();
    for (const CleaningEntry& e : *log) {
      out.push_back(Concat(e.customer_id, "|", e.field, "|", e.rule, "|", e.before, "|", e.after,
                           "|", e.count, "|", e.first_line));
    }
    return out;
  }
};

constexpr char kRows[] =
    " ann,Cup,2011-03-01,Hull\n"
    "ann,Cup,2011-03-02, Hull\n"
    "ANN,cup,2011-03-03,Hull\n"
    ",CUP,2011-03-04,Hull \n"
    "ann,Cup,never,Hull\n";

TEST_F(CleaningLogTest, EqualChangesAreOneEntryWithTheirFirstLine) {
  source_ = ParseSource(kFields);
  const IngestRecord record = Take(kRows);
  EXPECT_EQ(record.counters.rows_quarantined, 1) << "its changes are not told";
  EXPECT_EQ(record.counters.values_cleaned, 7);
  EXPECT_EQ(record.counters.cleaning_entries, 5);
  EXPECT_THAT(Log(1), UnorderedElementsAre("ANN|customer|trim| ann|ann|1|2",
                                           "ANN|customer|upper|ann|ANN|2|2",
                                           "ANN|customer_attributes.city|trim| Hull|Hull|1|3",
                                           "|item|lower|Cup|cup|2|2", "|item|lower|CUP|cup|1|5"));
  EXPECT_THAT(Log(2), IsEmpty());
}

TEST_F(CleaningLogTest, AnIngestThatChangesNothingHasNoLog) {
  source_ = ParseSource(kFields);
  Take("ANN,cup,2011-03-03,Hull\n");
  EXPECT_THAT(*files_.List("w/events/cleaning"), IsEmpty());
  source_ = ParseSource(std::string("  log_changes: false\n") + kFields);
  const IngestRecord record = Take(kRows);
  EXPECT_EQ(record.counters.values_cleaned, 0);
  EXPECT_THAT(*files_.List("w/events/cleaning"), IsEmpty());
}

TEST_F(CleaningLogTest, WithAKeyTheIdsTextsAreNotKept) {
  source_ = ParseSource(kFields);
  pseudonym_ = [](std::string_view id) { return ToHex(HmacSha256("a key", id)); };
  const IngestRecord record = Take(kRows);
  const std::string ann = pseudonym_("ANN");
  EXPECT_THAT(Log(1),
              UnorderedElementsAre(ann + "|customer|trim|||1|2", ann + "|customer|upper|||2|2",
                                   ann + "|customer_attributes.city|trim| Hull|Hull|1|3",
                                   "|item|lower|Cup|cup|2|2", "|item|lower|CUP|cup|1|5"));
}

TEST_F(CleaningLogTest, ThreadsAndMemoryDoNotShow) {
  source_ = ParseSource(kFields);
  std::string rows;
  for (int i = 0; i < 30'000; ++i) {
    rows += Concat("c", i % 50, ",Item", i % 7, ",2011-03-01 10:00:", 10 + i % 50, ",City", i % 3,
                   " \n");
  }
  const IngestRecord record = Take(rows);
  EXPECT_EQ(record.counters.values_cleaned, 90'000);
  EXPECT_EQ(record.counters.cleaning_entries, 50 + 50 * 3 + 7);
  FaultFileSystem other;
  WriteInput(other, "in.csv", "customer,item,time,city\n" + rows);
  ThreadPool pool(4);
  IngestOptions options;
  options.input = "in.csv";
  options.source = source_;
  options.source.memory_limit_mib = 1;
  options.store_folder = "w/events";
  ASSERT_TRUE(Ingest(other, pool, clock_, options).ok());
  const std::string path = "w/events/cleaning/" + record.ingest_id + ".parquet";
  EXPECT_FALSE(files_.Content(path).empty());
  EXPECT_EQ(files_.Content(path), other.Content(path));
}

TEST_F(CleaningLogTest, FilteringTakesEntriesOutAndADamagedLogIsNamed) {
  source_ = ParseSource(kFields);
  const IngestRecord record = Take(kRows);
  const EventPart part = EventStore::Open(files_, "w/events")->manifest().cleaning_parts.at(0);
  int64_t removed = 0;
  const auto rest = FilterCleaningLog(
      files_, "w/events", part, "cleaning/rest.parquet",
      [](const CleaningEntry& e) { return e.customer_id.empty(); }, &removed);
  ASSERT_TRUE(rest.ok()) << rest.status();
  ASSERT_TRUE(rest->has_value());
  EXPECT_EQ((*rest)->rows, 2);
  EXPECT_EQ(removed, 3);
  const auto none = FilterCleaningLog(
      files_, "w/events", part, "cleaning/none.parquet", [](const CleaningEntry&) { return false; },
      &removed);
  ASSERT_TRUE(none.ok()) << none.status();
  EXPECT_FALSE(none->has_value());

  const std::string path = "w/events/" + part.file;
  files_.SetContent(path, files_.Content(path).substr(1));
  const auto damaged =
      ReadCleaningLog(files_, "w/events", EventStore::Open(files_, "w/events")->manifest(), 1);
  EXPECT_EQ(damaged.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(MessageOf(damaged.status()), HasSubstr(path));
}

}  // namespace
}  // namespace burgeon
