// When people come: an intensity over local time (weekday, hour, season) with mean 1, and its
// integral, by which a process with gaps in "operational time" becomes one in real time (time
// change of a Poisson process: Daley and Vere-Jones, An Introduction to the Theory of Point
// Processes I, 2003, section 7.4).
//
//   intensity(t) = weekday(t) * hour(profile, t) * (1 + a cos(2 pi (day of year - 1) / 365.25))
//
// Immutable; thread-safe.
#ifndef BURGEON_ENGINE_SIMULATION_CALENDAR_H_
#define BURGEON_ENGINE_SIMULATION_CALENDAR_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/simulation/world_config.h"

namespace burgeon {

class Calendar {
 public:
  static constexpr int kProfiles = 3;  // early, evening, office hours

  explicit Calendar(const WorldConfig& config);

  // Expected operational days from the calendar's begin until a local time. Local times from a day
  // before the world's start to a day after its end.
  double OperationalDays(int profile, TimeMicros local) const;
  // Its inverse.
  TimeMicros LocalTime(int profile, double operational_days) const;
  // Weight of an hour (0 .. 23) of a profile; the mean over a day is 1.
  static double HourWeight(int profile, int hour);
  // Weight of a weekday, 0 = Monday; the mean over a week is 1.
  static double WeekdayWeight(int weekday);
  double YearWeight(TimeMicros local) const;

 private:
  TimeMicros begin_ = 0;           // local midnight, a day before the world's start
  std::vector<double> day_begin_;  // operational days at the begin of each day, and the end
  std::array<std::array<double, 25>, kProfiles> hour_begin_ = {};  // share of the day passed
  double amplitude_ = 0;
};

// Days since 1970-01-01 of a time, rounded down.
inline int64_t DayNumber(TimeMicros time) {
  return (time >= 0 ? time : time - kMicrosPerDay + 1) / kMicrosPerDay;
}
// 0 = January, of a time within 1970 .. 2199.
int MonthOf(TimeMicros time);
// "2024-01-05T13:22:07.123Z" appended; fast when times of one day follow each other.
class TimeText {
 public:
  void Append(TimeMicros time, std::string* out);

 private:
  int64_t day_ = INT64_MIN;
  std::string date_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_SIMULATION_CALENDAR_H_
