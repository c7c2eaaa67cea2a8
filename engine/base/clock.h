// Time: int64 microseconds since 1970-01-01T00:00:00 UTC.
#ifndef BURGEON_ENGINE_BASE_CLOCK_H_
#define BURGEON_ENGINE_BASE_CLOCK_H_

#include <cstdint>
#include <string>

namespace burgeon {

using TimeMicros = int64_t;

inline constexpr int64_t kMicrosPerSecond = 1'000'000;
inline constexpr int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

// Where the current time comes from: passed in, so that tests own it.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual TimeMicros Now() const = 0;
};

class SystemClock : public Clock {
 public:
  TimeMicros Now() const override;
};

// Stands where it was put.
class FixedClock : public Clock {
 public:
  explicit FixedClock(TimeMicros now) : now_(now) {}
  TimeMicros Now() const override { return now_; }
  void Set(TimeMicros now) { now_ = now; }

 private:
  TimeMicros now_;
};

// "2011-12-09T12:50:00Z", with ".ffffff" when there is a fraction of a second.
std::string FormatTime(TimeMicros time);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_BASE_CLOCK_H_
