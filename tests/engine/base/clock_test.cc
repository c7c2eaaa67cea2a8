#include "engine/base/clock.h"

#include <gtest/gtest.h>

#include <chrono>

namespace burgeon {
namespace {

TEST(FormatTimeTest, SecondsFractionsAndTimesBeforeTheEpoch) {
  EXPECT_EQ(FormatTime(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(FormatTime(1'323'435'000 * kMicrosPerSecond), "2011-12-09T12:50:00Z");
  EXPECT_EQ(FormatTime(1), "1970-01-01T00:00:00.000001Z");
  EXPECT_EQ(FormatTime(-1), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(FormatTime(-kMicrosPerDay), "1969-12-31T00:00:00Z");
  EXPECT_EQ(FormatTime(951'782'400 * kMicrosPerSecond), "2000-02-29T00:00:00Z");
}

TEST(FixedClockTest, StandsWhereItWasPut) {
  FixedClock clock(5);
  EXPECT_EQ(clock.Now(), 5);
  clock.Set(9);
  EXPECT_EQ(clock.Now(), 9);
}

TEST(SystemClockTest, IsTheSystemsTimeInMicroseconds) {
  const auto micros = [] {
    return std::chrono::duration_cast<std::chrono::microseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  };
  const TimeMicros before = micros();
  const TimeMicros now = SystemClock().Now();
  EXPECT_LE(before, now);
  EXPECT_LE(now, micros());
}

}  // namespace
}  // namespace burgeon
