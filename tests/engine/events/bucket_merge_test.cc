// What ingest_model_test.cc does not see: which parts are read and written.
#include "engine/events/bucket_merge.h"

#include <gmock/gmock.h>

#include "engine/events/staged_record.h"
#include "tests/engine/events/ingest_fixture.h"
#include "tests/engine/events/part_rows.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class BucketMergeTest : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(files_.MakeDirectories("w/parts").ok());
    for (int64_t number = 1; number <= 2; ++number) {
      IngestRecord record;
      record.number = number;
      record.source = number == 1 ? "shop" : "other";
      store_.ingests.push_back(record);
    }
  }
  static EventView View(TimeMicros time, int64_t ingest, int64_t line) {
    EventView out;
    out.customer_id = "7";
    out.event_time = out.known_at = time;
    out.ingest = ingest;
    out.line = line;
    return out;
  }
  EventPart Part(const std::string& file, const std::vector<EventView>& rows) {
    return WriteRows(files_, "w", {file, bucket_, 0, rows.front().ingest}, rows);
  }
  absl::StatusOr<BucketChange> Merge(const std::vector<EventPart>& parts,
                                     const std::vector<TimeMicros>& times) {
    StagedBuckets staged(files_, "tmp", "events", kNoCustomerBucket + 1);
    BucketSorter sorter(kNoCustomerBucket + 1);
    for (const TimeMicros time : times) {
      AppendRecord(View(time, 0, 9), sorter.bytes());
      sorter.Done(bucket_);
    }
    staged.Add(sorter.Take());
    MergeContext context;
    context.files = &files_;
    context.folder = "w";
    context.staging = "tmp";
    context.store = &store_;
    context.staged = &staged;
    context.source = "shop";
    context.ingest = 3;
    context.memory_bytes = 1 << 20;
    return MergeBucket(context, bucket_, parts, "parts/new");
  }

  FaultFileSystem files_;
  EventManifest store_;
  const int bucket_ = BucketOf("7");
};

TEST_F(BucketMergeTest, OnlyPartsOfTheSourceAndTheTimesAreRead) {
  const std::vector<EventPart> parts = {Part("parts/a", {View(10, 1, 1), View(20, 1, 2)}),
                                        Part("parts/b", {View(15, 2, 1)})};
  files_.SetContent("w/parts/b", "damaged");
  const auto same = Merge(parts, {10, 20});
  ASSERT_TRUE(same.ok()) << same.status() << ": the other source's part is not read";
  EXPECT_EQ(same->counters.already_stored, 2);
  EXPECT_THAT(same->parts, SizeIs(2));
  files_.SetContent("w/parts/a", "damaged");
  const auto later = Merge(parts, {21, 30});
  ASSERT_TRUE(later.ok()) << later.status();
  EXPECT_EQ(later->counters.events_added, 2);
  EXPECT_EQ(later->max_event_time, 30);
  ASSERT_THAT(later->parts, SizeIs(3));
  EXPECT_THAT(ReadRows(files_, "w", later->parts.back()),
              ElementsAre(RowText(View(21, 3, 9)), RowText(View(30, 3, 9))));
  EXPECT_THAT(MessageOf(Merge(parts, {15}).status()), HasSubstr("w/parts/a"));
}

TEST_F(BucketMergeTest, ANinthPartMakesThemOne) {
  std::vector<EventPart> parts;
  for (int64_t i = 0; i < 8; ++i) {
    parts.push_back(Part(Concat("parts/", i), {View(i * 10, 1 + i % 2, i)}));
  }
  const auto change = Merge(parts, {35});
  ASSERT_TRUE(change.ok()) << change.status();
  ASSERT_THAT(change->parts, SizeIs(1));
  EXPECT_EQ(change->parts[0].ingest, 0);
  EXPECT_EQ(change->parts[0].rows, 9);
  EXPECT_EQ(ReadRows(files_, "w", change->parts[0])[4], RowText(View(35, 3, 9)));
}

}  // namespace
}  // namespace burgeon
