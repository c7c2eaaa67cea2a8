#include "engine/expression/text_functions.h"

#include <gtest/gtest.h>

namespace burgeon {
namespace {

TEST(TextFunctionsTest, LengthIsInCodePoints) {
  EXPECT_EQ(CountCodePoints(""), 0);
  EXPECT_EQ(CountCodePoints("abc"), 3);
  EXPECT_EQ(CountCodePoints("Stra\xC3\x9F"
                            "e"),
            6);
  EXPECT_EQ(CountCodePoints("\xF0\x9F\x8E\x81\xE2\x82\xAC"), 2);
  EXPECT_EQ(CountCodePoints("a\xFF"
                            "b"),
            3);
}

TEST(TextFunctionsTest, Case) {
  std::string buffer;
  EXPECT_EQ(LowerText("ABC xyz 12", &buffer), "abc xyz 12");
  EXPECT_EQ(UpperText("ABC xyz 12", &buffer), "ABC XYZ 12");
  EXPECT_EQ(LowerText("\xC3\x89T\xC3\x89", &buffer), "\xC3\xA9t\xC3\xA9");
  EXPECT_EQ(UpperText("Stra\xC3\x9F"
                      "e",
                      &buffer),
            "STRASSE");
  // U+0390 becomes three letters: two bytes to six.
  EXPECT_EQ(UpperText("\xCE\x90", &buffer), "\xCE\x99\xCC\x88\xCC\x81");
  EXPECT_EQ(LowerText("[@`{", &buffer), "[@`{");
}

TEST(TextFunctionsTest, ATextThatDoesNotChangeIsNotCopied) {
  std::string buffer;
  const std::string_view text = "already lower 1";
  EXPECT_EQ(LowerText(text, &buffer).data(), text.data());
  EXPECT_TRUE(buffer.empty());
}

TEST(TextFunctionsTest, Trim) {
  EXPECT_EQ(TrimText(" \t a b\r\n"), "a b");
  EXPECT_EQ(TrimText("\xC2\xA0 x\xE3\x80\x80 "), "x");
  EXPECT_EQ(TrimText("\xEF\xBB\xBFx"), "x");
  EXPECT_EQ(TrimText("   "), "");
  EXPECT_EQ(TrimText(""), "");
}

}  // namespace
}  // namespace burgeon
