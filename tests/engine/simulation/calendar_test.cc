#include "engine/simulation/calendar.h"

#include <gtest/gtest.h>

namespace burgeon {
namespace {

constexpr TimeMicros kStart = TimeMicros{1'704'067'200} * kMicrosPerSecond;  // Mon 2024-01-01

WorldConfig Year(double amplitude) {
  WorldConfig config;
  config.start = kStart;
  config.days = 366;
  config.year_amplitude = amplitude;
  return config;
}

TEST(Calendar, WeightsHaveMeanOne) {
  double week = 0;
  for (int day = 0; day < 7; ++day) week += Calendar::WeekdayWeight(day);
  EXPECT_NEAR(week, 7, 1e-12);
  for (int profile = 0; profile < Calendar::kProfiles; ++profile) {
    double day = 0;
    for (int hour = 0; hour < 24; ++hour) day += Calendar::HourWeight(profile, hour);
    EXPECT_NEAR(day, 24, 1e-12);
  }
}

TEST(Calendar, AWeekOfOperationalTimeIsAWeek) {
  const Calendar calendar(Year(0));
  for (int profile = 0; profile < Calendar::kProfiles; ++profile) {
    EXPECT_NEAR(calendar.OperationalDays(profile, kStart + 35 * kMicrosPerDay) -
                    calendar.OperationalDays(profile, kStart),
                35, 1e-9);
  }
}

// The integral is the sum of the intensity over hours.
TEST(Calendar, IsTheIntegralOfTheIntensity) {
  const Calendar calendar(Year(0.3));
  constexpr TimeMicros kHour = 3600 * kMicrosPerSecond;
  const double begin = calendar.OperationalDays(1, kStart);
  double sum = 0;
  for (int64_t hour = 0; hour < 24 * 40; ++hour) {
    const TimeMicros time = kStart + hour * kHour;
    const auto weekday = static_cast<int>((hour / 24) % 7);  // the start is a Monday
    sum += Calendar::WeekdayWeight(weekday) * Calendar::HourWeight(1, static_cast<int>(hour % 24)) *
           calendar.YearWeight(time) / 24;
    EXPECT_NEAR(calendar.OperationalDays(1, time + kHour) - begin, sum, 1e-9);
  }
}

TEST(Calendar, LocalTimeIsTheInverse) {
  const Calendar calendar(Year(0.3));
  for (int profile = 0; profile < Calendar::kProfiles; ++profile) {
    for (TimeMicros time = kStart - kMicrosPerDay; time < kStart + 366 * kMicrosPerDay;
         time += 12'345'678'901) {
      const double operational = calendar.OperationalDays(profile, time);
      EXPECT_NEAR(static_cast<double>(calendar.LocalTime(profile, operational) - time), 0, 1000);
    }
  }
}

TEST(Calendar, YearIsHighestAtItsTurn) {
  const Calendar calendar(Year(0.3));
  EXPECT_NEAR(calendar.YearWeight(kStart), 1.3, 1e-12);
  EXPECT_NEAR(calendar.YearWeight(kStart + 183 * kMicrosPerDay), 0.7, 1e-3);
}

TEST(Calendar, MonthsAndDays) {
  EXPECT_EQ(MonthOf(kStart), 0);
  EXPECT_EQ(MonthOf(kStart - 1), 11);
  EXPECT_EQ(MonthOf(kStart + 60 * kMicrosPerDay), 2);  // 2024 is a leap year: 1 March
  EXPECT_EQ(DayNumber(-1), -1);
  EXPECT_EQ(DayNumber(0), 0);
}

TEST(TimeText, WritesMilliseconds) {
  TimeText text;
  std::string out;
  text.Append(kStart + 3'723'045'000, &out);
  EXPECT_EQ(out, "2024-01-01T01:02:03.045Z");
  out.clear();
  text.Append(kStart - 1000, &out);
  EXPECT_EQ(out, "2023-12-31T23:59:59.999Z");
}

}  // namespace
}  // namespace burgeon
