#include "engine/expression/standard_unit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>

#include "engine/base/text.h"
#include "tests/support/test_seed.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

std::string Convert(std::string_view units, std::string_view text) {
  const auto conversion = UnitConversion::Parse(units);
  EXPECT_TRUE(conversion.ok()) << conversion.status();
  std::string out;
  std::string wanted;
  return conversion->Apply(text, &out, &wanted) ? out : "bad: " + wanted;
}

TEST(StandardUnit, FactorsAreThoseOfTheStandard) {
  // NIST SP 811 (2008), appendix B.8; those in bold there are exact.
  EXPECT_EQ(Convert("lb>kg", "1"), "0.45359237");
  EXPECT_EQ(Convert("oz>g", "1"), "28.349523125");
  EXPECT_EQ(Convert("st>kg", "1"), "6.35029318") << "14 lb";
  EXPECT_EQ(Convert("in>cm", "1"), "2.54");
  EXPECT_EQ(Convert("ft>m", "1"), "0.3048");
  EXPECT_EQ(Convert("yd>m", "1"), "0.9144");
  EXPECT_EQ(Convert("mi>km", "1"), "1.609344");
  EXPECT_EQ(Convert("gal>l", "1"), "3.785411784");
  EXPECT_EQ(Convert("fl_oz>ml", "1"), "29.5735295625");
  EXPECT_EQ(Convert("gal_uk>l", "1"), "4.54609");
  EXPECT_EQ(Convert("pt_uk>ml", "1"), "568.26125");
  EXPECT_EQ(Convert("fl_oz_uk>ml", "1"), "28.4130625");
  EXPECT_EQ(Convert("tbsp>tsp", "1"), "3");
  EXPECT_EQ(Convert("cup>fl_oz", "1"), "8");
  EXPECT_EQ(Convert("F>C", "212"), "100");
  EXPECT_EQ(Convert("F>C", "-40"), "-40");
  EXPECT_EQ(Convert("C>F", "37"), "98.6");
  EXPECT_EQ(Convert("C>K", "0"), "273.15");
  EXPECT_EQ(Convert("K>C", "273.15"), "0");
  EXPECT_EQ(Convert("jin>kg", "1"), "0.5");
  EXPECT_EQ(Convert("h>s", "1.5"), "5400");
  EXPECT_EQ(Convert("week>d", "2"), "14");
  EXPECT_EQ(Convert("GiB>B", "1"), "1073741824");
  EXPECT_EQ(Convert("MB>bit", "1"), "8000000");
  EXPECT_EQ(Convert("mg>t", "1.2345678"), "0.0000000012345678");
  EXPECT_EQ(Convert("kg>lb", "1"), "2.20462262184878") << "15 digits of 2.2046226218487758...";
}

TEST(StandardUnit, AUnitInTheTextCounts) {
  EXPECT_EQ(Convert("lb>kg", "2.5 kg"), "2.5");
  EXPECT_EQ(Convert("kg", " 2.5KG "), "2.5");
  EXPECT_EQ(Convert("kg", "500g"), "0.5");
  EXPECT_EQ(Convert("kg", "2 Pounds"), "0.90718474");
  EXPECT_EQ(Convert("kg", "2 lbs."), "0.90718474");
  EXPECT_EQ(Convert("kg", "3 公斤"), "3");
  EXPECT_EQ(Convert("kg", "3 斤"), "1.5");
  EXPECT_EQ(Convert("cm", "5 feet"), "152.4");
  EXPECT_EQ(Convert("cm", "12 inches"), "30.48");
  EXPECT_EQ(Convert("ml", "12 FL OZ"), "354.88235475");
  EXPECT_EQ(Convert("C", "98.6°F"), "37");
  EXPECT_EQ(Convert("C", "-4 ℃"), "-4");
  EXPECT_EQ(Convert("MB", "1.5 GB"), "1500");
}

TEST(StandardUnit, WhatDoesNotFitIsRefused) {
  for (const char* text :
       {"", "kg", "1,5 kg", "1.2.3", "five", "5 parsecs", "5 cm", "- 5", "1e3 kg", "5 kg kg"}) {
    EXPECT_EQ(Convert("lb>kg", text), "bad: a number of lb, or one with its unit") << text;
  }
  EXPECT_EQ(Convert("kg", "5"), "bad: a number with its unit, such as 2.5 kg");
  EXPECT_EQ(Convert("MB", "5 Mb"), "bad: a number with its unit, such as 2.5 MB") << "megabits";
}

TEST(StandardUnit, NamesAUnitItDoesNotKnow) {
  const auto problem = [](std::string_view units) {
    return MessageOf(UnitConversion::Parse(units).status());
  };
  EXPECT_THAT(problem("lb>furlong"), HasSubstr("'furlong' is no unit: wanted one of mg, g, kg"));
  EXPECT_THAT(problem("x>kg"), HasSubstr("'x' is no unit"));
  EXPECT_THAT(problem("lb>m"), HasSubstr("lb and m are units of different kinds"));
  EXPECT_THAT(problem(""), HasSubstr("'' is no unit"));
}

TEST(StandardUnit, ConversionsInvert) {
  std::mt19937_64 random(TestSeed());
  const std::pair<const char*, const char*> kPairs[] = {
      {"lb>kg", "kg>lb"},   {"oz>t", "t>oz"},           {"mi>in", "in>mi"},
      {"gal>ml", "ml>gal"}, {"pt_uk>cup", "cup>pt_uk"}, {"F>C", "C>F"},
      {"K>F", "F>K"},       {"week>ms", "ms>week"},     {"TiB>kB", "kB>TiB"}};
  for (int i = 0; i < 2000; ++i) {
    const double value = static_cast<double>(random() % 100'000'000) / 1000;
    for (const auto& [there, back] : kPairs) {
      const auto text = Convert(back, Convert(there, Concat(value)));
      const auto again = ParseDouble(text);
      ASSERT_TRUE(again) << text;
      // Two roundings to 15 digits; of temperatures relative to the larger of the two scales.
      ASSERT_NEAR(*again, value, 2e-14 * (std::fabs(value) + 500)) << there;
    }
  }
}

}  // namespace
}  // namespace burgeon
