#include "engine/events/decimal.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "engine/base/text.h"

namespace burgeon {
namespace {

std::optional<int64_t> Micros(std::string_view text) {
  const auto number = ParseDecimal(text);
  return number ? ToMicros(*number) : std::nullopt;
}

std::optional<int64_t> Product(std::string_view a, std::string_view b) {
  return ProductMicros(*ParseDecimal(a), *ParseDecimal(b));
}

TEST(Decimal, TextBecomesMicrosExactly) {
  EXPECT_EQ(Micros("2.55"), 2'550'000);
  EXPECT_EQ(Micros("-11062.06"), -11'062'060'000);
  EXPECT_EQ(Micros("+7"), 7'000'000);
  EXPECT_EQ(Micros(".5"), 500'000);
  EXPECT_EQ(Micros("5."), 5'000'000);
  EXPECT_EQ(Micros("0"), 0);
  EXPECT_EQ(Micros("000123.4500000000000000000000000000"), 123'450'000);
  EXPECT_EQ(Micros("1e-05"), 10);
  EXPECT_EQ(Micros("1.5E+3"), 1'500'000'000);
  EXPECT_EQ(Micros("0e900"), 0);
  EXPECT_EQ(Micros("1e-900"), 0);
}

TEST(Decimal, HalvesRoundAwayFromZero) {
  EXPECT_EQ(Micros("0.0000005"), 1);
  EXPECT_EQ(Micros("-0.0000005"), -1);
  EXPECT_EQ(Micros("0.00000049999"), 0);
  EXPECT_EQ(Micros("2.5499999999999998"), 2'550'000) << "2.55 as a double prints it";
}

TEST(Decimal, ReadsEverySplitOfItsDigits) {
  // Eighteen digits with a point at every place; with more digits in front or behind, the text is
  // no longer read the short way.
  const std::string digits = "123456789012345678";
  for (size_t point = 0; point <= digits.size(); ++point) {
    const std::string text = digits.substr(0, point) + "." + digits.substr(point);
    for (const std::string& form : {text, "0" + text, text + "0", "+" + text, text + "e0"}) {
      const auto number = ParseDecimal(form);
      ASSERT_TRUE(number) << form;
      EXPECT_EQ(number->mantissa, 123'456'789'012'345'678) << form;
      EXPECT_EQ(number->scale, static_cast<int>(18 - point)) << form;
      EXPECT_EQ(ParseDecimal("-" + text)->mantissa, -123'456'789'012'345'678) << form;
    }
  }
}

TEST(Decimal, WhatIsNoNumberIsRefused) {
  for (const char* text : {"", "-", ".", "1.2.3", "1,5", "1 000", "abc", "0x10", "1e", "1e+",
                           "1e+-2", "--1", "inf", "nan", "£5", "1e2000", " 1"}) {
    EXPECT_FALSE(ParseDecimal(text)) << text;
  }
}

TEST(Decimal, TooLargeIsRefusedAndNeverWrapsRound) {
  EXPECT_EQ(Micros("9223372036854.77580"), 9'223'372'036'854'775'800);
  EXPECT_FALSE(Micros("9223372036854.77581"));
  EXPECT_FALSE(Micros("-9223372036854.77581"));
  EXPECT_EQ(Micros("9223372036854.775809"), 9'223'372'036'854'775'800)
      << "digits beyond the 18th are cut";
  EXPECT_FALSE(ParseDecimal("1234567890123456789")) << "19 digits before the point";
  EXPECT_FALSE(ParseDecimal("1e18"));
  EXPECT_FALSE(Product("999999999999999999", "999999999999999999"));
}

TEST(Decimal, ProductsAreExact) {
  EXPECT_EQ(Product("2.55", "6"), 15'300'000);
  EXPECT_EQ(Product("0.1", "3"), 300'000);
  EXPECT_EQ(Product("1.005", "0.001"), 1005);
  EXPECT_EQ(Product("-2", "3.5"), -7'000'000);
  EXPECT_EQ(Product("9223372036854.775807", "1"), 9'223'372'036'854'775'800);
  EXPECT_EQ(Product("4611686018427.38", "2"), 9'223'372'036'854'760'000);
  EXPECT_FALSE(Product("9223372036854.7758", "2"));
}

TEST(Decimal, ComparesAcrossScales) {
  const auto compare = [](const char* a, const char* b) {
    return Compare(*ParseDecimal(a), *ParseDecimal(b));
  };
  EXPECT_EQ(compare("0", "-0.00"), 0);
  EXPECT_EQ(compare("1.50", "1.5"), 0);
  EXPECT_EQ(compare("-1", "0"), -1);
  EXPECT_EQ(compare("-0.5", "-0.25"), -1);
  EXPECT_EQ(compare("999999999999999999", "1e-30"), 1);
}

TEST(Decimal, DoublesAreTheNearest) {
  EXPECT_EQ(ToDouble(*ParseDecimal("0.1")), 0.1);
  EXPECT_EQ(ToDouble(*ParseDecimal("-6")), -6.0);
  EXPECT_EQ(ToDouble(*ParseDecimal("0")), 0.0);
  EXPECT_EQ(ToDouble(*ParseDecimal("9007199254740993")), 9007199254740992.0) << "2^53 + 1";
  EXPECT_EQ(ToDouble(*ParseDecimal("0.000000000000000000000000123")), 1.23e-25);
  EXPECT_EQ(ToDouble(*ParseDecimal("123456789.987654321")), 123456789.987654321);
}

// What DecimalOf gives is what the shortest text gives, whenever it gives anything.
TEST(Decimal, OfNumbersAsOfTheirText) {
  const auto same = [](const auto& number) {
    const auto direct = DecimalOf(number);
    const auto text = ParseDecimal(Concat(number));
    if (direct) {
      ASSERT_TRUE(text.has_value()) << number;
      EXPECT_EQ(Compare(*direct, *text), 0) << number;
      EXPECT_EQ(ToMicros(*direct), ToMicros(*text)) << number;
      EXPECT_EQ(ToDouble(*direct), ToDouble(*text)) << number;
    }
  };
  for (int64_t cents = -20'000; cents <= 20'000; ++cents) {
    const double number = static_cast<double>(cents) / 100;
    ASSERT_TRUE(DecimalOf(number).has_value()) << number;
    same(number);
    same(number / 1000);
    same(number * 1e9);
    same(std::nextafter(number, 1e9));
    same(cents);
    same(cents * 50'000'000'000'000);
  }
  for (const double odd :
       {std::nan(""), HUGE_VAL, -HUGE_VAL, 1e300, 5e-324, -0.0, 1e15, 1e13 - .01}) {
    same(odd);
  }
  EXPECT_FALSE(DecimalOf(std::nan("")).has_value());
  EXPECT_FALSE(DecimalOf(.001).has_value());
  EXPECT_FALSE(DecimalOf(INT64_MIN).has_value());
  EXPECT_FALSE(DecimalOf(int64_t{1'000'000'000'000'000'000}).has_value());
  EXPECT_EQ(DecimalOf(7.5)->scale, 1);
}

}  // namespace
}  // namespace burgeon
