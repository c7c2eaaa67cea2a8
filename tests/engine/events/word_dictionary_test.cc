#include "engine/events/word_dictionary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

namespace burgeon {
namespace {

using testing::ElementsAre;

TEST(WordDictionary, CodesAreInTheOrderOfArrival) {
  WordDictionary words(WordDictionary::Bytes::kCopied);
  EXPECT_EQ(words.Code("b"), 0);
  EXPECT_EQ(words.Code(""), 1);
  EXPECT_EQ(words.Code("a"), 2);
  EXPECT_EQ(words.Code("b"), 0);
  EXPECT_THAT(words.words(), ElementsAre("b", "", "a"));
  words.Clear();
  EXPECT_TRUE(words.words().empty());
  EXPECT_EQ(words.Code("a"), 0);
}

TEST(WordDictionary, ManyWordsOfAnySizeAreKept) {
  for (const auto bytes : {WordDictionary::Bytes::kCopied, WordDictionary::Bytes::kBorrowed}) {
    WordDictionary words(bytes);
    std::mt19937_64 random(3);
    std::map<std::string, int32_t> wanted;  // its strings stay where they are
    for (int round = 0; round < 3; ++round) {
      wanted.clear();
      words.Clear();
      for (int i = 0; i < 20'000; ++i) {
        std::string word = std::to_string(random() % 9000);
        if (i % 50 == 0) word += std::string(random() % 3000, 'x');
        const auto [found, is_new] = wanted.try_emplace(word, static_cast<int32_t>(wanted.size()));
        ASSERT_EQ(words.Code(found->first), found->second);
      }
      for (const auto& [word, code] : wanted) {
        ASSERT_EQ(words.words()[static_cast<size_t>(code)], word);
      }
    }
  }
}

// Up to eight bytes are compared as a number: zeros at the end are bytes too.
TEST(WordDictionary, WordsThatDifferInZerosOrAtTheEighthByteAreTwo) {
  WordDictionary words(WordDictionary::Bytes::kCopied);
  int32_t next = 0;
  for (size_t size = 0; size <= 10; ++size) {
    EXPECT_EQ(words.Code(std::string(size, '\0')), next++) << size;
    for (size_t at = 0; at < size; ++at) {
      std::string word(size, '\0');
      word[at] = 'x';
      EXPECT_EQ(words.Code(word), next) << size << " " << at;
      EXPECT_EQ(words.Find(word), next++);
    }
  }
}

TEST(WordDictionary, FindsWhatIsThereAndAddsNothing) {
  WordDictionary words(WordDictionary::Bytes::kCopied);
  EXPECT_EQ(words.Find("view"), -1);
  for (int i = 0; i < 2000; ++i) EXPECT_EQ(words.Code("word " + std::to_string(i)), i);
  for (int i = 0; i < 2000; ++i) EXPECT_EQ(words.Find("word " + std::to_string(i)), i);
  EXPECT_EQ(words.Find("word"), -1);
  EXPECT_EQ(words.Find(""), -1);
  EXPECT_EQ(words.words().size(), 2000U);
}

}  // namespace
}  // namespace burgeon
