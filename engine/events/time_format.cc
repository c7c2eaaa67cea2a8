#include "engine/events/time_format.h"

#include <absl/time/time.h>

#include <bit>
#include <cstring>

#include "engine/events/decimal.h"
#include "engine/events/time_pattern.h"
#include "engine/events/zone_offsets.h"

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
    const auto digit = static_cast<unsigned>(text[*at + i] - '0');
    if (digit > 9) return false;
    *value = *value * 10 + static_cast<int>(digit);
  }
  *at += digits;
  return true;
}

bool TakeChar(std::string_view text, size_t* at, char wanted) {
  if (*at >= text.size() || text[*at] != wanted) return false;
  ++*at;
  return true;
}

// "Z", "UTC", "GMT", "+01:00", "+0100", "+01", a blank before it, or nothing.
bool TakeOffset(std::string_view text, size_t* at, std::optional<int>* offset) {
  if (*at == text.size()) return true;
  TakeChar(text, at, ' ');
  const std::string_view rest = text.substr(*at);
  if (rest == "Z" || rest == "z" || rest == "UTC" || rest == "GMT") {
    *offset = 0;
    return true;
  }
  if (rest.empty() || (rest[0] != '+' && rest[0] != '-')) return false;
  const bool minus = rest[0] == '-';
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

// ".25" or ",25", which ISO 8601 also has, or nothing.
bool TakeIsoFraction(std::string_view text, size_t* at, int64_t* micros) {
  const bool point = TakeChar(text, at, '.') || TakeChar(text, at, ',');
  return !point || internal::TakeFraction(text, at, micros);
}

template <class Word>
Word Load(const char* at) {
  Word out;
  std::memcpy(&out, at, sizeof(out));
  return out;
}

// Eight characters less `zeros`, byte by byte: digits become their values, separators 0.
uint64_t Digits(const char* at, const char (&zeros)[9]) {
  return Load<uint64_t>(at) ^ Load<uint64_t>(zeros);
}

// Whether every byte is at most 9. (A byte above 0x89 carries into the next one, but is seen.)
bool AreDigits(uint64_t bytes) {
  constexpr uint64_t kHigh = 0x8080808080808080, kAboveNine = 0x7676767676767676;
  return (((bytes + kAboveNine) | bytes) & kHigh) == 0;
}

// Of the bytes `at` and at + 1.
int TwoDigits(uint64_t bytes, int at) {
  return static_cast<int>((bytes >> (8 * at) & 0xFF) * 10 + (bytes >> (8 * at + 8) & 0xFF));
}

// "2024-12-19 12:27:33", which most texts are; nothing for any other, a time or not. Eight bytes at
// once, three times: this is done for every row.
std::optional<CivilTime> ParsePlainIso(std::string_view text) {
  static_assert(std::endian::native == std::endian::little);
  if (text.size() != 19) return std::nullopt;
  const char* const at = text.data();
  const uint64_t date = Digits(at, "0000-00-");
  const uint64_t middle = Digits(at + 8, text[10] == 'T' ? "00T00:00" : "00 00:00");
  const uint64_t end = Digits(at + 11, "00:00:00");
  constexpr uint64_t kDateSeparators = 0xFF0000FF00000000, kMiddleSeparators = 0x0000FF0000FF0000,
                     kEndSeparators = 0x0000FF0000FF0000;
  if (!AreDigits(date) || !AreDigits(middle) || !AreDigits(end) ||
      ((date & kDateSeparators) | (middle & kMiddleSeparators) | (end & kEndSeparators)) != 0) {
    return std::nullopt;
  }
  const auto seconds =
      CivilSeconds(TwoDigits(date, 0) * 100 + TwoDigits(date, 2), TwoDigits(date, 5),
                   TwoDigits(middle, 0), TwoDigits(end, 0), TwoDigits(end, 3), TwoDigits(end, 6));
  if (!seconds) return std::nullopt;
  return CivilTime{.seconds = *seconds};
}

std::optional<CivilTime> ParseIso(std::string_view text) {
  if (const auto plain = ParsePlainIso(text)) return plain;
  size_t at = 0;
  int year = 0;
  int month = 0;
  int day = 0;
  if (!TakeDigits(text, &at, 4, &year)) return std::nullopt;
  const bool dashes = TakeChar(text, &at, '-');
  if (!TakeDigits(text, &at, 2, &month)) return std::nullopt;
  if (dashes && !TakeChar(text, &at, '-')) return std::nullopt;
  if (!TakeDigits(text, &at, 2, &day)) return std::nullopt;
  int hour = 0;
  int minute = 0;
  int second = 0;
  CivilTime out;
  if (at < text.size()) {
    if (!TakeChar(text, &at, ' ') && !TakeChar(text, &at, 'T') && !TakeChar(text, &at, 't')) {
      return std::nullopt;
    }
    if (!TakeDigits(text, &at, 2, &hour) || !TakeChar(text, &at, ':') ||
        !TakeDigits(text, &at, 2, &minute)) {
      return std::nullopt;
    }
    if (TakeChar(text, &at, ':') &&
        (!TakeDigits(text, &at, 2, &second) || !TakeIsoFraction(text, &at, &out.micros))) {
      return std::nullopt;
    }
    if (!TakeOffset(text, &at, &out.offset_seconds)) return std::nullopt;
  }
  const auto seconds = CivilSeconds(year, month, day, hour, minute, second);
  if (!seconds) return std::nullopt;
  out.seconds = *seconds;
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
  ZoneOffsets offsets;
  std::optional<TimePattern> pattern = {};  // the format compiled, where it can be

  std::optional<TimeMicros> ToMicros(const CivilTime& time) const {
    const int64_t utc =
        time.offset_seconds ? time.seconds - *time.offset_seconds : offsets.ToUtc(time.seconds);
    return InRange(utc * kMicrosPerSecond + time.micros);
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
    parsed->pattern = TimePattern::Compile(format);
  } else if (format != "iso8601") {
    return InvalidArgument("'", Printable(format), "' is not a time format: wanted iso8601, ",
                           "unix_seconds, unix_milliseconds, unix_microseconds, or a pattern ",
                           "such as '%Y-%m-%d %H:%M:%S'");
  }
  if (zone != "UTC") {
    BURGEON_ASSIGN_OR_RETURN(parsed->offsets, ZoneOffsets::Of(zone));
  }
  out.zone_ = std::move(parsed);
  return out;
}

std::optional<TimeMicros> TimeFormat::Parse(std::string_view text) const {
  const Zone& zone = *zone_;
  if (zone.kind == Zone::Kind::kUnix) return InRange(ParseUnix(text, zone.unit_scale));
  if (zone.kind == Zone::Kind::kIso) {
    const auto civil = ParseIso(text);
    return civil ? zone.ToMicros(*civil) : std::nullopt;
  }
  if (zone.pattern) {
    if (const auto civil = zone.pattern->Parse(text)) return zone.ToMicros(*civil);
  }
  absl::Time time;
  std::string problem;
  if (!absl::ParseTime(ToAbsl(format_), ToAbsl(text), absl::UTCTimeZone(), &time, &problem)) {
    return std::nullopt;
  }
  if (time == absl::InfiniteFuture() || time == absl::InfinitePast()) return std::nullopt;
  if (zone.kind == Zone::Kind::kPatternWithZone) return InRange(absl::ToUnixMicros(time));
  // Read as if in UTC, which gives back the fields as written, then placed in the zone.
  const int64_t micros = absl::ToUnixMicros(time);
  const int64_t second = absl::ToUnixSeconds(time);
  return zone.ToMicros({.seconds = second, .micros = micros - second * kMicrosPerSecond});
}

std::optional<TimeMicros> TimeFormat::FromTicks(int64_t ticks, int64_t ticks_a_second,
                                                TickKind kind) const {
  if (zone_->kind != Zone::Kind::kIso || ticks < 0) return std::nullopt;
  const int64_t seconds = ticks / ticks_a_second;
  if (seconds >= kLatest / kMicrosPerSecond) return std::nullopt;
  CivilTime civil{.seconds = seconds};
  // Digits behind the sixth are cut, as those of text are.
  civil.micros = ticks % ticks_a_second * kMicrosPerSecond / ticks_a_second;
  if (kind == TickKind::kInstant) civil.offset_seconds = 0;
  return zone_->ToMicros(civil);
}

std::string TimeFormat::Wanted() const {
  return Concat("a time in format '", format_, "' from 1970 to 2199");
}

}  // namespace burgeon
