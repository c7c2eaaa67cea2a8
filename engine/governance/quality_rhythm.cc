#include "engine/governance/quality_rhythm.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace burgeon {
namespace {

constexpr int64_t kDay = 24;
constexpr int64_t kWeek = 7 * kDay;
constexpr int64_t kNeighbours = 4;
constexpr int64_t kLeastNeighbours = 3;

double Median(std::array<int64_t, kNeighbours>& values, size_t count) {
  std::sort(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(count));
  const double upper = static_cast<double>(values[count / 2]);
  if (count % 2 == 1) return upper;
  return (upper + static_cast<double>(values[count / 2 - 1])) / 2;
}

}  // namespace

double HourlyRhythm::Expected(int64_t hour, int64_t before, int64_t after, int64_t period) const {
  const int64_t first = hours_.begin()->first;
  const int64_t last = hours_.rbegin()->first;
  double smaller = -1;
  for (const int64_t direction : {int64_t{-1}, int64_t{1}}) {
    // The same hours of other periods, from the first that lies outside the silence.
    const int64_t distance = direction < 0 ? hour - before : after - hour;
    const int64_t skipped = (distance - 1) / period;
    std::array<int64_t, kNeighbours> values = {};
    size_t count = 0;
    for (int64_t step = skipped + 1; step <= skipped + kNeighbours; ++step) {
      const int64_t at = hour + direction * step * period;
      if (at < first || at > last) break;
      const auto found = hours_.find(at);
      values[count++] = found == hours_.end() ? 0 : found->second;
    }
    if (count < static_cast<size_t>(kLeastNeighbours)) return 0;
    const double median = Median(values, count);
    smaller = smaller < 0 ? median : std::min(smaller, median);
  }
  return smaller;
}

double HourlyRhythm::Dispersion(int64_t period) const {
  const int64_t first = hours_.begin()->first;
  const int64_t last = hours_.rbegin()->first;
  const auto count = [&](int64_t hour) {
    const auto found = hours_.find(hour);
    return found == hours_.end() ? 0.0 : static_cast<double>(found->second);
  };
  std::vector<double> days;
  for (int64_t day = first; day + kDay + period <= last + 1; day += kDay) {
    double squares = 0;
    double sum = 0;
    for (int64_t hour = day; hour < day + kDay; ++hour) {
      const double x = count(hour);
      const double y = count(hour + period);
      squares += (x - y) * (x - y);
      sum += x + y;
    }
    if (sum > 0) days.push_back(squares / sum);
  }
  if (days.empty()) return 1;
  // The median: a day without events, or after one, says nothing of how events clump.
  const auto middle = days.begin() + static_cast<std::ptrdiff_t>(days.size() / 2);
  std::nth_element(days.begin(), middle, days.end());
  return std::max(1.0, *middle);
}

Rhythm HourlyRhythm::Finish() const {
  Rhythm rhythm;
  if (hours_.empty()) return rhythm;
  rhythm.hours = hours_.rbegin()->first - hours_.begin()->first + 1;
  const int64_t period = rhythm.hours >= 8 * kWeek ? kWeek : kDay;
  rhythm.dispersion = Dispersion(period);
  int64_t before = hours_.begin()->first;
  for (const auto& [hour, count] : hours_) {
    SilentSpan span;
    int64_t silent = 0;
    for (int64_t at = before + 1; at < hour; ++at) {
      const double expected = Expected(at, before, hour, period);
      if (expected > 0) ++silent;
      span.expected += expected;
    }
    if (span.expected >= kSilentExpected * rhythm.dispersion) {
      span.begin = (before + 1) * kMicrosPerHour;
      span.end = hour * kMicrosPerHour;
      span.hours = hour - before - 1;
      rhythm.silent_hours += silent;
      rhythm.silences.push_back(span);
    }
    before = hour;
  }
  return rhythm;
}

}  // namespace burgeon
