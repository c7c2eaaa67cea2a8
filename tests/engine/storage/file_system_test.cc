#include "engine/storage/file_system.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class FileSystemTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = Concat(testing::TempDir(), "burgeon_file_system_", ::getpid(), "_",
                     testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    ASSERT_TRUE(files_.MakeDirectories(folder_).ok());
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string Path(std::string_view name) const { return JoinPath(folder_, name); }

  void Write(const std::string& path, std::string_view content) {
    auto file = files_.OpenForWrite(path);
    ASSERT_TRUE(file.ok()) << file.status();
    ASSERT_TRUE((*file)->Append(content).ok());
    ASSERT_TRUE((*file)->Sync().ok());
    ASSERT_TRUE((*file)->Close().ok());
  }

  std::string Read(const std::string& path) {
    auto content = ReadWholeFile(files_, path, 64 << 20);
    EXPECT_TRUE(content.ok()) << content.status();
    return content.ok() ? *content : "";
  }

  FileSystem& files_ = RealFileSystem();
  std::string folder_;
};

TEST_F(FileSystemTest, WritesAppendsAndReadsBack) {
  const std::string path = Path("a");
  Write(path, "first");
  Write(path, "one");  // truncates
  auto file = files_.OpenForAppend(path);
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE((*file)->Append(" and ").ok());
  ASSERT_TRUE((*file)->Append("two").ok());
  ASSERT_TRUE((*file)->Close().ok());
  EXPECT_EQ(Read(path), "one and two");
}

TEST_F(FileSystemTest, KeepsTheOrderOfSmallAndLargeAppends) {
  std::string expected;
  auto file = files_.OpenForWrite(Path("big"));
  ASSERT_TRUE(file.ok()) << file.status();
  for (int i = 0; i < 40; ++i) {
    const std::string part(i % 7 == 0 ? 700'000 : 1'000, static_cast<char>('a' + i % 26));
    expected += part;
    ASSERT_TRUE((*file)->Append(part).ok());
  }
  ASSERT_TRUE((*file)->Close().ok());
  EXPECT_TRUE(Read(Path("big")) == expected);
}

TEST_F(FileSystemTest, DropsWhatWasNotFlushedWhenAFileIsNotClosed) {
  {
    auto file = files_.OpenForWrite(Path("dropped"));
    ASSERT_TRUE(file.ok()) << file.status();
    ASSERT_TRUE((*file)->Append("abc").ok());
  }
  EXPECT_EQ(Read(Path("dropped")), "");
}

TEST_F(FileSystemTest, ReadsAtAnOffsetAndNamesAnEarlyEnd) {
  Write(Path("a"), "0123456789");
  auto file = files_.OpenForRead(Path("a"));
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ((*file)->size(), 10);
  std::string out(4, ' ');
  ASSERT_TRUE((*file)->ReadAt(3, out).ok());
  EXPECT_EQ(out, "3456");
  const absl::Status status = (*file)->ReadAt(8, out);
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(MessageOf(status), HasSubstr(Path("a")));
  EXPECT_THAT(MessageOf(status), HasSubstr("ends at byte 10; 4 bytes at offset 8"));
}

TEST_F(FileSystemTest, NamesPathAndReasonOfAMissingFile) {
  const auto missing = files_.OpenForRead(Path("nowhere"));
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(MessageOf(missing.status()), HasSubstr(Path("nowhere")));
  EXPECT_THAT(MessageOf(missing.status()), HasSubstr("No such file"));
  EXPECT_EQ(files_.OpenForWrite(Path("no/folder")).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(files_.Rename(Path("x"), Path("y")).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(files_.RemoveFile(Path("x")).code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(files_.List(Path("x")).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(files_.SyncDirectory(Path("x")).code(), absl::StatusCode::kNotFound);
}

TEST_F(FileSystemTest, RefusesToReadAFolderOrAPipeAsAFile) {
  const auto folder = files_.OpenForRead(folder_);
  EXPECT_EQ(folder.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(folder.status()), HasSubstr("is a folder"));
  const auto device = files_.OpenForRead("/dev/null");
  EXPECT_EQ(device.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(device.status()), HasSubstr("not a plain file"));
}

TEST_F(FileSystemTest, ReportsAFullDiskAndStaysBroken) {
  // Every write to /dev/full fails with ENOSPC.
  auto file = files_.OpenForWrite("/dev/full");
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE((*file)->Append("x").ok());  // gathered
  const absl::Status status = (*file)->Sync();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(MessageOf(status), HasSubstr("/dev/full: cannot write: No space left"));
  EXPECT_EQ((*file)->Append("y"), status);
  EXPECT_EQ((*file)->Sync(), status);
  EXPECT_EQ((*file)->Close(), status);
}

TEST_F(FileSystemTest, MakesListsAndRemovesFolders) {
  ASSERT_TRUE(files_.MakeDirectories(Path("b/c/d")).ok());
  ASSERT_TRUE(files_.MakeDirectories(Path("b/c/d")).ok());
  ASSERT_TRUE(files_.MakeDirectories(Path("b/trailing/")).ok());
  Write(Path("b/z"), "");
  Write(Path("b/a"), "");
  const auto names = files_.List(Path("b"));
  ASSERT_TRUE(names.ok()) << names.status();
  EXPECT_THAT(*names, ElementsAre("a", "c", "trailing", "z"));
  EXPECT_TRUE(files_.SyncDirectory(Path("b")).ok());
  EXPECT_TRUE(files_.Exists(Path("b/c/d")));
  EXPECT_TRUE(files_.RemoveTree(Path("b")).ok());
  EXPECT_FALSE(files_.Exists(Path("b")));
  EXPECT_TRUE(files_.RemoveTree(Path("b")).ok());
}

TEST_F(FileSystemTest, RefusesToMakeAFolderOverAFile) {
  Write(Path("file"), "x");
  const absl::Status same = files_.MakeDirectories(Path("file"));
  EXPECT_EQ(same.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(MessageOf(same), HasSubstr("a folder was wanted"));
  EXPECT_FALSE(files_.MakeDirectories(Path("file/below")).ok());
}

TEST_F(FileSystemTest, RefusesAFileOverTheLimit) {
  Write(Path("a"), "12345");
  const auto content = ReadWholeFile(files_, Path("a"), 4);
  EXPECT_EQ(content.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(MessageOf(content.status()), HasSubstr("5 bytes; at most 4"));
  EXPECT_TRUE(ReadWholeFile(files_, Path("a"), 5).ok());
}

TEST_F(FileSystemTest, ReplacesAFileAndLeavesNothingBeside) {
  ASSERT_TRUE(WriteFileAtomically(files_, Path("current"), "one").ok());
  ASSERT_TRUE(WriteFileAtomically(files_, Path("current"), "two").ok());
  EXPECT_EQ(Read(Path("current")), "two");
  EXPECT_THAT(*files_.List(folder_), ElementsAre("current"));
}

TEST_F(FileSystemTest, KeepsTheOldFileWhenTheRenameFails) {
  ASSERT_TRUE(files_.MakeDirectories(Path("taken/inside")).ok());
  EXPECT_FALSE(WriteFileAtomically(files_, Path("taken"), "x").ok());
  EXPECT_THAT(*files_.List(folder_), ElementsAre("taken"));
}

TEST_F(FileSystemTest, RemovesWhatACrashLeftAndNothingElse) {
  ASSERT_TRUE(files_.MakeDirectories(Path(".tmp-a/b")).ok());
  Write(Path(".tmp-c"), "x");
  Write(Path("x.tmp-d"), "x");
  ASSERT_TRUE(RemoveTemporaries(files_, folder_).ok());
  EXPECT_THAT(*files_.List(folder_), ElementsAre("x.tmp-d"));
}

TEST_F(FileSystemTest, LockExcludesUntilItIsReleased) {
  const std::string path = Path("lock");
  {
    auto first = FileLock::Acquire(path);
    ASSERT_TRUE(first.ok()) << first.status();
    const FileLock held = *std::move(first);
    const auto second = FileLock::Acquire(path);
    EXPECT_EQ(second.status().code(), absl::StatusCode::kFailedPrecondition);
    EXPECT_THAT(MessageOf(second.status()), HasSubstr(path));
  }
  EXPECT_TRUE(FileLock::Acquire(path).ok());
}

TEST_F(FileSystemTest, LockOfAKilledProcessIsFree) {
  const std::string path = Path("lock");
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto lock = FileLock::Acquire(path);
    const char byte = lock.ok() ? 'y' : 'n';
    if (::write(ready[1], &byte, 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  EXPECT_EQ(byte, 'y');
  EXPECT_EQ(FileLock::Acquire(path).status().code(), absl::StatusCode::kFailedPrecondition);
  ASSERT_EQ(::kill(child, SIGKILL), 0);
  ASSERT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(FileLock::Acquire(path).ok());
  ::close(ready[0]);
  ::close(ready[1]);
}

TEST(PathTest, JoinsAndTakesApart) {
  EXPECT_EQ(JoinPath("a", "b"), "a/b");
  EXPECT_EQ(JoinPath("a/", "b"), "a/b");
  EXPECT_EQ(JoinPath("", "b"), "b");
  EXPECT_EQ(ParentOf("a/b"), "a");
  EXPECT_EQ(ParentOf("/a/b/"), "/a");
  EXPECT_EQ(ParentOf("b"), ".");
  EXPECT_EQ(ParentOf("/b"), "/");
  EXPECT_EQ(ParentOf("/"), "/");
}

}  // namespace
}  // namespace burgeon
