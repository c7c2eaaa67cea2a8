#include "engine/events/time_format.h"

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include "engine/events/decimal.h"

namespace burgeon {
namespace {

constexpr TimeMicros kEarliest = 0;
constexpr TimeMicros kLatest = 7'258'118'400 * kMicrosPerSecond;  // 2200-01-01

absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }

// Reads exactly `digits` digits at *at.
bool TakeDigits(std::string_view text, size_t* at, size_t digits, int* value) {
  if (text.size() - *at < digits) return false;
  *value = 0;
  for (size_t i = 0; i < digits; ++i) {
    const char c = text[*at + i];
    if (c < '0' || c > '9') return false;
    *value = *value * 10 + (c - '0');
  }
  *at += digits;
  return true;
}

bool TakeChar(std::string_view text, size_t* at, char wanted) {
  if (*at >= text.size() || text[*at] != wanted) return false;
  ++*at;
  return true;
}

struct CivilTime {
  absl::CivilSecond second;
  int64_t micros = 0;
  std::optional<int> offset_seconds;  // when the text names one
};

bool TakeDate(std::string_view text, size_t* at, absl::CivilDay* day) {
  int year = 0;
  int month = 0;
  int of_month = 0;
  if (!TakeDigits(text, at, 4, &year) || !TakeChar(text, at, '-') ||
      !TakeDigits(text, at, 2, &month) || !TakeChar(text, at, '-') ||
      !TakeDigits(text, at, 2, &of_month)) {
    return false;
  }
  *day = absl::CivilDay(year, month, of_month);  // normalises: 31 February becomes 3 March
  return day->month() == month && day->day() == of_month;
}

// ".25": a fraction of a second; digits beyond the sixth are cut.
bool TakeFraction(std::string_view text, size_t* at, int64_t* micros) {
  if (*at >= text.size() || (text[*at] != '.' && text[*at] != ',')) return true;
  ++*at;
  int64_t unit = kMicrosPerSecond / 10;
  const size_t begin = *at;
  for (; *at < text.size() && text[*at] >= '0' && text[*at] <= '9'; ++*at) {
    *micros += unit * (text[*at] - '0');
    unit /= 10;
  }
  return *at > begin;
}

// "Z", "+01:00", "+0100", "+01" or nothing.
bool TakeOffset(std::string_view text, size_t* at, std::optional<int>* offset) {
  if (*at == text.size()) return true;
  if (TakeChar(text, at, 'Z') || TakeChar(text, at, 'z')) {
    *offset = 0;
    return *at == text.size();
  }
  const bool minus = text[*at] == '-';
  if (!minus && text[*at] != '+') return false;
  ++*at;
  int hours = 0;
  int minutes = 0;
  if (!TakeDigits(text, at, 2, &hours)) return false;
  if (*at < text.size()) {
    TakeChar(text, at, ':');
    if (!TakeDigits(text, at, 2, &minutes)) return false;
  }
  if (hours > 23 || minutes > 59) return false;
  *offset = (minus ? -1 : 1) * (hours * 3600 + minutes * 60);
  return *at == text.size();
}

std::optional<CivilTime> ParseIso(std::string_view text) {
  size_t at = 0;
  absl::CivilDay day;
  if (!TakeDate(text, &at, &day)) return std::nullopt;
  CivilTime out;
  out.second = absl::CivilSecond(day);
  if (at == text.size()) return out;
  if (!TakeChar(text, &at, 'T') && !TakeChar(text, &at, 't') && !TakeChar(text, &at, ' ')) {
    return std::nullopt;
  }
  int hour = 0;
  int minute = 0;
  int second = 0;
  if (!TakeDigits(text, &at, 2, &hour) || !TakeChar(text, &at, ':') ||
      !TakeDigits(text, &at, 2, &minute)) {
    return std::nullopt;
  }
  if (TakeChar(text, &at, ':')) {
    if (!TakeDigits(text, &at, 2, &second) || !TakeFraction(text, &at, &out.micros)) {
      return std::nullopt;
    }
  }
  if (hour > 23 || minute > 59 || second > 59) return std::nullopt;
  if (!TakeOffset(text, &at, &out.offset_seconds)) return std::nullopt;
  out.second = out.second + (hour * 3600 + minute * 60 + second);
  return out;
}

// `unit` is a second divided by 10^unit_scale.
std::optional<TimeMicros> ParseUnix(std::string_view text, int unit_scale) {
  const auto number = ParseDecimal(text);
  if (!number) return std::nullopt;
  return ProductMicros(*number, Decimal{.mantissa = 1, .scale = unit_scale});
}

std::optional<TimeMicros> InRange(std::optional<TimeMicros> time) {
  if (!time || *time < kEarliest || *time >= kLatest) return std::nullopt;
  return time;
}

}  // namespace

struct TimeFormat::Zone {
  enum class Kind { kIso, kUnix, kPattern, kPatternWithZone };
  Kind kind = Kind::kIso;
  int unit_scale = 0;  // of kUnix: the unit is 10^-unit_scale s
  absl::TimeZone zone = absl::UTCTimeZone();

  TimeMicros ToMicros(absl::CivilSecond local, int64_t micros) const {
    return absl::ToUnixMicros(zone.At(local).pre) + micros;
  }
};

TimeFormat::TimeFormat() : format_("iso8601"), zone_(std::make_shared<const Zone>()) {}

absl::StatusOr<TimeFormat> TimeFormat::Make(const std::string& format, const std::string& zone) {
  TimeFormat out;
  out.format_ = format;
  auto parsed = std::make_shared<Zone>();
  if (format == "unix_seconds") {
    parsed->kind = Zone::Kind::kUnix;
  } else if (format == "unix_milliseconds") {
    parsed->kind = Zone::Kind::kUnix;
    parsed->unit_scale = 3;
  } else if (format == "unix_microseconds") {
    parsed->kind = Zone::Kind::kUnix;
    parsed->unit_scale = 6;
  } else if (format.find('%') != std::string::npos) {
    const bool has_zone =
        format.find("%z") != std::string::npos || format.find("%Ez") != std::string::npos ||
        format.find("%E*z") != std::string::npos || format.find("%s") != std::string::npos;
    parsed->kind = has_zone ? Zone::Kind::kPatternWithZone : Zone::Kind::kPattern;
  } else if (format != "iso8601") {
    return InvalidArgument("'", Printable(format), "' is not a time format: wanted iso8601, ",
                           "unix_seconds, unix_milliseconds, unix_microseconds, or a pattern ",
                           "such as '%Y-%m-%d %H:%M:%S'");
  }
  if (!absl::LoadTimeZone(ToAbsl(zone), &parsed->zone)) {
    return InvalidArgument("'", Printable(zone), "' is not a time zone this machine knows: wanted ",
                           "an IANA name such as Europe/London (they lie in /usr/share/zoneinfo, ",
                           "Debian package tzdata)");
  }
  out.zone_ = std::move(parsed);
  return out;
}

std::optional<TimeMicros> TimeFormat::Parse(std::string_view text) const {
  const Zone& zone = *zone_;
  if (zone.kind == Zone::Kind::kUnix) return InRange(ParseUnix(text, zone.unit_scale));
  if (zone.kind == Zone::Kind::kIso) {
    const auto civil = ParseIso(text);
    if (!civil) return std::nullopt;
    if (!civil->offset_seconds) return InRange(zone.ToMicros(civil->second, civil->micros));
    const absl::Time utc =
        absl::FromCivil(civil->second - *civil->offset_seconds, absl::UTCTimeZone());
    return InRange(absl::ToUnixMicros(utc) + civil->micros);
  }
  absl::Time time;
  std::string problem;
  if (!absl::ParseTime(ToAbsl(format_), ToAbsl(text), absl::UTCTimeZone(), &time, &problem)) {
    return std::nullopt;
  }
  if (time == absl::InfiniteFuture() || time == absl::InfinitePast()) return std::nullopt;
  if (zone.kind == Zone::Kind::kPatternWithZone) return InRange(absl::ToUnixMicros(time));
  // Read as if in UTC, which gives back the fields as written, then placed in the zone.
  const auto fields = absl::UTCTimeZone().At(time);
  return InRange(zone.ToMicros(fields.cs, absl::ToInt64Microseconds(fields.subsecond)));
}

std::string TimeFormat::Wanted() const {
  return Concat("a time in format '", format_, "' from 1970 to 2199");
}

}  // namespace burgeon
