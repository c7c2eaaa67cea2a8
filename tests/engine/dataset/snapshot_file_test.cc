#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/dataset/snapshot.h"
#include "engine/storage/tensor_file.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/memory_world.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

Snapshot SmallSnapshot() {
  ThreadPool pool(1);
  const auto log = EventLog::Read(pool, MakeWorld(30, 60, 5));
  EXPECT_TRUE(log.ok()) << log.status();
  SnapshotOptions options;
  options.as_of = Day(50);
  options.consent.when_unsaid = ConsentDefault::kGranted;
  auto snapshot = BuildSnapshot(pool, *log, options);
  EXPECT_TRUE(snapshot.ok()) << snapshot.status();
  return *std::move(snapshot);
}

TEST(SnapshotFileTest, ComesBackWhole) {
  FaultFileSystem files;
  const Snapshot snapshot = SmallSnapshot();
  const auto folder = SaveSnapshot(files, "snapshots", snapshot);
  ASSERT_TRUE(folder.ok()) << folder.status();
  EXPECT_EQ(*folder, "snapshots/" + snapshot.id);
  const auto loaded = LoadSnapshot(files, *folder);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->id, snapshot.id);
  EXPECT_EQ(loaded->as_of, snapshot.as_of);
  EXPECT_EQ(loaded->customers.ids(), snapshot.customers.ids());
  EXPECT_EQ(loaded->item_label, snapshot.item_label);
  EXPECT_EQ(loaded->interactions.values, snapshot.interactions.values);
  EXPECT_EQ(loaded->seen.columns, snapshot.seen.columns);
  EXPECT_EQ(loaded->events.type, snapshot.events.type);
  EXPECT_EQ(loaded->events.value_micros, snapshot.events.value_micros);
}

TEST(SnapshotFileTest, IsWrittenOnce) {
  FaultFileSystem files;
  const Snapshot snapshot = SmallSnapshot();
  ASSERT_TRUE(SaveSnapshot(files, "snapshots", snapshot).ok());
  EXPECT_EQ(*files.List("snapshots"), std::vector<std::string>{snapshot.id});
  const std::vector<std::string> before = files.log();
  ASSERT_TRUE(SaveSnapshot(files, "snapshots", snapshot).ok());
  const std::vector<std::string> after = files.log();
  for (size_t i = before.size(); i < after.size(); ++i) {
    EXPECT_THAT(after[i], Not(testing::AnyOf(HasSubstr("write"), HasSubstr("rename")))) << i;
  }
}

// After a crash at any step the snapshot is there whole or not there, and can be saved.
TEST(SnapshotFileTest, ACrashAtAnyStepLeavesAllOrNothing) {
  const Snapshot snapshot = SmallSnapshot();
  FaultFileSystem prepared;
  ASSERT_TRUE(prepared.MakeDirectories("snapshots").ok());
  ASSERT_TRUE(prepared.SyncDirectory(".").ok());
  const auto whole = prepared.Clone();
  ASSERT_TRUE(SaveSnapshot(*whole, "snapshots", snapshot).ok());
  const int64_t steps = whole->steps();
  ASSERT_GT(steps, 8);
  for (int64_t step = 0; step < steps; ++step) {
    const auto run = prepared.Clone();
    run->CrashAfter(step);
    const bool saved = SaveSnapshot(*run, "snapshots", snapshot).ok();
    for (const Survival survival : kAllSurvivals) {
      const auto disk = run->Survivor(survival, static_cast<uint64_t>(step));
      const auto found = LoadSnapshot(*disk, "snapshots/" + snapshot.id);
      if (!found.ok()) {
        EXPECT_EQ(found.status().code(), absl::StatusCode::kNotFound) << found.status();
      }
      EXPECT_TRUE(!saved || found.ok()) << step << " " << SurvivalName(survival);
      const auto again = SaveSnapshot(*disk, "snapshots", snapshot);
      ASSERT_TRUE(again.ok()) << again.status();
      const auto loaded = LoadSnapshot(*disk, *again);
      ASSERT_TRUE(loaded.ok()) << loaded.status();
      EXPECT_EQ(loaded->id, snapshot.id);
    }
  }
}

TEST(SnapshotFileTest, AFullDiskLeavesNothingThatLoads) {
  const Snapshot snapshot = SmallSnapshot();
  FaultFileSystem files;
  const auto full = files.Clone();
  full->FailAfter(4, FaultKind::kDiskFull);
  EXPECT_EQ(SaveSnapshot(*full, "snapshots", snapshot).status().code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(LoadSnapshot(*full, "snapshots/" + snapshot.id).status().code(),
            absl::StatusCode::kNotFound);
}

TEST(SnapshotFileTest, EveryCutAndManyFlippedBitsAreNoticed) {
  FaultFileSystem files;
  const auto folder = SaveSnapshot(files, "s", SmallSnapshot());
  ASSERT_TRUE(folder.ok()) << folder.status();
  for (const std::string name : {"/manifest.json", "/snapshot.safetensors"}) {
    const std::string whole = files.Content(*folder + name);
    ASSERT_FALSE(whole.empty());
    const size_t step = std::max<size_t>(1, whole.size() / 97);
    // The manifest ends with "}\n": without its newline it is still whole.
    for (size_t cut = 0; cut + 1 < whole.size(); cut += step) {
      files.SetContent(*folder + name, whole.substr(0, cut));
      EXPECT_EQ(LoadSnapshot(files, *folder).status().code(), absl::StatusCode::kDataLoss)
          << name << " cut at " << cut;
    }
    files.SetContent(*folder + name, whole);
  }
  const std::string path = *folder + "/snapshot.safetensors";
  const std::string tensors = files.Content(path);
  for (size_t at = 0; at < tensors.size(); at += tensors.size() / 97) {
    std::string flipped = tensors;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    files.SetContent(path, flipped);
    const auto loaded = LoadSnapshot(files, *folder);
    EXPECT_EQ(loaded.status().code(), absl::StatusCode::kDataLoss) << at;
    EXPECT_THAT(MessageOf(loaded.status()), HasSubstr("snapshot.safetensors: is damaged"));
  }
  files.SetContent(path, tensors);
  EXPECT_TRUE(LoadSnapshot(files, *folder).ok());
}

TEST(SnapshotFileTest, AnotherIdInTheManifestIsNoticed) {
  FaultFileSystem files;
  const Snapshot snapshot = SmallSnapshot();
  const auto folder = SaveSnapshot(files, "s", snapshot);
  ASSERT_TRUE(folder.ok()) << folder.status();
  const std::string path = *folder + "/manifest.json";
  std::string manifest = files.Content(path);
  manifest.replace(manifest.find(snapshot.id), 16, "0123456789abcdef");
  files.SetContent(path, manifest);
  const auto loaded = LoadSnapshot(files, *folder);
  EXPECT_EQ(loaded.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(MessageOf(loaded.status()), HasSubstr("0123456789abcdef"));
}

TEST(SnapshotFileTest, NotThere) {
  FaultFileSystem files;
  EXPECT_EQ(LoadSnapshot(files, "s/abc").status().code(), absl::StatusCode::kNotFound);
}

}  // namespace
}  // namespace burgeon
