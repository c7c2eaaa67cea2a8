// From local time of a zone to UTC, as a table made once from the tz database, because a look-up
// in the library costs several times what the rest of reading a time does.
//
//   BURGEON_ASSIGN_OR_RETURN(const ZoneOffsets zone, ZoneOffsets::Of("Europe/London"));
//   const int64_t utc = zone.ToUtc(local);  // seconds; `local` counts as if its clock were UTC's
//
// A local time that a clock change skips or shows twice takes the offset that held before the
// change (time_format.h). For times from 1970 to 2199. Immutable, thread-safe.
#ifndef BURGEON_ENGINE_EVENTS_ZONE_OFFSETS_H_
#define BURGEON_ENGINE_EVENTS_ZONE_OFFSETS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/status.h"

namespace burgeon {

class ZoneOffsets {
 public:
  ZoneOffsets() : changes_{{INT64_MAX, 0}} {}  // UTC
  // kInvalidArgument for a name the tz database does not have.
  static absl::StatusOr<ZoneOffsets> Of(const std::string& name);

  int64_t ToUtc(int64_t local) const {
    const uint64_t slot = static_cast<uint64_t>(local) >> kSlotBits;
    size_t at = slot < slots_.size() ? slots_[slot] : (local < 0 ? 0 : changes_.size() - 1);
    while (local >= changes_[at].until) ++at;
    return local - changes_[at].offset;
  }

 private:
  static constexpr int kSlotBits = 21;  // a slot of 24 days: two changes in one are rare

  struct Change {
    int64_t until = 0;   // local time before which the offset holds
    int64_t offset = 0;  // seconds east of UTC
  };
  std::vector<Change> changes_;  // in order; the last holds for ever
  std::vector<uint32_t> slots_;  // by local >> kSlotBits: the first change that may matter
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_ZONE_OFFSETS_H_
