#include "engine/dataset/split_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "engine/storage/file_system.h"

namespace burgeon {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;

class SplitFileTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = testing::TempDir() + "split_file_" +
              testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  std::string Write(const std::string& name, const std::string& content) {
    const std::string path = JoinPath(folder_, name);
    EXPECT_TRUE(WriteFileAtomically(RealFileSystem(), path, content).ok());
    return path;
  }
  std::string Error(const std::string& train, const std::string& test) {
    const auto split =
        ReadSplitFiles(RealFileSystem(), Write("train.txt", train), Write("test.txt", test));
    EXPECT_EQ(split.status().code(), absl::StatusCode::kInvalidArgument);
    return MessageOf(split.status());
  }
  std::string folder_;
};

TEST_F(SplitFileTest, VocabulariesAreOfBothFiles) {
  // Windows line ends, blank lines, no newline at the end, a user without items, items and users of
  // the test file alone.
  const auto split = ReadSplitFiles(RealFileSystem(), Write("train.txt", "0 5 3 4\r\n\n1 3\n2\n"),
                                    Write("test.txt", "1 9 5 9\n7 3"));
  ASSERT_TRUE(split.ok()) << split.status();
  EXPECT_THAT(split->customers.ids(), ElementsAre("0", "1", "2", "7"));
  EXPECT_THAT(split->items.ids(), ElementsAre("3", "4", "5", "9"));
  EXPECT_THAT(split->train.offsets, ElementsAre(0, 3, 4, 4, 4));
  EXPECT_THAT(split->train.columns, ElementsAre(0, 1, 2, 0));
  EXPECT_THAT(split->test.offsets, ElementsAre(0, 0, 2, 2, 3));
  EXPECT_THAT(split->test.columns, ElementsAre(2, 3, 0));
  EXPECT_EQ(split->train.cols, 4);
  EXPECT_TRUE(split->train.values.empty());
}

TEST_F(SplitFileTest, ErrorsNameFileAndLine) {
  EXPECT_THAT(Error("", "0 1\n"),
              EndsWith("train.txt: the file has no lines; wanted 'user item item ...'"));
  EXPECT_THAT(Error("0 1\n", "\n \n"),
              EndsWith("test.txt: the file has no lines; wanted 'user item item ...'"));
  EXPECT_THAT(Error("0 1\n\n1 2 3 2\n", "0 2\n"),
              EndsWith("train.txt:3: item '2' is on the line twice; wanted each item once"));
  EXPECT_THAT(Error("0 1\n1 2\n0 4\n", "0 2\n"),
              EndsWith("train.txt:3: user '0' is there a second time; wanted one line a user"));
  EXPECT_THAT(Error("0 1\n", "0 \xff\n"),
              EndsWith("test.txt:1: '\\xff' is not an id; wanted UTF-8 of at most 512 bytes"));
  const auto missing = ReadSplitFiles(RealFileSystem(), JoinPath(folder_, "none.txt"), "");
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(MessageOf(missing.status()), testing::HasSubstr("none.txt"));
}

}  // namespace
}  // namespace burgeon
