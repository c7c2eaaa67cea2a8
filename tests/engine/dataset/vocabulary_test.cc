#include "engine/dataset/vocabulary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(VocabularyTest, SortsAndFinds) {
  const auto vocabulary = Vocabulary::FromIds({"b", "a", "10", "9"});
  ASSERT_TRUE(vocabulary.ok());
  EXPECT_THAT(vocabulary->ids(), ElementsAre("10", "9", "a", "b"));
  EXPECT_EQ(vocabulary->Find("9"), 1U);
  EXPECT_EQ(vocabulary->Find("b"), 3U);
  EXPECT_EQ(vocabulary->Find(""), std::nullopt);
  EXPECT_EQ(vocabulary->Find("aa"), std::nullopt);
  EXPECT_EQ(vocabulary->Find("z"), std::nullopt);
  EXPECT_EQ(vocabulary->id(0), "10");
}

TEST(VocabularyTest, MayBeEmpty) {
  const auto vocabulary = Vocabulary::FromIds({});
  ASSERT_TRUE(vocabulary.ok());
  EXPECT_EQ(vocabulary->size(), 0);
  EXPECT_EQ(vocabulary->Find("a"), std::nullopt);
}

TEST(VocabularyTest, RefusesTwiceAndEmpty) {
  const auto twice = Vocabulary::FromIds({"b", "a\n", "a\n"});
  EXPECT_EQ(twice.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(twice.status()), HasSubstr("'a\\x0a' is there twice"));
  const auto empty = Vocabulary::FromIds({"b", ""});
  EXPECT_EQ(empty.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(empty.status()), HasSubstr("is empty"));
}

}  // namespace
}  // namespace burgeon
