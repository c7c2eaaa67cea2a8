#include "engine/expression/standard_text.h"

#include <gtest/gtest.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <random>
#include <string>

#include "engine/base/text.h"
#include "tests/support/test_seed.h"

namespace burgeon {
namespace {

// Characters of many scripts: ASCII, Latin, combining marks, Hangul, kana, ideographs, full-width
// forms, marks nobody sees, emoji.
std::string RandomText(std::mt19937_64& random) {
  static constexpr std::pair<int32_t, int32_t> kRanges[] = {
      {0x00, 0x7F},     {0x80, 0x24F},      {0x300, 0x36F},     {0x370, 0x5FF},
      {0x1100, 0x11FF}, {0x1E00, 0x1FFF},   {0x2000, 0x20CF},   {0x2100, 0x24FF},
      {0x3000, 0x33FF}, {0x4E00, 0x4EFF},   {0xAC00, 0xACFF},   {0xF900, 0xFAFF},
      {0xFB00, 0xFDFF}, {0xFE00, 0xFFEF},   {0x1D400, 0x1D7FF}, {0x1F600, 0x1F64F},
      {0x0900, 0x0DFF}, {0x10400, 0x1044F}, {0x2F800, 0x2FA1D}};
  icu::UnicodeString text;
  for (uint64_t n = random() % 12; n > 0; --n) {
    const auto& [low, high] = kRanges[random() % std::size(kRanges)];
    text += static_cast<UChar32>(low + static_cast<int32_t>(random() % (high - low + 1)));
  }
  std::string out;
  text.toUTF8String(out);
  return out;
}

// Canonical (or compatibility) decomposition.
std::string Decompose(const std::string& text, bool compatibility) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* form = compatibility ? icu::Normalizer2::getNFKDInstance(status)
                                               : icu::Normalizer2::getNFDInstance(status);
  std::string out;
  form->normalize(icu::UnicodeString::fromUTF8(text), status).toUTF8String(out);
  EXPECT_TRUE(U_SUCCESS(status) != 0);
  return out;
}

TEST(StandardText, NormalFormsOfTheStandard) {
  // Unicode Standard Annex 15, figures 3 to 6.
  EXPECT_EQ(ToNfc("\u212B"), "\u00C5") << "Angstrom sign";
  EXPECT_EQ(ToNfc("A\u030A"), "\u00C5");
  EXPECT_EQ(ToNfc("\u1E0B\u0323"), "\u1E0D\u0307");
  EXPECT_EQ(ToNfc("\u1112\u1161\u11AB"), "\uD55C") << "Hangul";
  EXPECT_EQ(ToNfc("\uFB01"), "\uFB01");
  EXPECT_EQ(ToNfkc("\uFB01"), "fi");
  EXPECT_EQ(ToNfkc("2\u2075"), "25");
  EXPECT_EQ(ToNfkc("\u2460"), "1");
  EXPECT_EQ(ToNfkc("\uFF21\uFF11"), "A1");
  EXPECT_EQ(ToNfkc("\uFF76\uFF9E"), "\u30AC") << "half-width ga";
}

TEST(StandardText, FullWidthBecomesHalfWidth) {
  EXPECT_EQ(ToHalfWidth("ＡＢＣ　１２３！～"), "ABC 123!~");
  EXPECT_EQ(ToHalfWidth("￥１００"), "¥100");
  EXPECT_EQ(ToHalfWidth("カタカナ 中文。"), "カタカナ 中文。") << "kana and ideographs stay";
}

TEST(StandardText, CaseIsFolded) {
  EXPECT_EQ(FoldCase("Straße"), "strasse");
  EXPECT_EQ(FoldCase("ΣΊΣΥΦΟΣ"), "σίσυφοσ") << "CaseFolding.txt: final sigma is folded too";
  EXPECT_EQ(FoldCase("I"), "i") << "no Turkish rule";
  EXPECT_EQ(FoldCase("ABC"), "abc");
}

TEST(StandardText, WhiteSpaceCollapses) {
  EXPECT_EQ(Collapse("  a \t\r\n b\u00A0\u3000\u2003c "), "a b c");
  EXPECT_EQ(Collapse(" \u3000 "), "");
  EXPECT_EQ(Collapse("a\u200Bb"), "a\u200Bb") << "a zero width space is no white space";
}

TEST(StandardText, WhatNobodySeesIsRemoved) {
  EXPECT_EQ(Clean("\uFEFFa\u200Bb\u2060c\u00ADd\u200Ee\u202Af"), "abcdef");
  EXPECT_EQ(Clean(std::string_view("a\0b\x07\x7F\t\n", 7)), "ab\t\n");
  EXPECT_EQ(Clean("\u0085x"), "x");
  EXPECT_EQ(Clean("👩\u200D💻"), "👩\u200D💻") << "a joiner makes one emoji of two";
}

TEST(StandardText, AsciiIsTakenAsAnyText) {
  EXPECT_EQ(Collapse("a b c"), "a b c");
  EXPECT_EQ(Collapse("a  b"), "a b");
  EXPECT_EQ(Collapse(" a"), "a");
  EXPECT_EQ(Collapse("a "), "a");
  EXPECT_EQ(Collapse(" "), "");
  EXPECT_EQ(Clean("a b~"), "a b~");
  EXPECT_EQ(Clean(" a  b "), " a  b ") << "blanks are for collapse";
  EXPECT_EQ(Clean("a\x1F"), "a");
}

TEST(StandardText, WhatIsNotUtf8IsReplaced) {
  for (const auto form : {ToNfc, ToNfkc, ToHalfWidth, FoldCase, Collapse, Clean}) {
    EXPECT_EQ(form("a\xFFz"), "a\uFFFDz");
  }
}

TEST(StandardText, EveryFormIsIdempotent) {
  std::mt19937_64 random(TestSeed());
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = RandomText(random);
    for (const auto form : {ToNfc, ToNfkc, ToHalfWidth, FoldCase, Collapse, Clean}) {
      const std::string once = form(text);
      ASSERT_TRUE(IsValidUtf8(once));
      ASSERT_EQ(form(once), once) << Printable(text);
    }
  }
}

TEST(StandardText, NormalFormsDoNotDependOnHowTheTextIsComposed) {
  std::mt19937_64 random(TestSeed());
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = RandomText(random);
    ASSERT_EQ(ToNfc(Decompose(text, false)), ToNfc(text)) << Printable(text);
    ASSERT_EQ(ToNfkc(Decompose(text, true)), ToNfkc(text)) << Printable(text);
    ASSERT_EQ(ToNfc(ToNfkc(text)), ToNfkc(text)) << Printable(text);
  }
}

}  // namespace
}  // namespace burgeon
