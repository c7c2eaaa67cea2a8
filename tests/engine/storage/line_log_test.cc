#include "engine/storage/line_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> LinesOf(FileSystem& files) {
  std::vector<std::string> lines;
  const absl::Status read =
      ReadLines(files, "f/log", 1000, [&](std::string_view line, int64_t number) {
        lines.push_back(Concat(number, ":", line));
        return absl::OkStatus();
      });
  EXPECT_TRUE(read.ok()) << read;
  return lines;
}

TEST(LineLog, LinesComeBackInOrder) {
  MemoryFileSystem files;
  EXPECT_THAT(LinesOf(files), IsEmpty());
  ASSERT_TRUE(AppendDurably(files, "f/log", "one", 1000).ok());
  ASSERT_TRUE(AppendDurably(files, "f/log", "", 1000).ok());
  ASSERT_TRUE(AppendDurably(files, "f/log", "three", 1000).ok());
  EXPECT_THAT(LinesOf(files), ElementsAre("1:one", "2:", "3:three"));
}

TEST(LineLog, IsSyncedBeforeItReturns) {
  MemoryFileSystem files;
  ASSERT_TRUE(AppendDurably(files, "f/log", "one", 1000).ok());
  EXPECT_THAT(files.steps, testing::Contains("sync f/log"));
  EXPECT_EQ(files.steps.back(), "syncdir f");
  files.fail_sync = true;
  EXPECT_TRUE(absl::IsUnavailable(AppendDurably(files, "f/log", "two", 1000)));
}

TEST(LineLog, ATornLineIsLeftOutAndThenCutOff) {
  MemoryFileSystem files;
  files.contents["f/log"] = "one\ntw";
  EXPECT_THAT(LinesOf(files), ElementsAre("1:one"));
  ASSERT_TRUE(AppendDurably(files, "f/log", "three", 1000).ok());
  EXPECT_EQ(files.contents["f/log"], "one\nthree\n");
  files.contents["f/log"] = "nothing whole";
  ASSERT_TRUE(AppendDurably(files, "f/log", "one", 1000).ok());
  EXPECT_EQ(files.contents["f/log"], "one\n");
}

TEST(LineLog, StopsAtTheFirstError) {
  MemoryFileSystem files;
  files.contents["f/log"] = "one\ntwo\nthree\n";
  int64_t last = 0;
  const absl::Status status =
      ReadLines(files, "f/log", 1000, [&](std::string_view, int64_t number) {
        last = number;
        return number == 2 ? InvalidArgument("no") : absl::OkStatus();
      });
  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(last, 2);
  EXPECT_TRUE(absl::IsResourceExhausted(
      ReadLines(files, "f/log", 5, [](std::string_view, int64_t) { return absl::OkStatus(); })));
}

}  // namespace
}  // namespace burgeon
