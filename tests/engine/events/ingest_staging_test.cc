#include "engine/events/ingest_staging.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "tests/support/fault_file_system.h"

namespace burgeon {
namespace {

// A record of our own: its size, then text.
std::string Record(std::string_view text) {
  const auto size = static_cast<uint32_t>(text.size() + sizeof(uint32_t));
  std::string out(sizeof(size), '\0');
  std::memcpy(out.data(), &size, sizeof(size));
  return out.append(text);
}

// All records of a bucket in order, read in blocks of so many bytes.
std::string ReadAll(const StagedBuckets& staged, int bucket, int64_t block_bytes) {
  std::string out;
  const absl::Status read = staged.ReadRecords(
      bucket,
      [&](std::string_view records) {
        out.append(records);
        return absl::OkStatus();
      },
      block_bytes);
  EXPECT_TRUE(read.ok()) << read;
  return out;
}

TEST(BucketSorter, KeepsTheOrderWithinABucket) {
  BucketSorter sorter(3);
  for (const auto& [bucket, text] : {std::pair(2, "a"), {0, "b"}, {2, "c"}, {0, "d"}}) {
    sorter.bytes()->append(Record(text));
    sorter.Done(bucket);
  }
  const BucketedRecords records = sorter.Take();
  EXPECT_EQ(records.Of(0), Record("b") + Record("d"));
  EXPECT_EQ(records.Of(1), "");
  EXPECT_EQ(records.Of(2), Record("a") + Record("c"));
  EXPECT_TRUE(sorter.Take().bytes.empty());
}

TEST(StagedBuckets, RecordsComeBackInOrderFromMemoryAndRuns) {
  FaultFileSystem files;
  StagedBuckets staged(files, "tmp", "events", 3);
  std::vector<std::string> wanted(3);
  std::mt19937_64 random(7);
  for (int piece = 0; piece < 20; ++piece) {
    BucketSorter sorter(3);
    for (int i = 0; i < 50; ++i) {
      const std::string record = Record(std::string(random() % 300, 'x') + Concat(piece, "-", i));
      const int bucket = i % 5 == 0 ? 1 : 0;
      sorter.bytes()->append(record);
      sorter.Done(bucket);
      wanted[static_cast<size_t>(bucket)] += record;
    }
    staged.Add(sorter.Take());
    if (piece % 7 == 6) {
      ASSERT_TRUE(staged.Spill().ok());
      EXPECT_EQ(staged.held_bytes(), 0);
    }
  }
  EXPECT_TRUE(staged.spilled());
  for (int bucket = 0; bucket < 3; ++bucket) {
    const std::string& all = wanted[static_cast<size_t>(bucket)];
    EXPECT_EQ(staged.BytesOf(bucket), static_cast<int64_t>(all.size()));
    for (const int64_t block : {1, 100, 1000, 1 << 20}) {
      EXPECT_EQ(ReadAll(staged, bucket, block), all) << "blocks of " << block;
    }
    std::string owned, loaded;
    std::vector<std::string_view> pieces;
    ASSERT_TRUE(staged.Load(bucket, &owned, &pieces).ok());
    for (const std::string_view piece : pieces) loaded += piece;
    EXPECT_EQ(loaded, all);
  }
}

TEST(StagedBuckets, ACutRunIsNoticed) {
  FaultFileSystem files;
  StagedBuckets staged(files, "tmp", "events", 1);
  BucketSorter sorter(1);
  sorter.bytes()->append(Record("one"));
  sorter.Done(0);
  staged.Add(sorter.Take());
  ASSERT_TRUE(staged.Spill().ok());
  const std::string whole = files.Content("tmp/events-0");
  std::string longer = whole;
  longer[0] = static_cast<char>(longer[0] + 1);  // says that it has a byte more
  for (const std::string& damaged : {whole.substr(0, whole.size() - 1), longer}) {
    files.SetContent("tmp/events-0", damaged);
    const auto ignore = [](std::string_view) { return absl::OkStatus(); };
    EXPECT_EQ(staged.ReadRecords(0, ignore).code(), absl::StatusCode::kDataLoss);
    std::string owned;
    std::vector<std::string_view> pieces;
    EXPECT_EQ(staged.Load(0, &owned, &pieces).code(), absl::StatusCode::kDataLoss);
  }
}

}  // namespace
}  // namespace burgeon
