#include "engine/simulation/feedback_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "engine/base/text.h"

namespace burgeon {
namespace {

TEST(FeedbackText, EveryKindTopicSentimentAndLanguageHasATextOfItsOwn) {
  for (const TextLanguage language : {TextLanguage::kEnglish, TextLanguage::kChinese}) {
    std::set<std::string> texts;
    for (int topic = 0; topic < kSimTopics; ++topic) {
      for (int sentiment = 0; sentiment < 3; ++sentiment) {
        for (const SimFeedback kind : {SimFeedback::kReview, SimFeedback::kSupport}) {
          const std::string text =
              FeedbackText(kind, static_cast<SimTopic>(topic), static_cast<SimSentiment>(sentiment),
                           language, 5, "");
          EXPECT_TRUE(IsValidUtf8(text));
          EXPECT_EQ(text.find_first_of("\"\n\r"), std::string::npos) << text;
          EXPECT_TRUE(texts.insert(text).second) << text;
        }
      }
    }
  }
}

TEST(FeedbackText, VariantsDifferAndNameTheThing) {
  std::set<std::string> texts;
  for (uint64_t variant = 0; variant < 16; ++variant) {
    texts.insert(FeedbackText(SimFeedback::kReview, SimTopic::kPrice, SimSentiment::kPositive,
                              TextLanguage::kEnglish, variant, "Cups"));
  }
  EXPECT_EQ(texts.size(), 16U);
  for (const std::string& text : texts) EXPECT_THAT(text, testing::HasSubstr("Cups"));
  EXPECT_THAT(FeedbackText(SimFeedback::kReview, SimTopic::kPrice, SimSentiment::kPositive,
                           TextLanguage::kChinese, 0, "杯子"),
              testing::HasSubstr("杯子"));
}

TEST(FeedbackText, Names) {
  EXPECT_EQ(SimFeedbackName(SimFeedback::kComplaint), "complaint");
  EXPECT_EQ(SimTopicName(SimTopic::kReturns), "returns");
  EXPECT_EQ(SimSentimentName(SimSentiment::kNegative), "negative");
}

}  // namespace
}  // namespace burgeon
