#include "engine/events/time_pattern.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <utility>

#include "engine/base/clock.h"

namespace burgeon {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Up to `most` digits at *at, at least `least`.
bool TakeNumber(std::string_view text, size_t* at, size_t least, size_t most, int* value) {
  const size_t begin = *at;
  *value = 0;
  for (; *at < text.size() && *at - begin < most && IsDigit(text[*at]); ++*at) {
    *value = *value * 10 + (text[*at] - '0');
  }
  return *at - begin >= least;
}

// %F and %T written out.
std::string Expand(std::string_view format) {
  std::string out;
  for (size_t i = 0; i < format.size(); ++i) {
    out += format[i];
    if (format[i] != '%' || i + 1 == format.size()) continue;
    ++i;
    if (format[i] == 'F') {
      out += "Y-%m-%d";
    } else if (format[i] == 'T') {
      out += "H:%M:%S";
    } else {
      out += format[i];
    }
  }
  return out;
}

}  // namespace

namespace internal {

bool TakeFraction(std::string_view text, size_t* at, int64_t* micros) {
  int64_t unit = kMicrosPerSecond / 10;
  const size_t begin = *at;
  for (; *at < text.size() && IsDigit(text[*at]); ++*at) {
    *micros += unit * (text[*at] - '0');
    unit /= 10;
  }
  return *at > begin;
}

}  // namespace internal

std::optional<int64_t> CivilSeconds(int year, int month, int day, int hour, int minute,
                                    int second) {
  using std::chrono::year_month_day;
  const year_month_day date(std::chrono::year(year),
                            std::chrono::month(static_cast<unsigned>(month)),
                            std::chrono::day(static_cast<unsigned>(day)));
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return days * 86'400 + hour * 3600 + minute * 60 + second;
}

std::optional<TimePattern> TimePattern::Compile(std::string_view format) {
  static constexpr std::pair<std::string_view, Step> kSteps[] = {
      {"%E4Y", Step::kYear}, {"%E*S", Step::kSecondFraction},
      {"%Y", Step::kYear},   {"%m", Step::kMonth},
      {"%d", Step::kDay},    {"%H", Step::kHour},
      {"%M", Step::kMinute}, {"%S", Step::kSecond}};
  const std::string expanded = Expand(format);
  std::string_view rest = expanded;
  TimePattern out;
  std::array<int, kFields> seen = {};
  while (!rest.empty()) {
    const auto* const found =
        std::find_if(std::begin(kSteps), std::end(kSteps),
                     [&](const auto& entry) { return rest.starts_with(entry.first); });
    if (found == std::end(kSteps)) {
      if (rest[0] == '%') return std::nullopt;
      out.parts_.push_back({Step::kLiteral, rest[0]});
      rest.remove_prefix(1);
      continue;
    }
    const auto [name, step] = *found;
    out.parts_.push_back({step, 0});
    ++seen[FieldOf(step)];
    rest.remove_prefix(name.size());
    // %Y takes every digit that follows.
    const bool digits_follow = !rest.empty() && (rest[0] == '%' || IsDigit(rest[0]));
    if (name == "%Y" && digits_follow) return std::nullopt;
  }
  // Without a whole date the library has rules of its own for what is left out.
  const bool whole = seen[0] == 1 && seen[1] == 1 && seen[2] == 1;
  const bool once = *std::max_element(seen.begin(), seen.end()) == 1;
  return whole && once ? std::optional(std::move(out)) : std::nullopt;
}

std::optional<CivilTime> TimePattern::Parse(std::string_view text) const {
  std::array<int, kFields> fields = {};
  CivilTime out;
  size_t at = 0;
  for (const Part& part : parts_) {
    if (part.step == Step::kLiteral) {
      if (at >= text.size() || text[at] != part.literal) return std::nullopt;
      ++at;
      continue;
    }
    const bool year = part.step == Step::kYear;
    if (!TakeNumber(text, &at, year ? 4 : 1, year ? 4 : 2, &fields[FieldOf(part.step)])) {
      return std::nullopt;
    }
    if (part.step == Step::kSecondFraction && at < text.size() && text[at] == '.' &&
        !internal::TakeFraction(text, &++at, &out.micros)) {
      return std::nullopt;
    }
  }
  if (at != text.size()) return std::nullopt;
  const auto seconds =
      CivilSeconds(fields[0], fields[1], fields[2], fields[3], fields[4], fields[5]);
  if (!seconds) return std::nullopt;
  out.seconds = *seconds;
  return out;
}

}  // namespace burgeon
