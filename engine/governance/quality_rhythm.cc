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

Rhythm HourlyRhythm::Finish() const {
  Rhythm rhythm;
  if (hours_.empty()) return rhythm;
  rhythm.hours = hours_.rbegin()->first - hours_.begin()->first + 1;
  const int64_t period = rhythm.hours >= 8 * kWeek ? kWeek : kDay;
  int64_t before = hours_.begin()->first;
  for (const auto& [hour, count] : hours_) {
    SilentSpan span;
    int64_t silent = 0;
    for (int64_t at = before + 1; at < hour; ++at) {
      const double expected = Expected(at, before, hour, period);
      if (expected > 0) ++silent;
      span.expected += expected;
    }
    if (span.expected >= kSilentExpected) {
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
