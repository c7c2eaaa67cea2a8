#include "engine/events/staged_attribute.h"

#include <gtest/gtest.h>

#include "engine/base/hash.h"
#include "tests/support/fault_file_system.h"

namespace burgeon {
namespace {

TEST(StagedAttribute, ValuesComeBackInOrder) {
  FaultFileSystem files;
  StagedBuckets staged(files, "tmp", "items", kEventBuckets);
  BucketSorter sorter(kEventBuckets);
  const int bucket = AttributeBucketOf("cup");
  EXPECT_EQ(bucket, static_cast<int>(StableHash64("cup") % kEventBuckets));
  AppendAttribute("cup", "colour", "red", 1, 2, 3, sorter.bytes());
  sorter.Done(bucket);
  AppendAttribute("", "", "", -1, INT64_MAX, 0, sorter.bytes());
  sorter.Done(bucket);
  staged.Add(sorter.Take());
  const auto values = ReadStagedAttributes(staged, bucket, "items");
  ASSERT_TRUE(values.ok()) << values.status();
  ASSERT_EQ(values->size(), 2U);
  const StagedAttribute& red = values->front();
  EXPECT_EQ(Concat(red.value.id, red.value.name, red.value.value), "cupcolourred");
  EXPECT_EQ(red.value.event_time, 1);
  EXPECT_EQ(red.value.known_at, 2);
  EXPECT_EQ(red.line, 3);
  EXPECT_EQ(values->back().value.known_at, INT64_MAX);
}

TEST(StagedAttribute, ARecordOfAnotherFormIsDataLoss) {
  FaultFileSystem files;
  StagedBuckets staged(files, "tmp", "items", kEventBuckets);
  BucketSorter sorter(kEventBuckets);
  AppendAttribute("cup", "colour", "red", 1, 2, 3, sorter.bytes());
  sorter.bytes()->at(28) = 9;  // the length of the id
  sorter.Done(0);
  staged.Add(sorter.Take());
  EXPECT_EQ(ReadStagedAttributes(staged, 0, "items").status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace burgeon
