#include "engine/base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace burgeon {
namespace {

using ::testing::Eq;
using ::testing::Optional;

TEST(ConcatTest, JoinsStringsNumbersAndCharacters) {
  const std::string owned = "owned";
  EXPECT_EQ(Concat("line ", 12, ": '", std::string_view("x"), "' ", owned, ';', true, false),
            "line 12: 'x' owned;truefalse");
  EXPECT_EQ(Concat(), "");
}

TEST(ConcatTest, WritesNumbersWholeAndDoublesInTheShortestForm) {
  EXPECT_EQ(Concat(std::numeric_limits<int64_t>::min(), " ", std::numeric_limits<uint64_t>::max()),
            "-9223372036854775808 18446744073709551615");
  EXPECT_EQ(Concat(0.1, " ", 0.1F, " ", 1e300), "0.1 0.1 1e+300");
}

TEST(JoinCommaTest, PutsCommasBetween) {
  EXPECT_EQ(JoinComma({}), "");
  EXPECT_EQ(JoinComma({"a"}), "a");
  EXPECT_EQ(JoinComma({"a", "b", "c"}), "a, b, c");
}

TEST(ParseInt64Test, TakesTheWholeRange) {
  EXPECT_THAT(ParseInt64("-9223372036854775808"), Optional(std::numeric_limits<int64_t>::min()));
  EXPECT_THAT(ParseInt64("9223372036854775807"), Optional(std::numeric_limits<int64_t>::max()));
  EXPECT_THAT(ParseInt64("007"), Optional(7));
}

TEST(ParseInt64Test, RefusesEverythingElse) {
  for (const char* text :
       {"", " 1", "1 ", "+1", "1.0", "0x10", "9223372036854775808", "-", "1e3"}) {
    EXPECT_THAT(ParseInt64(text), Eq(std::nullopt)) << "'" << text << "'";
  }
}

TEST(ParseDoubleTest, TakesFiniteNumbers) {
  EXPECT_THAT(ParseDouble("-2.5e-3"), Optional(-0.0025));
  EXPECT_THAT(ParseDouble("17850.0"), Optional(17850.0));
}

TEST(ParseDoubleTest, RefusesInfinityNanOverflowAndRest) {
  for (const char* text : {"", "inf", "-infinity", "nan", "1e999", "1,5", "1.5 ", "1.5kg"}) {
    EXPECT_THAT(ParseDouble(text), Eq(std::nullopt)) << "'" << text << "'";
  }
}

TEST(PrintableTest, EscapesControlBytesAndWhatIsNotUtf8) {
  EXPECT_EQ(Printable("plain \xC3\xA9"), "plain \xC3\xA9");
  EXPECT_EQ(Printable("a\nb\x7F"), "a\\x0ab\\x7f");
  EXPECT_EQ(Printable("\xFF\xC3"), "\\xff\\xc3");
  EXPECT_EQ(Printable(std::string_view("\0", 1)), "\\x00");
}

TEST(PrintableTest, CutsLongText) {
  EXPECT_EQ(Printable("abcdef", 6), "abcdef");
  EXPECT_EQ(Printable("abcdefg", 6), "abcdef...");
  // A character is written whole or not at all.
  EXPECT_EQ(Printable("abcde\xC3\xA9xyz", 6), "abcde\xC3\xA9...");
}

TEST(IsValidUtf8Test, TakesEveryLengthAtItsBounds) {
  for (const char* text : {"", "a", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
                           "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(IsValidUtf8(text)) << Printable(text);
  }
}

TEST(IsValidUtf8Test, RefusesOverlongFormsSurrogatesAndCutSequences) {
  for (const char* text :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xC3", "\xE2\x82", "\xF0\x9F\x98", "a\xFFz"}) {
    EXPECT_FALSE(IsValidUtf8(text)) << Printable(text);
  }
}

TEST(TrimAsciiTest, TakesSpaceOffBothEnds) {
  EXPECT_EQ(TrimAscii(" \t a b \r\n"), "a b");
  EXPECT_EQ(TrimAscii(" \n"), "");
  EXPECT_EQ(TrimAscii("x"), "x");
}

TEST(SameTextTest, EverySizeWithAByteThatDiffersAnywhere) {
  for (size_t size = 0; size < 40; ++size) {
    const std::string a(size, 'a');
    EXPECT_TRUE(SameText(a, std::string(size, 'a')));
    EXPECT_FALSE(SameText(a, a + "a"));
    for (size_t at = 0; at < size; ++at) {
      std::string b = a;
      b[at] = 'b';
      EXPECT_FALSE(SameText(a, b)) << size << " " << at;
    }
  }
}

}  // namespace
}  // namespace burgeon
