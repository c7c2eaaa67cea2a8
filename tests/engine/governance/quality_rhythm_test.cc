#include "engine/governance/quality_rhythm.h"

#include <gtest/gtest.h>

#include <functional>

namespace burgeon {
namespace {

constexpr int64_t kHour = HourlyRhythm::kMicrosPerHour;
constexpr int64_t kStart = 1'325'376'000LL * kMicrosPerSecond;  // 2012-01-01, a Sunday

// Events of each hour of some days.
HourlyRhythm Days(int64_t days, const std::function<int(int64_t day, int64_t hour)>& events) {
  HourlyRhythm rhythm;
  for (int64_t day = 0; day < days; ++day) {
    for (int64_t hour = 0; hour < 24; ++hour) {
      for (int i = 0; i < events(day, hour); ++i)
        rhythm.Add(kStart + (day * 24 + hour) * kHour + i);
    }
  }
  return rhythm;
}

TEST(HourlyRhythmTest, AnOutageIsFoundWithItsHours) {
  const Rhythm found = Days(20, [](int64_t day, int64_t hour) {
                         return day == 10 && hour >= 5 && hour < 9 ? 0 : 30;
                       }).Finish();
  ASSERT_EQ(found.silences.size(), 1U);
  EXPECT_EQ(found.silences[0].begin, kStart + (10 * 24 + 5) * kHour);
  EXPECT_EQ(found.silences[0].end, kStart + (10 * 24 + 9) * kHour);
  EXPECT_EQ(found.silences[0].hours, 4);
  EXPECT_EQ(found.silences[0].expected, 120);
  EXPECT_EQ(found.silent_hours, 4);
  EXPECT_EQ(found.hours, 20 * 24);
}

TEST(HourlyRhythmTest, NightsAndWeekendsAreTheRhythm) {
  const Rhythm found = Days(84, [](int64_t day, int64_t hour) {
                         const bool open = day % 7 != 6 && hour >= 8 && hour < 18;
                         return open ? 20 : 0;
                       }).Finish();
  EXPECT_TRUE(found.silences.empty());
}

TEST(HourlyRhythmTest, ADayOffBetweenNightsIsFoundAndTheNightsAreNotCounted) {
  const Rhythm found = Days(84, [](int64_t day, int64_t hour) {
                         const bool open = day != 40 && hour >= 8 && hour < 18;
                         return open ? 20 : 0;
                       }).Finish();
  ASSERT_EQ(found.silences.size(), 1U);
  EXPECT_EQ(found.silences[0].expected, 200);
  EXPECT_EQ(found.silent_hours, 10);
  EXPECT_EQ(found.silences[0].hours, 14 + 24);  // with the nights around it
}

TEST(HourlyRhythmTest, ALongSilenceIsMeasuredAgainstWhatLiesOutsideIt) {
  const Rhythm found =
      Days(140, [](int64_t day, int64_t) { return day >= 40 && day < 96 ? 0 : 5; }).Finish();
  ASSERT_EQ(found.silences.size(), 1U);
  EXPECT_EQ(found.silences[0].hours, 56 * 24);
  EXPECT_EQ(found.silences[0].expected, 56 * 24 * 5);
}

TEST(HourlyRhythmTest, AFewMissingEventsAreChance) {
  const Rhythm found = Days(20, [](int64_t day, int64_t hour) {
                         return day == 10 && hour < 6 ? 0 : 3;  // 18 expected, below 20
                       }).Finish();
  EXPECT_TRUE(found.silences.empty());
}

TEST(HourlyRhythmTest, AGrowingShopIsNotSilentBeforeItOpened) {
  const Rhythm found = Days(100, [](int64_t day, int64_t hour) {
                         return day < 60 ? (hour == 12 && day % 5 == 0 ? 1 : 0) : 50;
                       }).Finish();
  EXPECT_TRUE(found.silences.empty());
}

TEST(HourlyRhythmTest, TooShortOrEmptyDataSayNothing) {
  EXPECT_EQ(HourlyRhythm().Finish().hours, 0);
  const Rhythm found =
      Days(3, [](int64_t day, int64_t hour) { return day == 1 && hour < 20 ? 0 : 100; }).Finish();
  EXPECT_TRUE(found.silences.empty());
}

TEST(HourlyRhythmTest, HoursBefore1970) {
  HourlyRhythm rhythm;
  rhythm.Add(-1);
  rhythm.Add(0);
  EXPECT_EQ(rhythm.hours().begin()->first, -1);
  EXPECT_EQ(rhythm.Finish().hours, 2);
}

}  // namespace
}  // namespace burgeon
