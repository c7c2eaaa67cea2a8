#include "engine/dataset/id_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/limits.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(IdLinesTest, WordsStandBetweenBlanks) {
  EXPECT_THAT(SplitAtBlanks(" a\t bc \r"), ElementsAre("a", "bc"));
  EXPECT_THAT(SplitAtBlanks("a"), ElementsAre("a"));
  EXPECT_THAT(SplitAtBlanks(" \t\r"), ElementsAre());
  EXPECT_THAT(SplitAtBlanks(""), ElementsAre());
}

TEST(IdLinesTest, AnIdIsUtf8OfSomeBytes) {
  EXPECT_TRUE(CheckFileId("caf\xc3\xa9", 1, "f").ok());
  const std::string longest(static_cast<size_t>(limits::kMaxIdBytes), 'x');
  EXPECT_TRUE(CheckFileId(longest, 1, "f").ok());
  EXPECT_THAT(MessageOf(CheckFileId(longest + "x", 7, "f")), HasSubstr("f:7: 'xxx"));
  EXPECT_THAT(MessageOf(CheckFileId("", 2, "f")), HasSubstr("f:2: '' is not an id"));
  EXPECT_EQ(CheckFileId("\xff", 2, "f").code(), absl::StatusCode::kInvalidArgument);
}

TEST(IdLinesTest, OneBadIdIsTheWholeLinesError) {
  const auto good = ReadIds("a b", 3, "f");
  ASSERT_TRUE(good.ok()) << good.status();
  EXPECT_THAT(*good, ElementsAre("a", "b"));
  EXPECT_THAT(MessageOf(ReadIds("a \xff b", 3, "f").status()), HasSubstr("f:3"));
}

TEST(IdLinesTest, LinesAreNumberedAndTheFirstErrorEnds) {
  std::vector<std::string> seen;
  const auto visit = [&](int64_t number, std::string_view line) -> absl::Status {
    seen.push_back(Concat(number, ":", line));
    return line == "stop" ? InvalidArgument("stopped") : absl::OkStatus();
  };
  EXPECT_TRUE(ForEachLine("a\n\nb", visit).ok());
  EXPECT_THAT(seen, ElementsAre("1:a", "2:", "3:b"));
  seen.clear();
  EXPECT_EQ(MessageOf(ForEachLine("a\nstop\nb\n", visit)), "stopped");
  EXPECT_THAT(seen, ElementsAre("1:a", "2:stop"));
}

}  // namespace
}  // namespace burgeon
