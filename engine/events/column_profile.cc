#include "engine/events/column_profile.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/events/time_format.h"

namespace burgeon {
namespace {

constexpr size_t kTimeTexts = 2000;
constexpr size_t kMostDistinct = 1'000'000;  // beyond, `distinct` stops growing
constexpr int64_t kMostWords = 64;           // of a column that enumerates

constexpr TimeMicros kEarliest = 631'152'000LL * kMicrosPerSecond;  // 1990
constexpr TimeMicros kLatest = 4'102'444'800LL * kMicrosPerSecond;  // 2100

bool IsNullLike(std::string_view text) {
  static constexpr std::string_view kTexts[] = {
      "",    "null", "Null", "NULL", "\\N", "NA",        "N/A",       "n/a", "nan",
      "NaN", "NAN",  "None", "-",    "--",  "(not set)", "undefined", "#N/A"};
  return std::find(std::begin(kTexts), std::end(kTexts), text) != std::end(kTexts);
}

// The share of texts that a format reads as a time from 1990 to 2099.
double ShareOf(const std::string& format, const std::vector<std::string>& texts) {
  const auto made = TimeFormat::Make(format, "UTC");
  if (!made.ok()) return 0;
  size_t good = 0;
  for (const std::string& text : texts) {
    const auto time = made->Parse(text);
    if (time && *time >= kEarliest && *time < kLatest) ++good;
  }
  return static_cast<double>(good) / static_cast<double>(texts.size());
}

// Day and month before the year: which of them comes first.
std::string DayMonthNote(const std::vector<std::string>& texts, const std::string& day_first,
                         const std::string& month_first) {
  return ShareOf(day_first, texts) > kEnough && ShareOf(month_first, texts) > kEnough
             ? "day and month cannot be told apart in the sample"
             : "";
}

}  // namespace

TimeGuess GuessTimeFormat(const std::vector<std::string>& texts) {
  if (texts.empty()) return {};
  TimeGuess best;
  const auto consider = [&](const std::string& format, bool has_zone) {
    const double share = ShareOf(format, texts);
    if (share > best.share + 1e-9) best = {format, "", share, has_zone};
  };
  const bool ends_in_zone = texts[0].ends_with('Z') || texts[0].ends_with("UTC") ||
                            texts[0].find('+', 10) != std::string::npos;
  consider("%E4Y%m%d", false);
  consider("iso8601", ends_in_zone);
  consider("%Y/%m/%d %H:%M:%S", false);
  consider("%Y/%m/%d %H:%M", false);
  consider("%Y/%m/%d", false);
  consider("%E4Y%m%d%H%M%S", false);
  for (const char* unix : {"unix_seconds", "unix_milliseconds", "unix_microseconds"}) {
    consider(unix, true);
  }
  for (const char* separator : {"/", ".", "-"}) {
    for (const char* time : {"", " %H:%M", " %H:%M:%S"}) {
      const std::string day = Concat("%d", separator, "%m", separator, "%Y", time);
      const std::string month = Concat("%m", separator, "%d", separator, "%Y", time);
      const double before = best.share;
      consider(day, false);
      consider(month, false);
      if (best.share > before) best.note = DayMonthNote(texts, day, month);
    }
  }
  return best;
}

ColumnProfiler::ColumnProfiler(std::string name) { profile_.name = std::move(name); }

void ColumnProfiler::Add(bool null, std::string_view raw) {
  ++profile_.rows;
  const std::string_view text = TrimAscii(raw);
  if (null || IsNullLike(text)) {
    ++profile_.missing;
    if (!null && !text.empty()) ++profile_.null_like[std::string(text)];
    return;
  }
  bytes_ += static_cast<int64_t>(text.size());
  if (counts_.size() < kMostDistinct) ++counts_[std::string(text)];
  if (first_.size() < kTimeTexts) first_.emplace_back(text);
  const auto number = ParseDouble(text);
  if (!number) return;
  const size_t point = text.find('.');
  const bool whole = point == std::string_view::npos;
  const bool zeros =
      !whole && text.substr(point + 1).find_first_not_of('0') == std::string_view::npos;
  integers_ += whole && ParseInt64(text) ? 1 : 0;
  profile_.whole_with_point += zeros ? 1 : 0;
  profile_.with_fraction += !whole && !zeros ? 1 : 0;
  profile_.negative += *number < 0 ? 1 : 0;
  profile_.min = numbers_ == 0 ? *number : std::min(profile_.min, *number);
  profile_.max = numbers_ == 0 ? *number : std::max(profile_.max, *number);
  profile_.not_before += numbers_ > 0 && *number >= last_ ? 1 : 0;
  last_ = *number;
  ++numbers_;
}

ColumnProfile ColumnProfiler::Finish() {
  ColumnProfile& out = profile_;
  out.distinct = static_cast<int64_t>(counts_.size());
  const auto present = static_cast<double>(out.present());
  if (present == 0) return std::move(out);
  const TimeGuess time = GuessTimeFormat(first_);
  const auto share = [&](int64_t count) { return static_cast<double>(count) / present; };
  if (time.share >= kEnough) {
    out.kind = ColumnKind::kTime;
    out.time_format = time.format;
    out.time_note = time.note;
    out.time_share = time.share;
    out.time_has_zone = time.has_zone;
  } else if (share(integers_) >= kEnough) {
    out.kind = ColumnKind::kInteger;
  } else if (share(numbers_) >= kEnough) {
    out.kind = ColumnKind::kNumber;
  } else if (out.distinct <= kMostWords &&
             out.distinct * 4 <= std::max<int64_t>(out.present(), 8)) {
    out.kind = ColumnKind::kWords;
  } else {
    out.kind = ColumnKind::kText;
  }
  if (out.distinct <= kMostWords) out.values.insert(counts_.begin(), counts_.end());
  return std::move(out);
}

}  // namespace burgeon
