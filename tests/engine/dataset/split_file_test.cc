#include "engine/dataset/split_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "engine/storage/file_system.h"

namespace burgeon {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;

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
  std::string Error(const std::string& train, const std::string& test,
                    SplitProtocol protocol = SplitProtocol::kUnstated) {
    const auto split = ReadSplitFiles(RealFileSystem(), Write("train.txt", train),
                                      Write("test.txt", test), protocol);
    EXPECT_EQ(split.status().code(), absl::StatusCode::kInvalidArgument);
    return MessageOf(split.status());
  }
  std::string folder_;
};

TEST_F(SplitFileTest, VocabulariesAreOfBothFiles) {
  // Windows line ends, blank lines, no newline at the end, a user without items, items and users of
  // the test file alone.
  const auto split = ReadSplitFiles(RealFileSystem(), Write("train.txt", "0 5 3 4\r\n\n1 3\n2\n"),
                                    Write("test.txt", "1 9 5\n7 3"));
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

TEST_F(SplitFileTest, OneFileAloneHasNoTest) {
  const auto split = ReadSplitFile(RealFileSystem(), Write("train.txt", "0 5 3\n1 3\n"));
  ASSERT_TRUE(split.ok()) << split.status();
  EXPECT_THAT(split->items.ids(), ElementsAre("3", "5"));
  EXPECT_THAT(split->train.offsets, ElementsAre(0, 2, 3));
  EXPECT_THAT(split->train.columns, ElementsAre(0, 1, 0));
  EXPECT_THAT(split->test.offsets, ElementsAre(0, 0, 0));
  const auto twice = ReadSplitFile(RealFileSystem(), Write("train.txt", "0 5 5\n"));
  EXPECT_EQ(twice.status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(SplitFileTest, ErrorsNameFileAndLine) {
  EXPECT_THAT(Error("", "0 1\n"),
              EndsWith("train.txt: the file has no lines; wanted 'user item item ...'"));
  EXPECT_THAT(Error("0 1\n", "\n \n"),
              EndsWith("test.txt: the file has no lines; wanted 'user item item ...'"));
  EXPECT_THAT(Error("0 1\n\n1 2 3 2\n", "0 2\n"),
              EndsWith("train.txt:3: item '2' of user '1' is there twice; wanted each pair once"));
  EXPECT_THAT(Error("0 1\n1 2\n0 4\n", "0 2\n"),
              EndsWith("train.txt:3: user '0' is there a second time; wanted one line a user"));
  EXPECT_THAT(Error("0 1\n", "0 \xff\n"),
              EndsWith("test.txt:1: '\\xff' is not an id; wanted UTF-8 of at most 512 bytes"));
  const auto missing = ReadSplitFiles(RealFileSystem(), JoinPath(folder_, "none.txt"), "");
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(MessageOf(missing.status()), testing::HasSubstr("none.txt"));
}

TEST_F(SplitFileTest, ASplitThatLeaksIsRefused) {
  EXPECT_THAT(Error("a x y\nb z\n", "b x\na z y\n"),
              AllOf(EndsWith("train.txt:1): masked there, it could never be found"),
                    HasSubstr("test.txt:2: item 'y' of user 'a' is in train too (")));
  EXPECT_THAT(Error("a x\n", "a y z y\n"),
              EndsWith("test.txt:1: item 'y' of user 'a' is there twice; wanted each pair once"));
  EXPECT_THAT(Error("a x\n", "a y\na z\n"),
              EndsWith("test.txt:2: user 'a' is there a second time; wanted one line a user"));
  // A pair of another user is no leak.
  EXPECT_TRUE(ReadSplitFiles(RealFileSystem(), Write("train.txt", "a x\nb y\n"),
                             Write("test.txt", "a y\nb x\n"))
                  .ok());
}

constexpr const char* kHeader = "user_id:token\titem_id:token\trating:float\ttimestamp:float\n";

TEST_F(SplitFileTest, TypedFilesHaveTimes) {
  const auto split = ReadSplitFiles(
      RealFileSystem(),
      Write("train.inter", Concat(kHeader, "b\ty\t3\t20\r\n", "a\tz z\t3\t11.5\n\na\tx\t3\t10\n")),
      Write("test.inter", "item_id:token\tuser_id:token\ny\ta\n"));
  ASSERT_TRUE(split.ok()) << split.status();
  EXPECT_THAT(split->customers.ids(), ElementsAre("a", "b"));
  EXPECT_THAT(split->items.ids(), ElementsAre("x", "y", "z z"));
  EXPECT_THAT(split->train.columns, ElementsAre(0, 2, 1));
  EXPECT_THAT(split->train.offsets, ElementsAre(0, 2, 3));
  EXPECT_THAT(split->train_times, ElementsAre(10'000'000, 11'500'000, 20'000'000));
  EXPECT_THAT(split->test.columns, ElementsAre(1));
}

TEST_F(SplitFileTest, TimesAreHeldToTheProtocol) {
  const std::string train = Concat(kHeader, "a\tx\t1\t100\nb\ty\t1\t300\n");
  const std::string test = Concat(kHeader, "a\ty\t1\t200\nb\tx\t1\t400\n");
  // By customer all is well; b's pair of train is later than a's of test.
  EXPECT_TRUE(ReadSplitFiles(RealFileSystem(), Write("train.txt", train), Write("test.txt", test),
                             SplitProtocol::kLeaveLastOut)
                  .ok());
  EXPECT_THAT(
      Error(train, test, SplitProtocol::kTime),
      AllOf(HasSubstr("train.txt:3: item 'y' of user 'b' is of 1970-01-01T00:05:00Z, later than "
                      "the first of test (1970-01-01T00:03:20Z, "),
            EndsWith("test.txt:2): the split would train on the future")));
  const std::string early = Concat(kHeader, "a\ty\t1\t99\nb\tx\t1\t400\n");
  EXPECT_THAT(Error(train, early, SplitProtocol::kLeaveLastOut),
              HasSubstr("train.txt:2: item 'x' of user 'a' is of 1970-01-01T00:01:40Z, later than "
                        "what is held out of the user (1970-01-01T00:01:39Z, "));
  EXPECT_THAT(Error("a x\n", "a y\n", SplitProtocol::kTime),
              HasSubstr("train.txt: has no times, so that its split cannot be checked"));
}

TEST_F(SplitFileTest, WeightsOfTrainAreKept) {
  const std::string header = "user_id:token\titem_id:token\tweight:float\n";
  const auto split =
      ReadSplitFiles(RealFileSystem(), Write("train.txt", header + "a\ty\t2\na\tx\t0.5\nb\tx\t3\n"),
                     Write("test.txt", header + "b\ty\t9\n"));
  ASSERT_TRUE(split.ok()) << split.status();
  EXPECT_THAT(split->train.columns, ElementsAre(0, 1, 0));
  EXPECT_THAT(split->train.values, ElementsAre(0.5F, 2, 3));
  EXPECT_THAT(split->test.values, ElementsAre());
  for (const std::string weight : {"0", "-1", "x", "nan", "1e30"}) {
    EXPECT_THAT(Error(header + "a\tx\t" + weight + "\n", "a y\n"),
                HasSubstr("train.txt:2: weight: '" + weight + "' is not a positive number"));
  }
}

TEST_F(SplitFileTest, AMaskHasThePairsOfTrainAndItsOwn) {
  const auto split = ReadSplitFiles(RealFileSystem(), Write("train.txt", "a x y\nb y\n"),
                                    Write("test.txt", "a z\n"));
  ASSERT_TRUE(split.ok()) << split.status();
  // What neither vocabulary knows is left out; a pair of train is there once.
  const auto mask = ReadMaskFile(RealFileSystem(), Write("mask.txt", "b x y w\nc x\n"), *split);
  ASSERT_TRUE(mask.ok()) << mask.status();
  EXPECT_THAT(mask->columns, ElementsAre(0, 1, 0, 1));
  EXPECT_THAT(mask->offsets, ElementsAre(0, 2, 4));
  EXPECT_EQ(mask->cols, 3);
  EXPECT_EQ(ReadMaskFile(RealFileSystem(), Write("mask.txt", ""), *split).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(SplitFileTest, TypedFilesAreReadWithCare) {
  EXPECT_THAT(Error("user_id:token\titem:token\na\tx\n", "a y\n"),
              HasSubstr("train.txt:1: the typed header has no item_id:token"));
  EXPECT_THAT(Error(Concat(kHeader, "a\tx\t1\n"), "a y\n"),
              EndsWith("train.txt:2: has 3 columns; the header has 4"));
  EXPECT_THAT(Error(Concat(kHeader, "a\tx\t1\tsoon\n"), "a y\n"),
              EndsWith("train.txt:2: timestamp: 'soon' is not a number of seconds since 1970"));
  EXPECT_THAT(Error(Concat(kHeader, "a\t\t1\t5\n"), "a y\n"),
              HasSubstr("train.txt:2: '' is not an id"));
  EXPECT_THAT(Error(Concat(kHeader, "a\tx\t1\t5\na\tx\t2\t6\n"), "a y\n"),
              EndsWith("train.txt:3: item 'x' of user 'a' is there twice; wanted each pair once"));
  EXPECT_THAT(Error(kHeader, "a y\n"), HasSubstr("train.txt: the file has no lines"));
}

}  // namespace
}  // namespace burgeon
