// A strptime pattern compiled for speed: the plain ones, of numbers and what stands between them.
//
//   const auto pattern = TimePattern::Compile("%d/%m/%Y %H:%M");
//   std::optional<CivilTime> t = pattern->Parse("01/12/2010 08:26");
//
// It knows %Y and %E4Y (four digits), %m %d %H %M %S (one or two digits), %E*S, %F, %T and literal
// text. Whatever it reads, absl::ParseTime reads as the same time; what it does not read
// may still be one (blanks more or less, a year of two digits): a caller then asks the library.
// Immutable, thread-safe.
#ifndef BURGEON_ENGINE_EVENTS_TIME_PATTERN_H_
#define BURGEON_ENGINE_EVENTS_TIME_PATTERN_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace burgeon {

// A time as a clock on the wall shows it.
struct CivilTime {
  int64_t seconds = 0;                     // since 1970-01-01 00:00:00 of the same clock
  int64_t micros = 0;                      // 0 .. 999'999
  std::optional<int> offset_seconds = {};  // east of UTC, when the text names one
};

// Seconds since 1970-01-01 of the same clock; nothing for a day or an hour that does not exist.
std::optional<int64_t> CivilSeconds(int year, int month, int day, int hour, int minute, int second);

class TimePattern {
 public:
  // Nothing for a pattern with anything else in it.
  static std::optional<TimePattern> Compile(std::string_view format);
  std::optional<CivilTime> Parse(std::string_view text) const;

 private:
  // kYear to kSecond index the six fields of a time.
  enum class Step : uint8_t {
    kYear,
    kMonth,
    kDay,
    kHour,
    kMinute,
    kSecond,
    kSecondFraction,
    kLiteral
  };
  static constexpr size_t kFields = 6;
  static size_t FieldOf(Step step) {
    return static_cast<size_t>(step == Step::kSecondFraction ? Step::kSecond : step);
  }
  struct Part {
    Step step = Step::kLiteral;
    char literal = 0;
  };
  std::vector<Part> parts_;
};

namespace internal {
// The digits at *at as a fraction of a second; those beyond the sixth are cut. False without any.
bool TakeFraction(std::string_view text, size_t* at, int64_t* micros);
}  // namespace internal

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_TIME_PATTERN_H_
