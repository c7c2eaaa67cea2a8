#include "engine/expression/standard_transform.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/memory_file_system.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

// What a transform makes of a text, or "bad: what was wanted", or "error: why there is none".
std::string Made(std::string_view name, std::string_view argument, std::string_view text) {
  MemoryFileSystem files;
  EXPECT_TRUE(WriteFileAtomically(files, "/tree.csv", "path\nA > B\n").ok());
  const auto transform = MakeTransform(files, name, argument);
  if (!transform.ok()) return "error: " + MessageOf(transform.status());
  std::string out;
  std::string wanted;
  return (*transform)(text, &out, &wanted) ? out : "bad: " + wanted;
}

TEST(StandardTransform, EveryNameDoesWhatItSays) {
  EXPECT_EQ(Made("nfc", "", "A\u030A"), "\u00C5");
  EXPECT_EQ(Made("nfkc", "", "①"), "1");
  EXPECT_EQ(Made("half_width", "", "Ａ"), "A");
  EXPECT_EQ(Made("fold_case", "", "ABC"), "abc");
  EXPECT_EQ(Made("collapse", "", " a  b "), "a b");
  EXPECT_EQ(Made("clean", "", "\uFEFFa"), "a");
  EXPECT_EQ(Made("email", "", "A@B.CD"), "A@b.cd");
  EXPECT_EQ(Made("email_canonical", "", "a.b+c@gmail.com"), "ab@gmail.com");
  EXPECT_EQ(Made("phone", "GB", "020 7946 0958"), "+442079460958");
  EXPECT_EQ(Made("phone", "", "+44 20 7946 0958"), "+442079460958");
  EXPECT_EQ(Made("unit", "lb>kg", "1"), "0.45359237");
  EXPECT_EQ(Made("currency", "", " eur"), "EUR");
  EXPECT_EQ(Made("country", "", "德国"), "DE");
  EXPECT_EQ(Made("language", "", "Chinese"), "zh");
  EXPECT_EQ(Made("birth_date", "dmy", "3/4/1980"), "1980-04-03");
  EXPECT_EQ(Made("birth_date", "", "19800403"), "1980-04-03");
  EXPECT_EQ(Made("gender", "", "F"), "female");
  EXPECT_EQ(Made("gender", "iso5218", "1"), "male");
  EXPECT_EQ(Made("boolean", "", "yes"), "true");
  EXPECT_EQ(Made("category", "/tree.csv", "b"), "A > B");
  EXPECT_EQ(Made("category_or_same", "/tree.csv", "b"), "A > B");
  EXPECT_EQ(Made("category_or_same", "/tree.csv", "c"), "c");
  // FIPS 180-4, the example of "abc" (NIST, SHA256.pdf).
  EXPECT_EQ(Made("sha256", "", "abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(StandardTransform, MinorUnitsAreThoseOfTheCurrency) {
  EXPECT_EQ(Made("minor_units", "EUR", "1234"), "12.34");
  EXPECT_EQ(Made("minor_units", "EUR", "-5"), "-0.05");
  EXPECT_EQ(Made("minor_units", "JPY", "1234"), "1234");
  EXPECT_EQ(Made("minor_units", "KWD", "1234"), "1.234");
  EXPECT_EQ(Made("minor_units", "EUR", "12.34"), "bad: a whole number of the smallest unit of EUR");
  EXPECT_THAT(Made("minor_units", "EUX", "1"), HasSubstr("error: 'EUX' is no currency"));
}

TEST(StandardTransform, WhatItCannotTakeIsRefusedWithWhatWasWanted) {
  EXPECT_THAT(Made("email", "", "x"), HasSubstr("bad: an e-mail address"));
  EXPECT_THAT(Made("phone", "GB", "x"), HasSubstr("bad: a telephone number of GB"));
  EXPECT_THAT(Made("unit", "kg", "x"), HasSubstr("bad: a number with its unit"));
  EXPECT_THAT(Made("currency", "", "euro"), HasSubstr("bad: a currency of ISO 4217"));
  EXPECT_THAT(Made("country", "", "Atlantis"), HasSubstr("bad: a country of ISO 3166-1"));
  EXPECT_THAT(Made("language", "", "??"), HasSubstr("bad: a language of ISO 639"));
  EXPECT_THAT(Made("birth_date", "mdy", "13/1/1980"), HasSubstr("in the order mdy"));
  EXPECT_THAT(Made("gender", "", "1"), HasSubstr("bad: a gender"));
  EXPECT_THAT(Made("boolean", "", "2"), HasSubstr("bad: true or false"));
  EXPECT_EQ(Made("category", "/tree.csv", "c"), "bad: a category of /tree.csv");
}

TEST(StandardTransform, ArgumentsAreChecked) {
  EXPECT_THAT(Made("nfd", "", ""), HasSubstr("error: 'nfd' is none of nfc, nfkc"));
  EXPECT_EQ(Made("nfc", "x", ""), "error: 'nfc' takes no argument");
  EXPECT_EQ(Made("unit", "", ""), "error: 'unit' needs an argument: unit=FROM>TO");
  EXPECT_EQ(Made("category", "", ""), "error: 'category' needs an argument: category=FILE");
  EXPECT_THAT(Made("phone", "ZZ", ""), HasSubstr("error: 'ZZ' is no country"));
  EXPECT_THAT(Made("unit", "lb>m", ""), HasSubstr("different kinds"));
  EXPECT_THAT(Made("birth_date", "dym", ""), HasSubstr("none of ymd, dmy, mdy"));
  EXPECT_THAT(Made("gender", "iso", ""), HasSubstr("'iso' is not iso5218"));
  EXPECT_THAT(Made("category", "/none.csv", ""), HasSubstr("error: /none.csv"));
}

TEST(StandardTransform, NamesAreThoseOfTheList) {
  EXPECT_TRUE(IsStandardTransform("email"));
  EXPECT_FALSE(IsStandardTransform("trim")) << "a mapping's own";
  EXPECT_TRUE(TakesFile("category"));
  EXPECT_FALSE(TakesFile("phone"));
  EXPECT_FALSE(TakesFile("nothing"));
  EXPECT_THAT(StandardTransformNames(),
              testing::IsSupersetOf({"nfc", "phone[=COUNTRY]", "unit=FROM>TO", "category=FILE"}));
}

}  // namespace
}  // namespace burgeon
