#include "engine/expression/lexer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/clock.h"
#include "engine/expression/expression.h"

namespace burgeon::expression {
namespace {

using testing::HasSubstr;

TEST(LexerTest, EveryKindOfToken) {
  const auto tokens = Tokenize("a.b >= 1.5e2 and \"Unit \"\"x\"\"\" != 'it''s' 30d(");
  ASSERT_TRUE(tokens.ok()) << tokens.status();
  const std::vector<std::pair<TokenKind, std::string>> expected = {
      {TokenKind::kName, "a.b"},
      {TokenKind::kSymbol, ">="},
      {TokenKind::kNumber, "1.5e2"},
      {TokenKind::kName, "and"},
      {TokenKind::kQuotedName, "Unit \"x\""},
      {TokenKind::kSymbol, "!="},
      {TokenKind::kText, "it's"},
      {TokenKind::kDuration, "30"},
      {TokenKind::kSymbol, "("},
      {TokenKind::kEnd, ""}};
  ASSERT_EQ(tokens->size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ((*tokens)[i].kind, expected[i].first) << i;
    EXPECT_EQ((*tokens)[i].text, expected[i].second) << i;
  }
  EXPECT_EQ((*tokens)[2].number, 150);
  EXPECT_EQ((*tokens)[2].position, 7U);
  EXPECT_EQ((*tokens)[7].micros, 30 * kMicrosPerDay);
}

TEST(LexerTest, Durations) {
  const std::vector<std::pair<std::string, int64_t>> cases = {{"1s", kMicrosPerSecond},
                                                              {"0.5m", 30 * kMicrosPerSecond},
                                                              {"1.5h", 5400 * kMicrosPerSecond},
                                                              {"2w", 14 * kMicrosPerDay},
                                                              {".25d", kMicrosPerDay / 4}};
  for (const auto& [text, micros] : cases) {
    const auto tokens = Tokenize(text);
    ASSERT_TRUE(tokens.ok()) << tokens.status();
    EXPECT_EQ((*tokens)[0].kind, TokenKind::kDuration) << text;
    EXPECT_EQ((*tokens)[0].micros, micros) << text;
  }
}

TEST(LexerTest, NamesMayBeOfAnyScript) {
  const auto tokens = Tokenize(
      "gr\xC3\xB6\xC3\x9F"
      "e_2 - _x");
  ASSERT_TRUE(tokens.ok()) << tokens.status();
  ASSERT_EQ(tokens->size(), 4U);
  EXPECT_EQ((*tokens)[0].text,
            "gr\xC3\xB6\xC3\x9F"
            "e_2");
}

TEST(LexerTest, WhatIsNoTokenIsNamedWithItsPosition) {
  const auto problem = [](std::string_view text) { return MessageOf(Tokenize(text).status()); };
  EXPECT_THAT(problem("a ; b"), HasSubstr("'a ; b', position 3: ';' is not part"));
  EXPECT_THAT(problem("a = 'b"), HasSubstr("position 5: the quote ' has no end"));
  EXPECT_THAT(problem("\"a"), HasSubstr("position 1: the quote \" has no end"));
  EXPECT_THAT(problem("\"\""), HasSubstr("a column without a name"));
  EXPECT_THAT(problem("3x"), HasSubstr("position 2: 'x' is not a unit of time"));
  EXPECT_THAT(problem("1e999"), HasSubstr("'1e999' is not a number"));
  EXPECT_THAT(problem("1e15w"), HasSubstr("too long"));
  EXPECT_THAT(problem("\xFF"), HasSubstr("is not UTF-8"));
  EXPECT_THAT(problem(std::string(kMaxExpressionBytes + 1, ' ')), HasSubstr("at most 65536"));
}

}  // namespace
}  // namespace burgeon::expression
