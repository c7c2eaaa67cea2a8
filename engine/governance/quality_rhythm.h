// Timeliness: how long events took to be known, and hours without events against the usual rhythm.
#ifndef BURGEON_ENGINE_GOVERNANCE_QUALITY_RHYTHM_H_
#define BURGEON_ENGINE_GOVERNANCE_QUALITY_RHYTHM_H_

#include <cstdint>
#include <map>
#include <vector>

#include "engine/base/clock.h"

namespace burgeon {

struct SilentSpan {
  TimeMicros begin = 0;  // of the first hour without events
  TimeMicros end = 0;    // of the last such hour, exclusive
  int64_t hours = 0;
  double expected = 0;  // events, by the rhythm around it
};

// A run of silent hours is reported when the rhythm had at least so many events in it, times the
// dispersion: were events independent, the chance of none would be e^-20, 2e-9. They come in visits
// and invoices, so that there are fewer independent arrivals than events.
inline constexpr double kSilentExpected = 20;

struct Rhythm {
  std::vector<SilentSpan> silences;
  int64_t hours = 0;         // between the first and the last event
  int64_t silent_hours = 0;  // in the silences, those with events expected only
  double dispersion = 1;     // variance of an hour's count over its mean, at least 1: the median
                             // over the days, of (x - y)^2 / (x + y) summed over the day's hours x
                             // and the same hours y one period later
};

// Counts events by the hour (UTC).
//
// What an hour should have is the smaller of two medians: over the four same hours of the week
// before the silence it lies in, and over the four after it. (Of the day instead of the week when
// the data are shorter than eight weeks.) An hour that has fewer than three of either is left
// alone: at the beginning and the end there is no rhythm to go by, and a shop that grows is not
// silent before it opened.
class HourlyRhythm {
 public:
  void Add(TimeMicros time) { ++hours_[time / kMicrosPerHour - (time % kMicrosPerHour < 0)]; }
  Rhythm Finish() const;
  const std::map<int64_t, int64_t>& hours() const { return hours_; }  // by hours since 1970

  static constexpr int64_t kMicrosPerHour = 3600 * kMicrosPerSecond;

 private:
  double Dispersion(int64_t period) const;
  // Of an hour within the silence between the hours `before` and `after`, which have events.
  double Expected(int64_t hour, int64_t before, int64_t after, int64_t period) const;
  std::map<int64_t, int64_t> hours_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_GOVERNANCE_QUALITY_RHYTHM_H_
