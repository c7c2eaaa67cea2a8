#include "engine/table/atomic_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

using ::testing::ElementsAre;

absl::Status WriteText(FileSystem& files, const std::string& path, std::string_view text) {
  BURGEON_ASSIGN_OR_RETURN(const auto file, files.OpenForWrite(path));
  BURGEON_RETURN_IF_ERROR(file->Append(text));
  BURGEON_RETURN_IF_ERROR(file->Sync());
  return file->Close();
}

TEST(ReplaceFileTest, RenamesAndSyncsTheFolder) {
  MemoryFileSystem files;
  files.contents["a/b.txt"] = "old";
  const auto write = [&](const std::string& path) { return WriteText(files, path, "new"); };
  ASSERT_EQ(ReplaceFile(files, "a/b.txt", write), absl::OkStatus());
  EXPECT_EQ(files.contents["a/b.txt"], "new");
  EXPECT_EQ(files.contents.size(), 1U);
  EXPECT_EQ(files.steps.back(), "syncdir a");
}

TEST(ReplaceFileTest, APathWithoutFolderSyncsTheCurrentOne) {
  MemoryFileSystem files;
  const auto write = [&](const std::string& path) { return WriteText(files, path, "new"); };
  ASSERT_EQ(ReplaceFile(files, "b.txt", write), absl::OkStatus());
  EXPECT_EQ(files.steps.back(), "syncdir .");
}

TEST(ReplaceFileTest, AFailureKeepsTheOldFileAndRemovesTheTemporary) {
  MemoryFileSystem files;
  files.contents["b.txt"] = "old";
  files.fail_sync = true;
  const auto write = [&](const std::string& path) { return WriteText(files, path, "new"); };
  EXPECT_EQ(ReplaceFile(files, "b.txt", write).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(files.contents["b.txt"], "old");
  EXPECT_EQ(files.contents.size(), 1U);
  EXPECT_THAT(files.steps, ElementsAre("write b.txt.tmp", "sync b.txt.tmp", "remove b.txt.tmp"));
}

}  // namespace
}  // namespace burgeon
