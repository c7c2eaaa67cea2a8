#include "engine/events/ingest.h"

#include <gmock/gmock.h>
#include <zlib.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "engine/base/hash.h"
#include "engine/events/event_manifest.h"
#include "tests/engine/events/ingest_fixture.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr char kThreeRows[] =
    "1,cup,A CUP,6,2011-03-01 10:00:00,2.55,17850.0,Norway\n"
    "1,pan,A PAN,1,2011-03-01 10:00:00,10,17850.0,Norway\n"
    "2,cup,A CUP,2,2011-03-02 09:00:00,2.55,,Norway\n";

std::string Gzipped(const std::string& text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

int64_t SumOfKinds(const IngestCounters& c) {
  return c.events_added + c.events_without_customer + c.rows_quarantined + c.duplicates_in_file +
         c.already_stored + c.rows_ignored + c.attribute_rows;
}

TEST_F(IngestTest, RowsBecomeEventsInOrder) {
  const auto record = IngestRows(kThreeRows);
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->counters.rows_read, 3);
  EXPECT_EQ(record->counters.events_added, 2);
  EXPECT_EQ(record->counters.events_without_customer, 1);
  EXPECT_THAT(record->counters.events_by_type, ElementsAre(Pair("purchase", 3)));

  const std::vector<Event> events = EventsOf(files_);
  ASSERT_THAT(events, SizeIs(3));
  EXPECT_EQ(events[2].customer_id, "") << "the bucket without customers comes last";
  const Event& cup = events[0].item_id == "cup" ? events[0] : events[1];
  EXPECT_EQ(cup.customer_id, "17850");
  EXPECT_EQ(cup.quantity, 6);
  EXPECT_EQ(cup.value_micros, 15'300'000);
  EXPECT_EQ(cup.currency, "EUR");
  EXPECT_EQ(cup.session_id, "1");
  EXPECT_EQ(cup.source, "shop");
  EXPECT_EQ(FormatTime(cup.event_time), "2011-03-01T10:00:00Z");
  EXPECT_EQ(cup.known_at, cup.event_time);
  EXPECT_EQ(cup.ingested_at, kIngestTime);
  EXPECT_EQ(cup.event_id, "") << "the source has no ids";
  EXPECT_EQ(cup.ingest, 1);
  EXPECT_EQ(cup.line, 2);
  EXPECT_EQ(events[0].item_id, "cup") << "the order of the file within one instant";
}

TEST_F(IngestTest, ReturnsArePositiveAndIgnoredRowsAreCounted) {
  const auto record = IngestRows(
      "C9,cup,A CUP,-6,2011-03-01 10:00:00,2.55,1,Norway\n"
      "3,TEST,x,1,2011-03-01 10:00:00,1,1,Norway\n");
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->counters.rows_ignored, 1);
  const std::vector<Event> events = EventsOf(files_);
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].type, EventType::kReturn);
  EXPECT_EQ(events[0].quantity, 6);
  EXPECT_EQ(events[0].value_micros, 15'300'000);
}

TEST_F(IngestTest, ASecondIngestOfTheSameFileAddsNothing) {
  ASSERT_TRUE(IngestRows(kThreeRows).ok());
  const auto before = VisibleIn(files_);
  clock_.Set(kIngestTime + kMicrosPerDay);
  const auto again = IngestRows(kThreeRows);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->counters.already_stored, 3);
  EXPECT_EQ(again->counters.events_added, 0);
  EXPECT_EQ(again->counters.attribute_values_added, 0);
  EXPECT_EQ(SumOfKinds(again->counters), 3);
  EXPECT_EQ(VisibleIn(files_), before);
  const auto store = EventStore::Open(files_, "w/events");
  ASSERT_TRUE(store.ok());
  EXPECT_EQ(store->manifest().version, 2);
  EXPECT_THAT(store->manifest().ingests, SizeIs(2));
}

TEST_F(IngestTest, AnOverlappingFileAddsOnlyWhatIsNew) {
  ASSERT_TRUE(IngestRows(kThreeRows).ok());
  const auto record = IngestRows(
      std::string(kThreeRows) + "5,mug,A MUG,1,2011-04-01 10:00:00,3,9,Chile\n", "b.csv");
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->counters.events_added, 1);
  EXPECT_EQ(record->counters.already_stored, 3);
}

TEST_F(IngestTest, TheOrderOfTwoIngestsDoesNotShow) {
  const std::string a = kThreeRows;
  const std::string b =
      "5,cup,ANOTHER CUP,1,2011-03-01 11:00:00,3,17850,Chile\n"
      "6,mug,A MUG,1,2011-02-01 10:00:00,3,9,Chile\n" +
      std::string("1,cup,A CUP,6,2011-03-01 10:00:00,2.55,17850.0,Norway\n");
  ASSERT_TRUE(IngestRows(a, "a.csv").ok());
  ASSERT_TRUE(IngestRows(b, "b.csv").ok());
  FaultFileSystem other;
  WriteInput(other, "a.csv", kShopHeader + a);
  WriteInput(other, "b.csv", kShopHeader + b);
  ASSERT_TRUE(IngestFile(other, "b.csv").ok());
  ASSERT_TRUE(IngestFile(other, "a.csv").ok());
  EXPECT_EQ(VisibleIn(files_), VisibleIn(other));
  EXPECT_THAT(EventsOf(files_), SizeIs(5));
}

TEST_F(IngestTest, EqualRowsOfAFileAreDroppedOrKept) {
  const std::string row = "1,cup,A CUP,6,2011-03-01 10:00:00,2.55,1,Norway\n";
  const auto dropped = IngestRows(row + row + row);
  ASSERT_TRUE(dropped.ok()) << dropped.status();
  EXPECT_EQ(dropped->counters.events_added, 1);
  EXPECT_EQ(dropped->counters.duplicates_in_file, 2);

  source_ = ParseSource(kShopFields, "  duplicates: keep\n");
  const auto kept = IngestRows(row + row + row);
  ASSERT_TRUE(kept.ok()) << kept.status();
  EXPECT_EQ(kept->counters.events_added, 2) << "the first was there";
  EXPECT_EQ(kept->counters.already_stored, 1);
  EXPECT_EQ(kept->counters.duplicates_kept, 2);
  const auto again = IngestRows(row + row + row);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->counters.already_stored, 3);
}

TEST_F(IngestTest, BadRowsGoToQuarantineWithLineAndReason) {
  const auto record = IngestRows(
      "1,cup,A CUP,6,2011-03-01 10:00:00,2.55,1,Norway\n"
      "2,cup,A CUP,6,2011-02-30 10:00:00,2.55,1,Norway\n"
      "3,cup,A CUP,6\n"
      "4,cup,A CUP,-6,2011-03-01 10:00:00,2.55,1,Norway\n"
      "5,cup,A CUP,1,2011-03-01 10:00:00,2.55,1,Norway\n"
      "6,cup,A CUP,1,2011-03-01 10:00:00,2.55,1,Norway\n"
      "7,cup,A CUP,1,2011-03-01 10:00:00,2.55,1,Norway\n");
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->counters.rows_read, 7);
  EXPECT_EQ(record->counters.rows_quarantined, 3);
  EXPECT_EQ(SumOfKinds(record->counters), 7);
  EXPECT_THAT(record->counters.quarantine_by_reason, SizeIs(3));

  std::istringstream lines(files_.Content(QuarantinePath("w/events", record->ingest_id)));
  std::vector<nlohmann::json> rows;
  for (std::string line; std::getline(lines, line);) rows.push_back(nlohmann::json::parse(line));
  ASSERT_THAT(rows, SizeIs(3));
  EXPECT_EQ(rows[0]["line"], 3);
  EXPECT_EQ(rows[0]["field"], "time");
  EXPECT_EQ(rows[0]["value"], "2011-02-30 10:00:00");
  EXPECT_THAT(rows[0]["reason"].get<std::string>(), HasSubstr("iso8601"));
  EXPECT_EQ(rows[0]["row"]["invoice"], "2");
  EXPECT_EQ(rows[1]["line"], 4);
  EXPECT_EQ(rows[1]["field"], "row");
  EXPECT_EQ(rows[1]["raw"], "3,cup,A CUP,6");
  EXPECT_EQ(rows[2]["line"], 5);
  EXPECT_EQ(rows[2]["field"], "quantity");
  EXPECT_THAT(rows[2]["reason"].get<std::string>(), HasSubstr("not below 0"));
}

TEST_F(IngestTest, TooManyBadRowsStopTheIngestAndKeepTheStore) {
  ASSERT_TRUE(IngestRows(kThreeRows).ok());
  const auto before = VisibleIn(files_);
  const auto refused = IngestRows(
      "1,cup,A CUP,6,yesterday,2.55,1,Norway\n"
      "1,cup,A CUP,6,yesterday,2.55,1,Norway\n"
      "1,cup,A CUP,6,2011-03-01,2.55,1,Norway\n",
      "bad.csv");
  ASSERT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(refused.status()),
              testing::AllOf(HasSubstr("bad.csv: 2 of 3 rows"), HasSubstr("max_bad_fraction 0.5"),
                             HasSubstr("time: wanted"), HasSubstr("w/events/quarantine/")));
  EXPECT_EQ(VisibleIn(files_), before);
}

TEST_F(IngestTest, AMissingColumnIsNamedWithThoseThereAre) {
  WriteInput(files_, "in.csv", "invoice,item,when\n1,2,3\n");
  const auto refused = IngestFile(files_, "in.csv");
  ASSERT_EQ(refused.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(refused.status()),
              testing::AllOf(HasSubstr("in.csv: has no column 'customer'"),
                             HasSubstr("invoice, item, when")));
  EXPECT_EQ(EventStore::Open(files_, "w/events").status().code(), absl::StatusCode::kNotFound);
}

TEST_F(IngestTest, ACutGzipLeavesTheStoreUntouched) {
  ASSERT_TRUE(IngestRows(kThreeRows).ok());
  const auto before = VisibleIn(files_);
  const std::string whole =
      Gzipped(kShopHeader + std::string(kThreeRows) + "9,mug,A MUG,1,2011-04-01,3,9,Chile\n");
  for (const size_t size : {whole.size() / 2, whole.size() - 1}) {
    WriteInput(files_, "cut.csv.gz", whole.substr(0, size));
    const auto cut = IngestFile(files_, "cut.csv.gz");
    EXPECT_EQ(cut.status().code(), absl::StatusCode::kDataLoss) << cut.status();
    EXPECT_THAT(MessageOf(cut.status()), HasSubstr("cut.csv.gz"));
    EXPECT_EQ(VisibleIn(files_), before);
  }
  WriteInput(files_, "whole.csv.gz", whole);
  const auto record = IngestFile(files_, "whole.csv.gz");
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->counters.events_added, 1);
}

TEST_F(IngestTest, AMissingFileIsNamed) {
  const auto missing = IngestFile(files_, "nowhere.csv");
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(MessageOf(missing.status()), HasSubstr("nowhere.csv"));
}

TEST_F(IngestTest, TheResultDoesNotDependOnThreadsOrMemory) {
  std::string rows;
  for (int i = 0; i < 20'000; ++i) {
    rows += Concat(i / 3, ",item", i % 97, ",TEXT ", i % 5, ",", 1 + i % 4,
                   ",2011-03-01 10:00:", 10 + i % 50, ",2.5,", i % 301, ",Norway\n");
  }
  const std::string more = "  duplicates: keep\n  memory_limit_mib: 1\n";
  source_ = ParseSource(kShopFields, more);  // some 6 MB of rows: they spill
  ASSERT_TRUE(IngestRows(rows).ok());
  const auto log = files_.log();
  EXPECT_TRUE(std::any_of(log.begin(), log.end(), [](const std::string& step) {
    return step.find(".tmp-") != std::string::npos && step.find("events-") != std::string::npos;
  })) << "nothing was spilled";

  FaultFileSystem other;
  WriteInput(other, "in/shop.csv", kShopHeader + rows);
  source_ = ParseSource(kShopFields, "  duplicates: keep\n");
  ThreadPool pool(4);
  IngestOptions options;
  options.input = "in/shop.csv";
  options.source = source_;
  options.store_folder = "w/events";
  ASSERT_TRUE(Ingest(other, pool, clock_, options).ok());
  const std::string name = "w/events/" + ManifestName(1);
  EXPECT_FALSE(files_.Content(name).empty());
  EXPECT_EQ(files_.Content(name), other.Content(name)) << "the manifests hold the parts' SHA-256";
}

TEST_F(IngestTest, BucketsAreCompactedAndStagingIsRemoved) {
  for (int i = 0; i < 12; ++i) {
    const auto record =
        IngestRows(Concat(i, ",cup,TEXT ", i, ",1,2011-03-", 10 + i, ",1,7,Norway\n"));
    ASSERT_TRUE(record.ok()) << record.status();
    EXPECT_EQ(record->counters.events_added, 1);
  }
  const auto store = EventStore::Open(files_, "w/events");
  ASSERT_TRUE(store.ok());
  EXPECT_LE(store->manifest().parts.size(), 8U);
  EXPECT_LE(store->manifest().item_attribute_parts.size(), 8U);
  EXPECT_THAT(EventsOf(files_), SizeIs(12));
  EXPECT_THAT(*store->ReadItemAttributes(), SizeIs(12));
  const auto names = files_.List("w/events");
  ASSERT_TRUE(names.ok());
  EXPECT_THAT(*names, ElementsAre("attributes", "cleaning", ManifestName(10), ManifestName(11),
                                  ManifestName(12), "parts", "quarantine"));
}

TEST_F(IngestTest, AttributesAreStoredWhereTheyChange) {
  ASSERT_TRUE(IngestRows("1,cup,OLD,1,2011-03-01,1,7,Norway\n"
                         "2,cup,NEW,1,2011-03-03,1,7,Chile\n"
                         "3,cup,OLD,1,2011-03-02,1,7,Norway\n"
                         "4,cup,lost?,1,2011-03-04,1,,Norway\n")
                  .ok());
  const auto store = EventStore::Open(files_, "w/events");
  ASSERT_TRUE(store.ok());
  const auto items = store->ReadItemAttributes();
  ASSERT_TRUE(items.ok());
  ASSERT_THAT(*items, SizeIs(2)) << "a row without a customer says nothing about an item";
  EXPECT_EQ((*items)[0].value, "OLD");
  EXPECT_EQ(FormatTime((*items)[0].event_time), "2011-03-01T00:00:00Z");
  EXPECT_EQ((*items)[1].value, "NEW");
  EXPECT_EQ(FormatTime((*items)[1].event_time), "2011-03-03T00:00:00Z");
  EXPECT_EQ(store->ReadCustomerAttributes()->size(), 2U);
}

TEST_F(IngestTest, ATableOfItemsGivesAttributes) {
  source_ = ParseSource(R"(
  kind: items
  fields:
    id: {column: sku}
    attributes: {colour: {column: colour}, name: {column: name}}
)");
  WriteInput(files_, "items.csv", "sku,colour,name\na,red,Cup\nb,,Pan\n,blue,Mug\n");
  source_.max_bad_fraction = 0.5;
  const auto record = IngestFile(files_, "items.csv");
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->counters.attribute_rows, 2);
  EXPECT_EQ(record->counters.rows_quarantined, 1);
  EXPECT_EQ(record->counters.attribute_values_added, 3);
  clock_.Set(kIngestTime + kMicrosPerDay);
  WriteInput(files_, "items.csv", "sku,colour,name\na,green,Cup\nb,,Pan\n");
  const auto changed = IngestFile(files_, "items.csv");
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->counters.attribute_values_added, 1) << "only the colour of a changed";
}

TEST_F(IngestTest, TheClientsEventIdDecidesAndTheFirstStoredWins) {
  source_ = ParseSource(R"(
  fields:
    customer: {column: customer}
    time: {column: time}
    event_id: {column: id}
    quantity: {column: quantity}
    type: {default: purchase}
)");
  WriteInput(files_, "a.csv",
             "id,customer,time,quantity\ne1,7,2011-03-01,1\ne1,7,2011-03-01,1\n"
             "e1,7,2011-03-01,2\n");
  const auto first = IngestFile(files_, "a.csv");
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->counters.events_added, 1);
  EXPECT_EQ(first->counters.duplicates_in_file, 2);
  EXPECT_EQ(first->counters.event_id_conflicts, 1);
  WriteInput(files_, "b.csv", "id,customer,time,quantity\ne1,7,2011-03-01,5\ne2,7,2011-03-01,5\n");
  const auto second = IngestFile(files_, "b.csv");
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->counters.events_added, 1);
  EXPECT_EQ(second->counters.already_stored, 1);
  EXPECT_EQ(second->counters.event_id_conflicts, 1);
  const auto events = EventsOf(files_);
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_EQ(events[0].event_id, "e1");
  EXPECT_EQ(events[0].quantity, 1);
}

TEST_F(IngestTest, WithAKeyNoPlainCustomerIdIsLeftAnywhere) {
  pseudonym_ = [](std::string_view id) { return ToHex(HmacSha256("a key", id)); };
  const auto record = IngestRows(
      "1,cup,A CUP,6,2011-03-01,2.55,customer-17850.0,Norway\n"
      "1,cup,A CUP,6,never,2.55,customer-17850,Norway\n"
      "1,cup,A CUP,customer-17850\n"
      "2,cup,A CUP,6,2011-03-01,2.55,customer-17850,Norway\n"
      "3,cup,A CUP,6,2011-03-01,2.55,customer-17850,Norway\n"
      "4,cup,A CUP,6,2011-03-01,2.55,customer-17850,Norway\n");
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->counters.rows_quarantined, 3);
  for (const Event& event : EventsOf(files_)) {
    EXPECT_EQ(event.customer_id, pseudonym_("customer-17850"));
  }
  const std::string quarantine = files_.Content(QuarantinePath("w/events", record->ingest_id));
  EXPECT_THAT(quarantine, Not(HasSubstr("17850")));
  EXPECT_THAT(quarantine, HasSubstr(pseudonym_("customer-17850")));

  pseudonym_ = [](std::string_view id) { return ToHex(HmacSha256("another key", id)); };
  EXPECT_EQ(IngestRows(kThreeRows).status().code(), absl::StatusCode::kFailedPrecondition);
  pseudonym_ = nullptr;
  EXPECT_EQ(IngestRows(kThreeRows).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(IngestTest, ADamagedStoreIsNotAddedTo) {
  ASSERT_TRUE(IngestRows(kThreeRows).ok());
  const std::string path = "w/events/" + ManifestName(1);
  std::string text = files_.Content(path);
  text[text.size() / 2] ^= 1;
  files_.SetContent(path, text);
  const auto refused = IngestRows(kThreeRows);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(MessageOf(refused.status()), HasSubstr(path));
  EXPECT_EQ(EventStore::Open(files_, "w/events").status().code(), absl::StatusCode::kDataLoss);
}

// Ingest in front of a crash after every step, or a failing one: the store is the old or the new.
class IngestCrashTest : public IngestTest {
 protected:
  void SetUp() override {
    ASSERT_TRUE(IngestRows(kThreeRows, "a.csv").ok());
    old_ = VisibleIn(files_);
    WriteInput(files_, "b.csv",
               kShopHeader + std::string("5,mug,A MUG,1,2011-04-01,3,17850,Chile\n"
                                         "6,mug,A MUG,1,never,3,9,Chile\n"
                                         "7,mug,A MUG,2,2011-04-02,3,9,Chile\n"));
    const auto done = files_.Clone();
    const int64_t before = done->steps();
    ASSERT_TRUE(IngestFile(*done, "b.csv").ok());
    steps_ = done->steps() - before;
    new_ = VisibleIn(*done);
    ASSERT_NE(old_, new_);
  }

  // `disk` holds one of the two stores, and an ingest brings the new one.
  void CheckDisk(FaultFileSystem& disk, bool must_be_new) {
    const auto found = VisibleIn(disk);
    EXPECT_TRUE(found == new_ || (!must_be_new && found == old_));
    WriteInput(disk, "b.csv", files_.Content("b.csv"));
    const auto again = IngestFile(disk, "b.csv");
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(VisibleIn(disk), new_);
    const auto names = disk.List("w/events");
    ASSERT_TRUE(names.ok());
    for (const std::string& name : *names) EXPECT_THAT(name, Not(HasSubstr(".tmp")));
  }

  std::vector<std::string> old_, new_;
  int64_t steps_ = 0;
};

TEST_F(IngestCrashTest, ACrashAfterAnyStepLeavesTheOldStoreOrTheNew) {
  ASSERT_GT(steps_, 20);
  int64_t survived_new = 0;
  for (int64_t step = 0; step <= steps_; ++step) {
    for (const Survival survival : kAllSurvivals) {
      SCOPED_TRACE(Concat("crash after step ", step, ", ", SurvivalName(survival)));
      const auto run = files_.Clone();
      run->CrashAfter(step);
      const bool acknowledged = IngestFile(*run, "b.csv").ok();
      const auto disk = run->Survivor(survival, /*seed=*/static_cast<uint64_t>(step));
      CheckDisk(*disk, acknowledged);
      survived_new += acknowledged ? 1 : 0;
    }
  }
  EXPECT_GE(survived_new, 4) << "at least the run without a crash";
}

TEST_F(IngestCrashTest, AFailingStepIsReportedOrHarmless) {
  for (const FaultKind fault : {FaultKind::kIoError, FaultKind::kDiskFull}) {
    for (int64_t step = 0; step < steps_; ++step) {
      SCOPED_TRACE(
          Concat("fault at step ", step, fault == FaultKind::kIoError ? " EIO" : " ENOSPC"));
      const auto run = files_.Clone();
      run->FailAfter(step, fault);
      const auto record = IngestFile(*run, "b.csv");
      CheckDisk(*run->Clone(), record.ok());
    }
  }
}

}  // namespace
}  // namespace burgeon
