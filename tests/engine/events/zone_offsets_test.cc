#include "engine/events/zone_offsets.h"

#include <absl/time/time.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "tests/support/test_seed.h"

namespace burgeon {
namespace {

// What the library itself says, the slow way.
int64_t ByTheLibrary(const absl::TimeZone& zone, int64_t local) {
  return absl::ToUnixSeconds(zone.At(absl::CivilSecond(1970, 1, 1) + local).pre);
}

const char* const kZones[] = {"UTC",
                              "Europe/London",
                              "America/New_York",
                              "Asia/Shanghai",
                              "Asia/Kolkata",
                              "Australia/Lord_Howe",  // half an hour of summer time
                              "Africa/Casablanca",    // summer time stops for Ramadan
                              "Pacific/Apia",         // left 2011-12-30 out
                              "America/Sao_Paulo",    // changed at midnight
                              "Asia/Kathmandu",
                              "Pacific/Kiritimati",
                              "Antarctica/Troll"};  // two hours of summer time

TEST(ZoneOffsets, AgreeWithTheDatabaseAroundEveryChange) {
  for (const char* name : kZones) {
    const auto offsets = ZoneOffsets::Of(name);
    ASSERT_TRUE(offsets.ok()) << offsets.status();
    absl::TimeZone zone;
    ASSERT_TRUE(absl::LoadTimeZone(name, &zone));
    absl::Time at = absl::FromUnixSeconds(0);
    absl::TimeZone::CivilTransition change;
    while (zone.NextTransition(at, &change) && change.to.year() < 2200) {
      at = zone.At(change.to).trans;
      const absl::CivilSecond epoch(1970, 1, 1);
      for (const int64_t around : {change.from - epoch, change.to - epoch}) {
        for (const int64_t shift : {-7200, -1800, -1, 0, 1, 1799, 1800, 3599, 3600, 7199, 7200}) {
          const int64_t local = around + shift;
          ASSERT_EQ(offsets->ToUtc(local), ByTheLibrary(zone, local)) << name << " " << local;
        }
      }
    }
  }
}

TEST(ZoneOffsets, AgreeWithTheDatabaseAtRandomTimes) {
  std::mt19937_64 random(TestSeed());
  std::uniform_int_distribution<int64_t> times(0, 7'258'118'400);
  for (const char* name : kZones) {
    const auto offsets = ZoneOffsets::Of(name);
    ASSERT_TRUE(offsets.ok()) << offsets.status();
    absl::TimeZone zone;
    ASSERT_TRUE(absl::LoadTimeZone(name, &zone));
    for (int i = 0; i < 5000; ++i) {
      const int64_t local = times(random);
      ASSERT_EQ(offsets->ToUtc(local), ByTheLibrary(zone, local)) << name << " " << local;
    }
  }
}

TEST(ZoneOffsets, TheDefaultIsUtc) {
  EXPECT_EQ(ZoneOffsets().ToUtc(1'291'191'960), 1'291'191'960);
  EXPECT_EQ(ZoneOffsets().ToUtc(-5), -5);
}

TEST(ZoneOffsets, LeaveSkippedAndRepeatedTimesToTheOffsetBefore) {
  // London's clock went from 01:00 to 02:00 on 2011-03-27 (1301187600 as a clock of UTC shows
  // 01:00), and from 02:00 back to 01:00 on 2011-10-30 (1319936400 for 01:00).
  const auto london = ZoneOffsets::Of("Europe/London");
  ASSERT_TRUE(london.ok());
  EXPECT_EQ(london->ToUtc(1'301'187'600 + 1800), 1'301'187'600 + 1800) << "skipped";
  EXPECT_EQ(london->ToUtc(1'301'187'600 + 3600), 1'301'187'600) << "02:00 is 01:00 UTC";
  EXPECT_EQ(london->ToUtc(1'319'936'400 + 1800), 1'319'936'400 - 1800) << "the first of two";
  EXPECT_EQ(london->ToUtc(1'319'936'400 + 3600), 1'319'936'400 + 3600) << "02:00 is 02:00 UTC";
}

TEST(ZoneOffsets, NameAZoneThatIsNotThere) {
  EXPECT_THAT(MessageOf(ZoneOffsets::Of("Mars/Base").status()),
              testing::HasSubstr("'Mars/Base' is not a time zone"));
}

}  // namespace
}  // namespace burgeon
