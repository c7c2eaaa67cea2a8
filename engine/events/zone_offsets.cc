#include "engine/events/zone_offsets.h"

#include <algorithm>

#include <absl/time/civil_time.h>
#include <absl/time/time.h>
#include "engine/base/check.h"

namespace burgeon {
namespace {

constexpr int64_t kDay = 86'400;
constexpr int64_t kEnd = 7'258'118'400 + kDay;  // 2200-01-02: local times run ahead of UTC

int64_t OffsetAt(const absl::TimeZone& zone, int64_t utc) {
  return zone.At(absl::FromUnixSeconds(utc)).offset;
}

}  // namespace

absl::StatusOr<ZoneOffsets> ZoneOffsets::Of(const std::string& name) {
  absl::TimeZone zone;
  if (!absl::LoadTimeZone({name.data(), name.size()}, &zone)) {
    return InvalidArgument("'", Printable(name), "' is not a time zone this machine knows: wanted ",
                           "an IANA name such as Europe/London (they lie in /usr/share/zoneinfo, ",
                           "Debian package tzdata)");
  }
  ZoneOffsets out;
  out.changes_.clear();
  int64_t offset = OffsetAt(zone, -kDay);
  // The library does not promise to list the changes of a rule that goes on for ever, so they are
  // looked for by the offset: no zone has changed its clock and changed it back within a day.
  for (int64_t day = 0; day * kDay < kEnd; ++day) {
    const int64_t after = OffsetAt(zone, day * kDay);
    if (after == offset) continue;
    int64_t low = (day - 1) * kDay;  // the offset before holds here,
    int64_t high = day * kDay;       // and here no more
    while (high - low > 1) {
      const int64_t middle = (low + high) / 2;
      (OffsetAt(zone, middle) == offset ? low : high) = middle;
    }
    // The clock showed high + offset when it was set to high + after. Local times below the later
    // of the two are read with the offset before.
    out.changes_.push_back({high + std::max(offset, after), offset});
    offset = after;
  }
  out.changes_.push_back({INT64_MAX, offset});
  const auto before = [](const Change& a, const Change& b) { return a.until < b.until; };
  BURGEON_CHECK(std::is_sorted(out.changes_.begin(), out.changes_.end(), before));
  for (int64_t at = 0; at < kEnd; at += int64_t{1} << kSlotBits) {
    size_t first = out.slots_.empty() ? 0 : out.slots_.back();
    while (out.changes_[first].until <= at) ++first;
    out.slots_.push_back(static_cast<uint32_t>(first));
  }
  return out;
}

}  // namespace burgeon
