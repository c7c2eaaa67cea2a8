// Times of a source, as text, to microseconds UTC.
//
//   BURGEON_ASSIGN_OR_RETURN(const TimeFormat format,
//                            TimeFormat::Make("%d/%m/%Y %H:%M", "Europe/London"));
//   std::optional<TimeMicros> t = format.Parse("01/12/2010 08:26");
//
// Formats:
//   iso8601            2010-12-01, 20101201, 2010-12-01 08:26, 2010-12-01T08:26:00.25+01:00, ...Z,
//                      2010-12-01 08:26:00 UTC
//   unix_seconds       also with a fraction (881250949.0); unix_milliseconds; unix_microseconds
//   anything with a %  as strptime reads it: %Y %m %d %H %M %S %E*S (seconds with a fraction)
//                      %y %b %z ...; the whole text must match. %Y takes every digit that follows:
//                      where no separator stands after the year, write %E4Y
// A time that names no zone or offset is local time of `zone` (an IANA name; "UTC"). A local time
// that a clock change skips or shows twice is read with the offset that held before the change:
// of a 01:30 shown twice it is the first, and a skipped 01:30 is 30 minutes after the change.
// Only times from 1970-01-01 to before 2200-01-01 are taken. Thread-safe.
#ifndef BURGEON_ENGINE_EVENTS_TIME_FORMAT_H_
#define BURGEON_ENGINE_EVENTS_TIME_FORMAT_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/base/status.h"

namespace burgeon {

// What a count since 1970-01-01 counts: an instant, or the clock of the zone of the format.
enum class TickKind { kInstant, kLocal };

class TimeFormat {
 public:
  // kInvalidArgument naming the format or the zone.
  static absl::StatusOr<TimeFormat> Make(const std::string& format, const std::string& zone);
  TimeFormat();  // iso8601, UTC

  std::optional<TimeMicros> Parse(std::string_view text) const;
  // What Parse gives for the text of a time of Parquet (table.h): `ticks` since 1970-01-01. Nothing
  // where only the text can tell: another format than iso8601, a time that is not taken.
  std::optional<TimeMicros> FromTicks(int64_t ticks, int64_t ticks_a_second, TickKind kind) const;
  // "a time in format '%d/%m/%Y', 1970 to 2199": what was wanted, for messages.
  std::string Wanted() const;
  const std::string& format() const { return format_; }

 private:
  struct Zone;
  std::string format_;
  std::shared_ptr<const Zone> zone_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_TIME_FORMAT_H_
