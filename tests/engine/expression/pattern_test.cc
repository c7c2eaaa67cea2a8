#include "engine/expression/pattern.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace burgeon {
namespace {

using testing::HasSubstr;

bool Matches(PatternKind kind, std::string_view pattern, std::string_view text) {
  const auto compiled = Pattern::Compile(kind, pattern);
  EXPECT_TRUE(compiled.ok()) << compiled.status();
  return compiled.ok() && compiled->Matches(text);
}
bool Like(std::string_view pattern, std::string_view text) {
  return Matches(PatternKind::kLike, pattern, text);
}
bool Glob(std::string_view pattern, std::string_view text) {
  return Matches(PatternKind::kGlob, pattern, text);
}
bool Regex(std::string_view pattern, std::string_view text) {
  return Matches(PatternKind::kRegex, pattern, text);
}

TEST(PatternTest, Like) {
  EXPECT_TRUE(Like("", ""));
  EXPECT_FALSE(Like("", "a"));
  EXPECT_TRUE(Like("%", ""));
  EXPECT_TRUE(Like("C%", "C536379"));
  EXPECT_FALSE(Like("C%", "536379C"));
  EXPECT_TRUE(Like("%LIGHT%HOLDER", "WHITE HANGING HEART T-LIGHT HOLDER"));
  EXPECT_FALSE(Like("%LIGHT%HOLDER", "HOLDER LIGHT"));
  EXPECT_TRUE(Like("_b_", "abc"));
  EXPECT_FALSE(Like("_b_", "ab"));
  EXPECT_TRUE(Like("100\\%", "100%"));
  EXPECT_FALSE(Like("100\\%", "1000"));
  EXPECT_FALSE(Like("a*", "ab"));
}

TEST(PatternTest, OneCharacterIsACodePointNotAByte) {
  EXPECT_TRUE(Like("_", "\xC3\xA9"));                     // e with an acute accent
  EXPECT_TRUE(Like("%_\xE2\x82\xAC", "20\xE2\x82\xAC"));  // the euro sign
  EXPECT_FALSE(Like("__", "\xF0\x9F\x8E\x81"));           // one emoji
  EXPECT_TRUE(Regex("[\xC3\xA0-\xC3\xBF]+", "\xC3\xA9\xC3\xA8"));
  EXPECT_TRUE(Regex(".", "\xFF"));  // a broken byte is one character
}

TEST(PatternTest, Glob) {
  EXPECT_TRUE(Glob("*.csv", "a.csv"));
  EXPECT_FALSE(Glob("*.csv", "a.csv.gz"));
  EXPECT_TRUE(Glob("[0-9][0-9]?", "85x"));
  EXPECT_FALSE(Glob("[!0-9]*", "8"));
  EXPECT_TRUE(Glob("[]x]", "]"));
  EXPECT_TRUE(Glob("a\\*b", "a*b"));
  EXPECT_FALSE(Glob("a\\*b", "axb"));
  EXPECT_FALSE(Glob("a%", "ab"));
}

TEST(PatternTest, RegularExpressions) {
  EXPECT_TRUE(Regex("[0-9]{5}[A-Za-z]{0,2}", "85123A"));
  EXPECT_TRUE(Regex("^\\d{5}$", "85123"));
  EXPECT_FALSE(Regex("\\d{5}", "851234"));
  EXPECT_FALSE(Regex("\\d{5}", "x85123"));
  EXPECT_TRUE(Regex("(cat|dog)s?", "dogs"));
  EXPECT_FALSE(Regex("(cat|dog)s?", "catdog"));
  EXPECT_TRUE(Regex("(?:ab)*", "ababab"));
  EXPECT_TRUE(Regex("(?:ab)*", ""));
  EXPECT_TRUE(Regex("a{2,}", "aaaa"));
  EXPECT_FALSE(Regex("a{2,}", "a"));
  EXPECT_TRUE(Regex("a{0}", ""));
  EXPECT_TRUE(Regex("\\w+@\\w+\\.com", "ann_1@shop.com"));
  EXPECT_TRUE(Regex("[^,\\s]+", "a-b"));
  EXPECT_FALSE(Regex("[^,\\s]+", "a b"));
  EXPECT_TRUE(Regex("\\S\\W\\D", "a-b"));
  EXPECT_TRUE(Regex("a\\tb\\\\", "a\tb\\"));
  EXPECT_TRUE(Regex("|x", ""));
  EXPECT_TRUE(Regex("[a-]+", "-a-"));
}

TEST(PatternTest, APatternThatMakesBacktrackersHangIsDoneAtOnce) {
  EXPECT_FALSE(Regex("(a*)*b", std::string(20'000, 'a')));
  EXPECT_FALSE(Regex("(a|a)*(a|a)*c", std::string(20'000, 'a')));
}

// ---- Against a plain backtracking matcher, over all small patterns and texts.

struct Tree {
  enum Kind { kEmpty, kCharacter, kAny, kStar, kPlus, kOptional, kThen, kOr } kind = kEmpty;
  char character = 0;
  std::shared_ptr<Tree> a = nullptr;
  std::shared_ptr<Tree> b = nullptr;
};
using TreePtr = std::shared_ptr<Tree>;

std::string Render(const Tree& t) {
  switch (t.kind) {
    case Tree::kEmpty:
      return "()";
    case Tree::kCharacter:
      return std::string(1, t.character);
    case Tree::kAny:
      return ".";
    case Tree::kStar:
      return "(" + Render(*t.a) + ")*";
    case Tree::kPlus:
      return "(" + Render(*t.a) + ")+";
    case Tree::kOptional:
      return "(" + Render(*t.a) + ")?";
    case Tree::kThen:
      return "(" + Render(*t.a) + ")(" + Render(*t.b) + ")";
    case Tree::kOr:
      return "(" + Render(*t.a) + "|" + Render(*t.b) + ")";
  }
  return "";
}

// Whether t matches text[at, end) for some end that `rest` accepts.
bool Reference(const Tree& t, const std::string& text, size_t at,
               const std::function<bool(size_t)>& rest) {
  switch (t.kind) {
    case Tree::kEmpty:
      return rest(at);
    case Tree::kCharacter:
      return at < text.size() && text[at] == t.character && rest(at + 1);
    case Tree::kAny:
      return at < text.size() && rest(at + 1);
    case Tree::kOptional:
      return rest(at) || Reference(*t.a, text, at, rest);
    case Tree::kStar:
      if (rest(at)) return true;
      [[fallthrough]];
    case Tree::kPlus:
      return Reference(*t.a, text, at, [&](size_t next) {
        const Tree again{Tree::kStar, 0, t.a, nullptr};
        return next == at ? rest(next) : Reference(again, text, next, rest);
      });
    case Tree::kThen:
      return Reference(*t.a, text, at,
                       [&](size_t next) { return Reference(*t.b, text, next, rest); });
    case Tree::kOr:
      return Reference(*t.a, text, at, rest) || Reference(*t.b, text, at, rest);
  }
  return false;
}

TEST(PatternTest, EverySmallPatternAgreesWithABacktracker) {
  std::vector<std::vector<TreePtr>> by_size(4);
  for (const char c : {'a', 'b'}) {
    by_size[0].push_back(std::make_shared<Tree>(Tree{Tree::kCharacter, c, nullptr, nullptr}));
  }
  by_size[0].push_back(std::make_shared<Tree>(Tree{Tree::kAny, 0, nullptr, nullptr}));
  by_size[0].push_back(std::make_shared<Tree>(Tree{Tree::kEmpty, 0, nullptr, nullptr}));
  for (size_t size = 1; size <= 2; ++size) {
    for (const TreePtr& a : by_size[size - 1]) {
      for (const auto kind : {Tree::kStar, Tree::kPlus, Tree::kOptional}) {
        by_size[size].push_back(std::make_shared<Tree>(Tree{kind, 0, a, nullptr}));
      }
    }
    for (size_t left = 0; left < size; ++left) {
      for (const TreePtr& a : by_size[left]) {
        for (const TreePtr& b : by_size[size - 1 - left]) {
          by_size[size].push_back(std::make_shared<Tree>(Tree{Tree::kThen, 0, a, b}));
          by_size[size].push_back(std::make_shared<Tree>(Tree{Tree::kOr, 0, a, b}));
        }
      }
    }
  }
  std::vector<std::string> texts = {""};
  for (size_t i = 0; texts[i].size() < 4; ++i) {
    texts.push_back(texts[i] + 'a');
    texts.push_back(texts[i] + 'b');
  }
  int64_t compared = 0;
  for (const auto& trees : by_size) {
    for (const TreePtr& tree : trees) {
      const std::string pattern = Render(*tree);
      const auto compiled = Pattern::Compile(PatternKind::kRegex, pattern);
      ASSERT_TRUE(compiled.ok()) << compiled.status();
      for (const std::string& text : texts) {
        const bool expected =
            Reference(*tree, text, 0, [&](size_t end) { return end == text.size(); });
        ASSERT_EQ(compiled->Matches(text), expected) << pattern << " on '" << text << "'";
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 10'000);
}

TEST(PatternTest, PatternsThatAreNoneSayWhere) {
  const auto problem = [](PatternKind kind, std::string_view pattern) {
    return MessageOf(Pattern::Compile(kind, pattern).status());
  };
  const auto regex = [&](std::string_view pattern) {
    return problem(PatternKind::kRegex, pattern);
  };
  EXPECT_THAT(regex("a(b"), HasSubstr("'a(b', position 2: a '(' without its ')'"));
  EXPECT_THAT(regex("ab)"), HasSubstr("position 3: ')' without a '('"));
  EXPECT_THAT(regex("[a"), HasSubstr("position 1: a '[' without its ']'"));
  EXPECT_THAT(regex("[z-a]"), HasSubstr("ends before it begins"));
  EXPECT_THAT(regex("*a"), HasSubstr("position 1: '*' has nothing to apply to"));
  EXPECT_THAT(regex("a**"), HasSubstr("a repetition of a repetition"));
  EXPECT_THAT(regex("a{3,2}"), HasSubstr("position 2: {n}, {n,} or {n,m} is wanted"));
  EXPECT_THAT(regex("a{9999}"), HasSubstr("more than 512 repetitions"));
  EXPECT_THAT(regex("(a{300}){300}"), HasSubstr("more than 512 characters"));
  EXPECT_THAT(regex("((){512}){512}"), HasSubstr("too large"));
  EXPECT_THAT(regex(std::string(100, '(')), HasSubstr("parentheses in one another"));
  EXPECT_THAT(regex("\\q"), HasSubstr("escape is not known"));
  EXPECT_THAT(regex("(?=a)"), HasSubstr("(?...) is not taken"));
  EXPECT_THAT(regex("a\\"), HasSubstr("a character after the \\ is wanted"));
  EXPECT_THAT(problem(PatternKind::kLike, "a\\"), HasSubstr("a character after the \\"));
  EXPECT_THAT(problem(PatternKind::kGlob, "[a"), HasSubstr("a '[' without its ']'"));
}

}  // namespace
}  // namespace burgeon
