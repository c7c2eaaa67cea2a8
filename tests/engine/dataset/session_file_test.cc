#include "engine/dataset/session_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

absl::StatusOr<SessionData> Read(const std::string& train, const std::string& test) {
  MemoryFileSystem files;
  files.contents["train"] = train;
  files.contents["test"] = test;
  return ReadSessionFiles(files, "train", "test");
}

TEST(SessionFileTest, SessionsPrefixesAndTargets) {
  const auto data = Read("b a b\n\nc\r\n", "a b\tc\nz a\ta\nb\tz\n");
  ASSERT_TRUE(data.ok()) << data.status();
  EXPECT_THAT(data->items.ids(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(data->train.items, ElementsAre(1, 0, 1, 2));
  EXPECT_THAT(data->train.offsets, ElementsAre(0, 3, 4));
  EXPECT_THAT(data->prefixes.items, ElementsAre(0, 1, 0, 1));  // z is not of train
  EXPECT_THAT(data->prefixes.offsets, ElementsAre(0, 2, 3, 4));
  EXPECT_THAT(data->targets, ElementsAre(2, 0, kUnknownItem));
}

TEST(SessionFileTest, Refusals) {
  EXPECT_THAT(MessageOf(Read("", "a\ta\n").status()), HasSubstr("train: there is no session"));
  EXPECT_THAT(MessageOf(Read("a\n", "").status()), HasSubstr("test: there is no line"));
  EXPECT_THAT(MessageOf(Read("a\n", "a\ta\na b\n").status()), HasSubstr("test:2: 'a b'"));
  EXPECT_THAT(MessageOf(Read("a\n", "a\tb c\n").status()), HasSubstr("test:1"));
  EXPECT_THAT(MessageOf(Read("a\n", "\ta\n").status()), HasSubstr("test:1"));
  EXPECT_THAT(MessageOf(Read("a \xff\n", "a\ta\n").status()), HasSubstr("train:1"));
  EXPECT_THAT(MessageOf(Read("a\n", "a\ta\ta\n").status()), HasSubstr("test:1"));
}

}  // namespace
}  // namespace burgeon
