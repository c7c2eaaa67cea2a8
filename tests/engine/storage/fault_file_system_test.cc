// The fault file system itself: what it promises after a crash is what the other crash tests stand
// on.
#include "tests/support/fault_file_system.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Writes without sync.
std::unique_ptr<WritableFile> Write(FileSystem& files, const std::string& path,
                                    std::string_view content) {
  auto file = *files.OpenForWrite(path);
  EXPECT_TRUE(file->Append(content).ok());
  return file;
}

void WriteDurably(FileSystem& files, const std::string& path, std::string_view content) {
  EXPECT_TRUE(Write(files, path, content)->Sync().ok());
  EXPECT_TRUE(files.SyncDirectory(ParentOf(path)).ok());
}

TEST(FaultFileSystemTest, BehavesLikeAFileSystem) {
  FaultFileSystem files;
  ASSERT_TRUE(files.MakeDirectories("w/a").ok());
  WriteDurably(files, "w/a/x", "one");
  EXPECT_TRUE((*files.OpenForAppend("w/a/x"))->Append(" two").ok());
  EXPECT_EQ(*ReadWholeFile(files, "w/a/x", 100), "one two");
  ASSERT_TRUE(files.Rename("w/a/x", "w/a/y").ok());
  EXPECT_THAT(*files.List("w/a"), ElementsAre("y"));
  EXPECT_EQ(files.OpenForRead("w/a/x").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(files.OpenForRead("w/a").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(files.OpenForWrite("w/none/x").status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(files.MakeDirectories("w/a/y/z").code(), absl::StatusCode::kAlreadyExists);
  ASSERT_TRUE(files.MakeDirectories("w/b").ok());
  EXPECT_EQ(files.Rename("w/b", "w/a").code(), absl::StatusCode::kAlreadyExists);
  ASSERT_TRUE(files.RemoveTree("w/a").ok());
  ASSERT_TRUE(files.RemoveTree("w/a").ok());
  EXPECT_THAT(*files.List("w"), ElementsAre("b"));
}

TEST(FaultFileSystemTest, AFileNeedsItsOwnSyncAndItsFoldersSync) {
  FaultFileSystem files;
  ASSERT_TRUE(files.MakeDirectories("w").ok());
  const auto neither = Write(files, "w/neither", "abc");
  ASSERT_TRUE(files.SyncDirectory("w").ok());
  const auto synced = Write(files, "w/synced", "abc");
  ASSERT_TRUE(synced->Sync().ok());  // but not its name

  const auto dropped = files.Survivor(Survival::kDropUnsynced, 0);
  EXPECT_TRUE(dropped->Exists("w/neither"));
  EXPECT_EQ(dropped->Content("w/neither"), "");
  EXPECT_FALSE(dropped->Exists("w/synced"));
  const auto named = files.Survivor(Survival::kKeepNames, 0);
  EXPECT_EQ(named->Content("w/neither"), "");
  EXPECT_EQ(named->Content("w/synced"), "abc");
  const auto kept = files.Survivor(Survival::kKeepAll, 0);
  EXPECT_EQ(kept->Content("w/neither"), "abc");
}

TEST(FaultFileSystemTest, ARenameIsOldOrNew) {
  FaultFileSystem files;
  ASSERT_TRUE(files.MakeDirectories("w").ok());
  WriteDurably(files, "w/current", "old");
  ASSERT_TRUE(Write(files, "w/current.tmp", "new")->Sync().ok());
  ASSERT_TRUE(files.Rename("w/current.tmp", "w/current").ok());
  EXPECT_EQ(files.Survivor(Survival::kDropUnsynced, 0)->Content("w/current"), "old");
  EXPECT_EQ(files.Survivor(Survival::kKeepNames, 0)->Content("w/current"), "new");
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const auto torn = files.Survivor(Survival::kTorn, seed);
    EXPECT_THAT(torn->Content("w/current"), testing::AnyOf("old", "new"));
  }
  ASSERT_TRUE(files.SyncDirectory("w").ok());
  EXPECT_EQ(files.Survivor(Survival::kDropUnsynced, 0)->Content("w/current"), "new");
}

TEST(FaultFileSystemTest, TornBytesNeverTouchWhatWasSynced) {
  FaultFileSystem files;
  ASSERT_TRUE(files.MakeDirectories("w").ok());
  WriteDurably(files, "w/log", "first\n");
  ASSERT_TRUE((*files.OpenForAppend("w/log"))->Append("second\n").ok());
  bool cut = false;
  bool zeroed = false;
  for (uint64_t seed = 0; seed < 100; ++seed) {
    const std::string log = files.Survivor(Survival::kTorn, seed)->Content("w/log");
    ASSERT_EQ(log.substr(0, 6), "first\n") << "seed " << seed;
    EXPECT_LE(log.size(), 13U);
    cut |= log.size() < 13;
    zeroed |= log.size() == 13 && log.back() == '\0';
  }
  EXPECT_TRUE(cut);
  EXPECT_TRUE(zeroed);
}

TEST(FaultFileSystemTest, AfterACrashEverythingFails) {
  FaultFileSystem files;
  ASSERT_TRUE(files.MakeDirectories("w").ok());
  files.CrashAfter(1);
  const auto file = files.OpenForWrite("w/x");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_FALSE(files.crashed());
  const absl::Status append = (*file)->Append("12345678");
  EXPECT_THAT(MessageOf(append), HasSubstr("w/x: cannot append: the machine has crashed"));
  EXPECT_TRUE(files.crashed());
  EXPECT_FALSE((*file)->Append("90").ok());
  EXPECT_FALSE((*file)->Sync().ok());
  EXPECT_FALSE(files.OpenForRead("w/x").ok());
  EXPECT_FALSE(files.SyncDirectory("w").ok());
  EXPECT_FALSE(files.RemoveTree("w").ok());
  // The write at which it crashed may be there in part.
  EXPECT_EQ(files.Survivor(Survival::kKeepAll, 0)->Content("w/x"), "1234");
  EXPECT_TRUE(files.Survivor(Survival::kKeepAll, 0)->OpenForRead("w/x").ok());
}

TEST(FaultFileSystemTest, AnIoErrorHitsOneStepAndAFullDiskAllThatNeedRoom) {
  FaultFileSystem files;
  ASSERT_TRUE(files.MakeDirectories("w").ok());
  WriteDurably(files, "w/x", "abc");
  files.FailAfter(1, FaultKind::kIoError);
  auto file = *files.OpenForAppend("w/x");
  EXPECT_EQ(file->Append("d").code(), absl::StatusCode::kUnavailable);
  EXPECT_TRUE(file->Append("ef").ok());

  files.FailAfter(0, FaultKind::kDiskFull);
  EXPECT_EQ(file->Append("1234").code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(files.OpenForWrite("w/y").status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(files.MakeDirectories("w/z").code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(files.RemoveFile("w/x").ok());
}

TEST(FaultFileSystemTest, ASyncAfterAFailedSyncProvesNothing) {
  FaultFileSystem files;
  ASSERT_TRUE(files.MakeDirectories("w").ok());
  WriteDurably(files, "w/x", "");
  files.FailAfter(2, FaultKind::kIoError);
  const auto file = Write(files, "w/x", "abc");
  EXPECT_FALSE(file->Sync().ok());
  EXPECT_TRUE(file->Sync().ok());
  EXPECT_EQ(files.Survivor(Survival::kDropUnsynced, 0)->Content("w/x"), "");
}

TEST(FaultFileSystemTest, CountsAndNamesItsSteps) {
  FaultFileSystem files;
  ASSERT_TRUE(WriteFileAtomically(files, "current", "x").ok());
  EXPECT_THAT(files.log(),
              ElementsAre("create current.tmp", "append current.tmp", "sync current.tmp",
                          "close current.tmp", "rename current.tmp to current", "sync folder ."));
  EXPECT_EQ(files.steps(), 6);
}

TEST(AtomicFileTest, IsOldOrNewAfterACrashAtEveryStep) {
  FaultFileSystem before;
  ASSERT_TRUE(WriteFileAtomically(before, "current", "old").ok());
  bool done = false;
  for (int64_t step = 0; !done; ++step) {
    const auto run = before.Clone();
    run->CrashAfter(step);
    done = WriteFileAtomically(*run, "current", "new").ok();
    for (const Survival survival : kAllSurvivals) {
      const auto disk = run->Survivor(survival, static_cast<uint64_t>(step));
      const std::string content = disk->Content("current");
      if (done) {
        EXPECT_EQ(content, "new") << SurvivalName(survival);
      } else {
        EXPECT_THAT(content, testing::AnyOf("old", "new"))
            << "step " << step << ", " << SurvivalName(survival);
      }
    }
  }
}

}  // namespace
}  // namespace burgeon
