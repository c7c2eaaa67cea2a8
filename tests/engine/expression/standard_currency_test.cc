#include "engine/expression/standard_currency.h"

#include <gtest/gtest.h>

namespace burgeon {
namespace {

TEST(StandardCurrency, CodesHaveTheDigitsOfTheStandard) {
  // ISO 4217:2015, list one.
  EXPECT_EQ(MinorUnitsOf("EUR"), 2);
  EXPECT_EQ(MinorUnitsOf("CNY"), 2);
  EXPECT_EQ(MinorUnitsOf("JPY"), 0);
  EXPECT_EQ(MinorUnitsOf("XOF"), 0);
  EXPECT_EQ(MinorUnitsOf("KWD"), 3);
  EXPECT_EQ(MinorUnitsOf("IQD"), 3);
  EXPECT_EQ(MinorUnitsOf("CLF"), 4);
  EXPECT_EQ(MinorUnitsOf("DEM"), 2) << "withdrawn in 2002, and still in old data";
}

TEST(StandardCurrency, WhatIsNoCurrencyIsRefused) {
  for (const char* code : {"", "E", "EU", "eur", "EURO", "ABC", "XXX", "XTS", "€"}) {
    EXPECT_FALSE(MinorUnitsOf(code)) << code;
  }
}

}  // namespace
}  // namespace burgeon
