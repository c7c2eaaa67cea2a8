#include "engine/simulation/calendar.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>

namespace burgeon {
namespace {

constexpr std::array<std::array<double, 24>, Calendar::kProfiles> kHours = {{
    // 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22 23
    {1, 1, 1, 1, 2, 6, 10, 12, 10, 8, 7, 6, 6, 5, 4, 4, 4, 4, 4, 3, 3, 2, 1, 1},
    {3, 2, 1, 1, 1, 1, 2, 3, 4, 4, 4, 5, 6, 5, 4, 4, 5, 7, 9, 12, 14, 13, 10, 6},
    {1, 1, 1, 1, 1, 1, 2, 4, 8, 10, 11, 11, 9, 9, 10, 10, 9, 8, 6, 5, 4, 3, 2, 1},
}};
constexpr std::array<double, 7> kWeekdays = {0.9, 0.85, 0.9, 0.95, 1.05, 1.25, 1.1};  // mean 1

std::chrono::year_month_day DateOf(int64_t day_number) {
  return std::chrono::year_month_day(
      std::chrono::sys_days(std::chrono::days(static_cast<int>(day_number))));
}

}  // namespace

double Calendar::HourWeight(int profile, int hour) {
  double sum = 0;
  for (const double weight : kHours[static_cast<size_t>(profile)]) sum += weight;
  return kHours[static_cast<size_t>(profile)][static_cast<size_t>(hour)] * 24 / sum;
}

double Calendar::WeekdayWeight(int weekday) { return kWeekdays[static_cast<size_t>(weekday)]; }

double Calendar::YearWeight(TimeMicros local) const {
  const int64_t day = DayNumber(local);
  const auto date = DateOf(day);
  const auto first = std::chrono::sys_days(date.year() / std::chrono::January / 1);
  const auto day_of_year = static_cast<double>(day - first.time_since_epoch().count());
  return 1 + amplitude_ * std::cos(6.283185307179586 * day_of_year / 365.25);
}

Calendar::Calendar(const WorldConfig& config) : amplitude_(config.year_amplitude) {
  const int64_t first = DayNumber(config.start) - 1;
  const int64_t last = DayNumber(config.end()) + 2;
  begin_ = first * kMicrosPerDay;
  day_begin_.push_back(0);
  for (int64_t day = first; day < last; ++day) {
    const auto weekday = static_cast<int>(((day + 3) % 7 + 7) % 7);  // 1970-01-01: a Thursday
    day_begin_.push_back(day_begin_.back() +
                         WeekdayWeight(weekday) * YearWeight(day * kMicrosPerDay));
  }
  for (int p = 0; p < kProfiles; ++p) {
    auto& sums = hour_begin_[static_cast<size_t>(p)];
    for (int h = 0; h < 24; ++h) {
      sums[static_cast<size_t>(h) + 1] = sums[static_cast<size_t>(h)] + HourWeight(p, h) / 24;
    }
    sums[24] = 1;
  }
}

double Calendar::OperationalDays(int profile, TimeMicros local) const {
  const TimeMicros passed = std::max<TimeMicros>(local - begin_, 0);
  const auto day = std::min(static_cast<size_t>(passed / kMicrosPerDay), day_begin_.size() - 2);
  const double hours = std::min(
      static_cast<double>(passed - static_cast<int64_t>(day) * kMicrosPerDay) / 3.6e9, 24.0);
  const auto hour = std::min(static_cast<size_t>(hours), size_t{23});
  const auto& sums = hour_begin_[static_cast<size_t>(profile)];
  const double share =
      sums[hour] + (sums[hour + 1] - sums[hour]) * (hours - static_cast<double>(hour));
  return day_begin_[day] + (day_begin_[day + 1] - day_begin_[day]) * share;
}

TimeMicros Calendar::LocalTime(int profile, double operational_days) const {
  const auto after =
      std::upper_bound(day_begin_.begin() + 1, day_begin_.end() - 1, operational_days);
  const auto day = static_cast<size_t>(after - day_begin_.begin()) - 1;
  const double share =
      (operational_days - day_begin_[day]) / (day_begin_[day + 1] - day_begin_[day]);
  const auto& sums = hour_begin_[static_cast<size_t>(profile)];
  const auto next = std::upper_bound(sums.begin() + 1, sums.end() - 1, share);
  const auto hour = static_cast<size_t>(next - sums.begin()) - 1;
  const double hours =
      static_cast<double>(hour) + (share - sums[hour]) / (sums[hour + 1] - sums[hour]);
  return begin_ + static_cast<int64_t>(day) * kMicrosPerDay +
         static_cast<TimeMicros>(std::clamp(hours, 0.0, 24.0) * 3.6e9);
}

int MonthOf(TimeMicros time) {
  return static_cast<int>(static_cast<unsigned>(DateOf(DayNumber(time)).month())) - 1;
}

void TimeText::Append(TimeMicros time, std::string* out) {
  const int64_t day = DayNumber(time);
  if (day != day_) {
    day_ = day;
    date_ = FormatTime(day * kMicrosPerDay).substr(0, 11);  // "2024-01-05T"
  }
  const auto millis = static_cast<uint32_t>((time - day * kMicrosPerDay) / 1000);
  char text[13] = "00:00:00.000";
  const auto two = [&text](size_t at, uint32_t value) {
    text[at] = static_cast<char>('0' + value / 10);
    text[at + 1] = static_cast<char>('0' + value % 10);
  };
  two(0, millis / 3'600'000);
  two(3, millis / 60'000 % 60);
  two(6, millis / 1000 % 60);
  text[9] = static_cast<char>('0' + millis % 1000 / 100);
  two(10, millis % 100);
  out->append(date_).append(text, 12).push_back('Z');
}

}  // namespace burgeon
