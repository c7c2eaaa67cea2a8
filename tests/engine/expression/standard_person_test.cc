#include "engine/expression/standard_person.h"

#include <gtest/gtest.h>

#include <string>

namespace burgeon {
namespace {

constexpr auto kYmd = DateOrder::kYearFirst;
constexpr auto kDmy = DateOrder::kDayFirst;
constexpr auto kMdy = DateOrder::kMonthFirst;

TEST(StandardPerson, DatesOfBirthAreDays) {
  for (const char* text :
       {"1980-04-03", "1980-4-3", "1980/04/03", "1980.4.3", "19800403", " 1980-04-03 ",
        "1980年4月3日", "１９８０年４月３日", "1980-04-03T00:00:00Z", "1980-04-03 00:00:00"}) {
    EXPECT_EQ(StandardBirthDate(text, kYmd), "1980-04-03") << text;
    EXPECT_EQ(StandardBirthDate(text, kDmy), "1980-04-03") << text;
  }
  EXPECT_EQ(StandardBirthDate("3/4/1980", kDmy), "1980-04-03");
  EXPECT_EQ(StandardBirthDate("3/4/1980", kMdy), "1980-03-04");
  EXPECT_EQ(StandardBirthDate("3/4/1980", kYmd), std::nullopt);
  EXPECT_EQ(StandardBirthDate("2000-02-29", kYmd), "2000-02-29");
  EXPECT_EQ(StandardBirthDate("1900-01-01", kYmd), "1900-01-01");
}

TEST(StandardPerson, WhatIsNoDateIsRefused) {
  for (const char* text :
       {"", "1980", "1980-04", "80-04-03", "1980-13-01", "1980-04-31", "1900-02-29", "1899-12-31",
        "2200-01-01", "1980-04-03-", "1980-04-03-05", "1980--04-03", "198004033", "1980-04-03 x",
        "April 3, 1980", "1980-004-03", "-1980-04-03"}) {
    EXPECT_EQ(StandardBirthDate(text, kYmd), std::nullopt) << text;
  }
  EXPECT_EQ(StandardBirthDate("13/13/1980", kDmy), std::nullopt);
  EXPECT_EQ(StandardBirthDate("3/4/80", kDmy), std::nullopt);
}

TEST(StandardPerson, GendersAreFourWords) {
  constexpr auto kWords = GenderCodes::kWords;
  for (const char* text : {"m", "M", "Male", " man ", "男", "男性", "Ｍ"}) {
    EXPECT_EQ(StandardGender(text, kWords), "male") << text;
  }
  for (const char* text : {"F", "female", "WOMAN", "女"}) {
    EXPECT_EQ(StandardGender(text, kWords), "female") << text;
  }
  EXPECT_EQ(StandardGender("Non-Binary", kWords), "other");
  EXPECT_EQ(StandardGender("保密", kWords), "unknown");
  EXPECT_EQ(StandardGender("1", kWords), std::nullopt) << "sources number as they like";
  EXPECT_EQ(StandardGender("", kWords), std::nullopt);
  // ISO/IEC 5218: 0 not known, 1 male, 2 female, 9 not applicable.
  EXPECT_EQ(StandardGender("0", GenderCodes::kIso5218), "unknown");
  EXPECT_EQ(StandardGender("1", GenderCodes::kIso5218), "male");
  EXPECT_EQ(StandardGender("2", GenderCodes::kIso5218), "female");
  EXPECT_EQ(StandardGender("9", GenderCodes::kIso5218), "unknown");
  EXPECT_EQ(StandardGender("3", GenderCodes::kIso5218), std::nullopt);
  for (const char* word : {"male", "female", "other", "unknown"}) {
    EXPECT_EQ(StandardGender(word, kWords), word) << "idempotent";
  }
}

TEST(StandardPerson, BooleansAreTwoWords) {
  for (const char* text : {"true", "T", "YES", "y", "1", "On", "是", "对"}) {
    EXPECT_EQ(StandardBoolean(text), "true") << text;
  }
  for (const char* text : {"false", "F", "no", "N", "0", "OFF", "否", "不是"}) {
    EXPECT_EQ(StandardBoolean(text), "false") << text;
  }
  for (const char* text : {"", "2", "maybe", "yess", "00"}) {
    EXPECT_EQ(StandardBoolean(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace burgeon
