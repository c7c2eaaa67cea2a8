#include "engine/events/time_pattern.h"

#include <absl/time/time.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <random>
#include <string>

#include "engine/base/text.h"
#include "tests/support/test_seed.h"

namespace burgeon {
namespace {

// "seconds.micros", "not read", or "not compiled".
std::string Read(std::string_view format, std::string_view text) {
  const auto pattern = TimePattern::Compile(format);
  if (!pattern) return "not compiled";
  const auto time = pattern->Parse(text);
  return time ? Concat(time->seconds, ".", time->micros) : "not read";
}

TEST(TimePattern, ReadsPlainPatterns) {
  // 1291191960 is 2010-12-01 08:26:00 (date -u -d @1291191960).
  EXPECT_EQ(Read("%m/%d/%Y %H:%M", "12/1/2010 8:26"), "1291191960.0");
  EXPECT_EQ(Read("%d/%m/%Y %H:%M", "01/12/2010 08:26"), "1291191960.0");
  EXPECT_EQ(Read("%F %T", "2010-12-01 08:26:00"), "1291191960.0");
  EXPECT_EQ(Read("%E4Y%m%d", "20101201"), "1291161600.0");
  EXPECT_EQ(Read("%Y-%m-%d %H:%M:%E*S UTC", "2010-12-01 08:26:00.25 UTC"), "1291191960.250000");
}

TEST(TimePattern, LeavesTheRestToTheLibrary) {
  EXPECT_EQ(Read("%Y%m%d", "20101201"), "not compiled") << "%Y takes every digit";
  EXPECT_EQ(Read("%d %b %Y", "01 Dec 2010"), "not compiled");
  EXPECT_EQ(Read("%Y-%m", "2010-12"), "not compiled") << "no day";
  EXPECT_EQ(Read("%Y-%m-%d %d", "2010-12-01 01"), "not compiled");
  EXPECT_EQ(Read("%Y-%m-%d%%", "2010-12-01%"), "not compiled");
  EXPECT_EQ(Read("%Y-%m-%d", "99-12-01"), "not read");
  EXPECT_EQ(Read("%Y-%m-%d", "2011-02-29"), "not read");
  EXPECT_EQ(Read("%Y-%m-%d", "2011-02-2 "), "not read");
  EXPECT_EQ(Read("%Y-%m-%d %H:%M:%E*S", "2010-12-01 08:26:00."), "not read");
}

TEST(TimePattern, WhatItReadsTheLibraryReadsTheSame) {
  std::mt19937_64 random(TestSeed());
  const std::string alphabet = "0123456789 -:./";
  int read = 0;
  for (const char* format :
       {"%Y-%m-%d %H:%M:%E*S", "%m/%d/%Y %H:%M", "%E4Y%m%d%H%M%S", "%d.%m.%Y"}) {
    const auto pattern = TimePattern::Compile(format);
    ASSERT_TRUE(pattern) << format;
    for (int i = 0; i < 20'000; ++i) {
      const absl::Time time = absl::FromUnixMicros(static_cast<int64_t>(random() >> 11));
      std::string text = absl::FormatTime(format, time, absl::UTCTimeZone());
      if (random() % 2 == 0) text[random() % text.size()] = alphabet[random() % alphabet.size()];
      if (random() % 4 == 0) text.erase(random() % text.size(), 1);
      const auto ours = pattern->Parse(text);
      if (!ours) continue;
      ++read;
      absl::Time theirs;
      std::string problem;
      ASSERT_TRUE(absl::ParseTime(format, text, absl::UTCTimeZone(), &theirs, &problem))
          << format << " '" << text << "': " << problem;
      ASSERT_EQ(ours->seconds * 1'000'000 + ours->micros, absl::ToUnixMicros(theirs)) << text;
    }
  }
  EXPECT_GT(read, 20'000) << "the test has to reach what it tests";
}

TEST(TimePattern, DaysAndHoursThatDoNotExist) {
  EXPECT_EQ(CivilSeconds(1970, 1, 1, 0, 0, 0), 0);
  EXPECT_EQ(CivilSeconds(2000, 2, 29, 0, 0, 0), 951'782'400);
  EXPECT_FALSE(CivilSeconds(1900, 2, 29, 0, 0, 0));
  EXPECT_FALSE(CivilSeconds(2010, 0, 1, 0, 0, 0));
  EXPECT_FALSE(CivilSeconds(2010, 1, 0, 0, 0, 0));
  EXPECT_FALSE(CivilSeconds(2010, 13, 1, 0, 0, 0));
  EXPECT_FALSE(CivilSeconds(2010, 1, 1, 24, 0, 0));
  EXPECT_FALSE(CivilSeconds(2010, 1, 1, 0, 60, 0));
  EXPECT_FALSE(CivilSeconds(2010, 1, 1, 0, 0, 60));
}

}  // namespace
}  // namespace burgeon
