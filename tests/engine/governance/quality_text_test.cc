#include "engine/governance/quality_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>

namespace burgeon {
namespace {

using testing::ElementsAre;

std::string Shape(std::string_view text) {
  std::string shape;
  ShapeOf(text, &shape);
  return shape;
}

TEST(QualityTextTest, Shapes) {
  EXPECT_EQ(Shape("2011-12-09 08:26"), "9-9-9 9:9");
  EXPECT_EQ(Shape("1-1-1 1:1"), "9-9-9 9:9");
  EXPECT_EQ(Shape("09/12/2011"), "9/9/9");
  EXPECT_EQ(Shape("85123A"), "9A");
  EXPECT_EQ(Shape("Caf\xC3\xA9 au lait"), "A A A");
  EXPECT_EQ(Shape(""), "");
  EXPECT_EQ(Shape(std::string(100, '-')), std::string(40, '-'));
}

TEST(QualityTextTest, MisreadEncodings) {
  EXPECT_TRUE(LooksMisread("Caf\xC3\x83\xC2\xA9"));                  // e acute as Latin-1
  EXPECT_TRUE(LooksMisread("it\xC3\xA2\xE2\x82\xAC\xE2\x84\xA2s"));  // an apostrophe as cp1252
  EXPECT_TRUE(LooksMisread("\xC3\x82\xC2\xA3 5"));                   // a pound sign
  EXPECT_TRUE(LooksMisread("a\xEF\xBF\xBD"));                        // U+FFFD
  EXPECT_FALSE(LooksMisread("Caf\xC3\xA9"));
  EXPECT_FALSE(
      LooksMisread("Stra\xC3\x9F"
                   "e, S\xC3\xA3o Paulo, \xC2\xA3 20, l\xE2\x80\x99"
                   "eau"));
  EXPECT_FALSE(LooksMisread("plain"));
}

TEST(QualityTextTest, FullWidth) {
  EXPECT_TRUE(HasFullWidth("AB\xEF\xBC\xA1"));  // U+FF21
  EXPECT_FALSE(HasFullWidth("AB"));
  EXPECT_FALSE(HasFullWidth("\xE2\x82\xAC \xEF\xBF\xBD"));
}

TEST(QualityTextTest, NormalForms) {
  EXPECT_EQ(NormalForm("  RED   Retro-Spot, bag! "), "red retro spot bag");
  EXPECT_EQ(NormalForm("\xC3\x89T\xC3\x89"), "\xC3\xA9t\xC3\xA9");
  EXPECT_EQ(NormalForm("?!"), "");
}

TEST(QualityTextTest, SimHashesOfLikeTextsAreNear) {
  const uint64_t a = SimHash("white hanging heart t light holder with a long red ribbon");
  const uint64_t b = SimHash("white hanging heart t light holder with a long red ribbom");
  const uint64_t c = SimHash("regency cakestand three tier with gold rim and blue flowers");
  EXPECT_LT(std::popcount(a ^ b), std::popcount(a ^ c));
  EXPECT_GT(std::popcount(a ^ c), 12);
  EXPECT_EQ(SimHash("same"), SimHash("same"));
  EXPECT_EQ(SimHash(""), 0U);
}

TEST(QualityTextTest, NearIdenticalValuesAreThoseOfOneNormalForm) {
  const std::vector<TextCount> values = {{"RED BAG", 10}, {"red  bag.", 2}, {"BLUE BAG", 5},
                                         {"Red bag", 2},  {"?", 1},         {"!", 1}};
  EXPECT_THAT(NearIdentical(values), ElementsAre(0, 0, 2, 0, 4, 5));
}

TEST(QualityTextTest, TheFirstInOrderOfBytesIsTheOneOfTwoAsFrequent) {
  EXPECT_THAT(NearIdentical({{"red bag", 2}, {"RED BAG", 2}}), ElementsAre(1, 1));
}

TEST(QualityTextTest, NumbersAreNotSpelling) {
  EXPECT_THAT(NearIdentical({{"VINTAGE ALPHABET TILE SIZE 10 IN A LARGE BLUE BOX", 3},
                             {"VINTAGE ALPHABET TILE SIZE 12 IN A LARGE BLUE BOX", 9}}),
              ElementsAre(0, 1));
}

// A long text with one letter changed: a SimHash within three bits is found through its blocks.
TEST(QualityTextTest, NearSimHashesAreFound) {
  std::string long_text;
  for (int i = 0; i < 60; ++i)
    long_text += "word" + std::string(1, static_cast<char>('a' + i % 26)) + " ";
  std::string changed = long_text;
  changed[151] = 'x';
  const int bits = std::popcount(SimHash(NormalForm(long_text)) ^ SimHash(NormalForm(changed)));
  const std::vector<size_t> found = NearIdentical({{long_text, 2}, {changed, 1}});
  EXPECT_EQ(found[1], bits <= kNearSimHashBits ? 0U : 1U);
  ASSERT_LE(bits, kNearSimHashBits) << "the example is not near any more";
}

}  // namespace
}  // namespace burgeon
