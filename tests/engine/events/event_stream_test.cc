#include "engine/events/event_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <tuple>

#include "engine/events/staged_record.h"
#include "tests/support/fault_file_system.h"

namespace burgeon {
namespace {

struct Row {
  std::string customer;
  TimeMicros time = 0;
  int64_t line = 0;
};

class EventStreamTest : public testing::Test {
 protected:
  void Add(StagedBuckets* staged, const std::vector<Row>& rows) {
    BucketSorter sorter(1);
    for (const Row& row : rows) {
      EventView view;
      view.customer_id = row.customer;
      view.event_time = view.known_at = row.time;
      view.line = row.line;
      AppendRecord(view, sorter.bytes());
      sorter.Done(0);
    }
    staged->Add(sorter.Take());
  }

  // Lines in order, with "=" where the next row is of the same instant.
  std::string Lines(const StagedBuckets& staged, int64_t memory_bytes,
                    const std::function<bool(int64_t)>& drop = nullptr) {
    auto stream = SortBucket({&files_, "tmp", memory_bytes}, staged, 0, drop);
    EXPECT_TRUE(stream.ok()) << stream.status();
    std::string out;
    while ((*stream)->row() != nullptr) {
      out += Concat((*stream)->row()->line, (*stream)->next_is_same_instant() ? "=" : " ");
      EXPECT_TRUE((*stream)->Advance().ok());
    }
    return out;
  }

  FaultFileSystem files_;
};

TEST_F(EventStreamTest, RowsComeByCustomerTimeAndArrival) {
  StagedBuckets staged(files_, "tmp", "events", 1);
  Add(&staged, {{"b", 1, 1}, {"a", 9, 2}, {"", 5, 3}, {"a", 2, 4}, {"a", 9, 5}, {"", 5, 6}});
  EXPECT_EQ(Lines(staged, 1 << 20), "3=6 4 2=5 1 ");
  EXPECT_EQ(Lines(staged, 1 << 20, [](int64_t record) { return record == 2 || record == 3; }),
            "6 2=5 1 ");
  EXPECT_EQ(Lines(staged, 1 << 20, [](int64_t) { return true; }), "");
}

TEST_F(EventStreamTest, RunsGiveWhatMemoryGives) {
  std::mt19937_64 random(5);
  StagedBuckets staged(files_, "tmp", "events", 1);
  std::vector<Row> all;
  for (int64_t piece = 0; piece < 30; ++piece) {
    std::vector<Row> rows;
    for (int64_t i = 0; i < 100; ++i) {
      rows.push_back({Concat("customer", random() % 7), static_cast<TimeMicros>(random() % 90),
                      piece * 100 + i});
    }
    Add(&staged, rows);
    all.insert(all.end(), rows.begin(), rows.end());
    if (piece % 4 == 3) {
      ASSERT_TRUE(staged.Spill().ok());
    }
  }
  ASSERT_TRUE(staged.Spill().ok());
  std::stable_sort(all.begin(), all.end(), [](const Row& a, const Row& b) {
    return std::tie(a.customer, a.time) < std::tie(b.customer, b.time);
  });
  std::string wanted;
  for (size_t i = 0; i < all.size(); ++i) {
    const bool same = i + 1 < all.size() && all[i + 1].customer == all[i].customer &&
                      all[i + 1].time == all[i].time;
    wanted += Concat(all[i].line, same ? "=" : " ");
  }
  EXPECT_EQ(Lines(staged, 1 << 20), wanted);
  EXPECT_FALSE(files_.Exists("tmp/sort-0-0"));
  EXPECT_EQ(Lines(staged, 10'000), wanted);
  EXPECT_TRUE(files_.Exists("tmp/sort-0-5"));
}

}  // namespace
}  // namespace burgeon
