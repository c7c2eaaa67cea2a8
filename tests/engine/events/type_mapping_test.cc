#include "engine/events/type_mapping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "tests/support/test_seed.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

struct Parsed {
  TypeMapping type;
  std::string problem;
};

Parsed Parse(const std::string& type) {
  auto config = Config::Parse("type: " + type + "\n", "a.yaml");
  EXPECT_TRUE(config.ok()) << config.status();
  Parsed out;
  out.type = ParseTypeMapping(config->root().Child("type"), {"NULL"});
  out.problem = MessageOf(config->Finish());
  return out;
}

// Whether a rule of one test takes a text.
bool Takes(const std::string& test, std::string_view text) {
  const Parsed parsed = Parse("{default: view, rules: [{column: a, type: click, " + test + "}]}");
  EXPECT_EQ(parsed.problem, "");
  const TypeRule& rule = parsed.type.rules.at(0);
  return RuleMatches(rule, ParseDecimal(rule.bound).value_or(Decimal{}), text);
}

TEST(TypeMapping, EveryTestTakesWhatItSays) {
  EXPECT_TRUE(Takes("equals: a", "a"));
  EXPECT_FALSE(Takes("equals: a", "A"));
  EXPECT_TRUE(Takes("in: [a, b]", "b"));
  EXPECT_FALSE(Takes("in: [a, b]", ""));
  EXPECT_TRUE(Takes("starts_with: ab", "abc"));
  EXPECT_FALSE(Takes("starts_with: ab", "a"));
  EXPECT_TRUE(Takes("ends_with: bc", "abc"));
  EXPECT_FALSE(Takes("ends_with: bc", "abcd"));
  EXPECT_TRUE(Takes("contains: b", "abc"));
  EXPECT_FALSE(Takes("contains: x", "abc"));
  EXPECT_TRUE(Takes("matches: /p/*.html", "/p/shoes/7.html"));
  EXPECT_FALSE(Takes("matches: /p/*.html", "/p/7.htm"));
  EXPECT_TRUE(Takes("less_than: -1.5", "-1.50001"));
  EXPECT_FALSE(Takes("less_than: -1.5", "-1.50"));
  EXPECT_TRUE(Takes("greater_than: 2", "2.01"));
  EXPECT_FALSE(Takes("greater_than: 2", "2.0"));
  EXPECT_FALSE(Takes("greater_than: 2", "three")) << "no number";
  EXPECT_TRUE(Takes("present: true", "x"));
  EXPECT_FALSE(Takes("present: true", ""));
  EXPECT_FALSE(Takes("present: true", "NULL")) << "a null value of the source";
  EXPECT_TRUE(Takes("absent: true", "NULL"));
  EXPECT_TRUE(Takes("absent: true", ""));
  EXPECT_FALSE(Takes("absent: true", "x"));
}

TEST(TypeMapping, GlobsTakeCharactersNotBytes) {
  EXPECT_TRUE(MatchesGlob("?", "é"));
  EXPECT_FALSE(MatchesGlob("?", ""));
  EXPECT_FALSE(MatchesGlob("??", "é"));
  EXPECT_TRUE(MatchesGlob("*?é*", "aé"));
  EXPECT_TRUE(MatchesGlob("", ""));
  EXPECT_FALSE(MatchesGlob("", "a"));
  EXPECT_TRUE(MatchesGlob("**", ""));
  EXPECT_TRUE(MatchesGlob("a*b*c", "aXbYbZc"));
  EXPECT_FALSE(MatchesGlob("a*b*c", "aXbYbZ"));
}

// The definition, one choice at a time.
bool BruteGlob(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') {
    return BruteGlob(pattern.substr(1), text) ||
           (!text.empty() && BruteGlob(pattern, text.substr(1)));
  }
  return !text.empty() && (pattern[0] == '?' || pattern[0] == text[0]) &&
         BruteGlob(pattern.substr(1), text.substr(1));
}

TEST(TypeMapping, GlobsAgreeWithTheirDefinition) {
  std::mt19937_64 random(TestSeed());
  int matched = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string pattern;
    std::string text;
    for (uint64_t n = random() % 7; n > 0; --n) pattern += "ab*?*"[random() % 5];
    for (uint64_t n = random() % 9; n > 0; --n) text += "ab"[random() % 2];
    const bool wanted = BruteGlob(pattern, text);
    matched += wanted ? 1 : 0;
    ASSERT_EQ(MatchesGlob(pattern, text), wanted) << pattern << " " << text;
  }
  EXPECT_GT(matched, 2000);
}

TEST(TypeMapping, NamesWhatIsWrong) {
  EXPECT_THAT(Parse("{}").problem, HasSubstr("type.default"));
  EXPECT_THAT(Parse("{default: buy}").problem, HasSubstr("'buy' is neither an event type"));
  EXPECT_THAT(Parse("{default: buy}").problem, HasSubstr("checkout, purchase, return, cancel"));
  EXPECT_THAT(Parse("{default: view, values: {a: view}}").problem, HasSubstr("without `column`"));
  const auto rule = [](const std::string& text) {
    return Parse("{default: view, rules: [{column: a, type: view" + text + "}]}").problem;
  };
  EXPECT_THAT(rule(""), HasSubstr("exactly one of `equals`"));
  EXPECT_THAT(rule(", equals: x, absent: true"), HasSubstr("exactly one of `equals`"));
  EXPECT_THAT(rule(", greater_than: x"), HasSubstr("'x' is not a number"));
  EXPECT_THAT(rule(", present: false"), HasSubstr("is false"));
  EXPECT_THAT(rule(", equals: x, name: n"), HasSubstr("type: other"));
}

}  // namespace
}  // namespace burgeon
