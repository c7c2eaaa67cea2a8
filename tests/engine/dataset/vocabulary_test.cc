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

TEST(VocabularyTest, AnAliasFindsTheRowItStandsFor) {
  Vocabulary vocabulary = *Vocabulary::FromIds({"b", "d"});
  ASSERT_TRUE(vocabulary.SetAliases({{"e", 0}, {"a", 1}, {"c", 0}}).ok());
  EXPECT_EQ(vocabulary.Find("a"), 1U);
  EXPECT_EQ(vocabulary.Find("c"), 0U);
  EXPECT_EQ(vocabulary.Find("e"), 0U);
  EXPECT_EQ(vocabulary.Find("b"), 0U);
  EXPECT_EQ(vocabulary.Find("bb"), std::nullopt);
  EXPECT_EQ(vocabulary.Find("f"), std::nullopt);
  EXPECT_EQ(vocabulary.size(), 2);
  EXPECT_EQ(vocabulary.aliases().front(), (Alias{"a", 1}));
}

TEST(VocabularyTest, AliasesAreChecked) {
  Vocabulary vocabulary = *Vocabulary::FromIds({"b"});
  const auto problem = [&](std::vector<Alias> aliases) {
    return MessageOf(vocabulary.SetAliases(std::move(aliases)));
  };
  EXPECT_THAT(problem({{"", 0}}), testing::HasSubstr("an alias is empty"));
  EXPECT_THAT(problem({{"a", 0}, {"a", 0}}), testing::HasSubstr("the alias 'a' is there twice"));
  EXPECT_THAT(problem({{"b", 0}}), testing::HasSubstr("the alias 'b' is an id as well"));
  EXPECT_THAT(problem({{"a", 1}}), testing::HasSubstr("stands for row 1; there are 1"));
  EXPECT_TRUE(vocabulary.aliases().empty());
}

}  // namespace
}  // namespace burgeon
