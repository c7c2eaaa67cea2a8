#include "engine/governance/quality_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "tests/support/memory_file_system.h"
#include "tests/support/test_seed.h"

namespace burgeon {
namespace {

using Group = std::vector<std::pair<int64_t, int64_t>>;  // value, row

KeyedRecord Record(int key, int64_t value, int64_t row) {
  return {.key = Hash128Of(std::to_string(key)), .value = value, .tag = 7, .row = row};
}

std::map<Hash128, Group> Finish(KeyedRecords& records) {
  std::map<Hash128, Group> groups;
  const absl::Status status = records.Finish([&](std::span<const KeyedRecord> group) {
    Group& out = groups[group[0].key];
    EXPECT_TRUE(out.empty()) << "a key came twice";
    for (const KeyedRecord& record : group) out.emplace_back(record.value, record.row);
  });
  EXPECT_TRUE(status.ok()) << status;
  return groups;
}

TEST(KeyedRecordsTest, GroupsAreWholeAndSorted) {
  MemoryFileSystem files;
  KeyedRecords records(files, "spill", 1 << 20);
  for (const KeyedRecord& record :
       {Record(1, 5, 0), Record(2, 1, 1), Record(1, 3, 2), Record(1, 5, 3)}) {
    ASSERT_TRUE(records.Add(record).ok());
  }
  const auto groups = Finish(records);
  EXPECT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups.at(Hash128Of("1")), (Group{{3, 2}, {5, 0}, {5, 3}}));
  EXPECT_EQ(groups.at(Hash128Of("2")), (Group{{1, 1}}));
  EXPECT_FALSE(records.spilled());
  EXPECT_TRUE(files.contents.empty());
}

TEST(KeyedRecordsTest, TheSameGroupsWhenTheMemoryDoesNotSuffice) {
  std::mt19937_64 random(TestSeed());
  MemoryFileSystem files;
  KeyedRecords large(files, "large", 1 << 30);
  KeyedRecords small(files, "small", 0);
  for (int64_t row = 0; row < 20'000; ++row) {
    const KeyedRecord record =
        Record(static_cast<int>(random() % 3'000), static_cast<int64_t>(random() % 50), row);
    ASSERT_TRUE(large.Add(record).ok());
    ASSERT_TRUE(small.Add(record).ok());
  }
  EXPECT_TRUE(small.spilled());
  EXPECT_FALSE(large.spilled());
  EXPECT_EQ(Finish(small), Finish(large));
  EXPECT_TRUE(files.contents.empty()) << "spill files are left";
}

TEST(KeyedRecordsTest, AFullDiskIsAnErrorAndLeavesNothing) {
  MemoryFileSystem files;
  files.fail_appends_after = 1000;
  {
    KeyedRecords records(files, "spill", 0);
    absl::Status status;
    for (int64_t row = 0; status.ok() && row < 5'000; ++row) {
      status = records.Add(Record(static_cast<int>(row), 0, row));
    }
    EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  }
  EXPECT_TRUE(files.contents.empty());
}

TEST(KeyedRecordsTest, NoRecordsNoGroups) {
  MemoryFileSystem files;
  KeyedRecords records(files, "spill", 0);
  EXPECT_TRUE(Finish(records).empty());
}

}  // namespace
}  // namespace burgeon
