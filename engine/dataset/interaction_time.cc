#include "engine/dataset/interaction_time.h"

#include <algorithm>
#include <limits>

namespace burgeon {

std::vector<TimeMicros> InteractionTimes(const Snapshot& snapshot, const EventWeights& weights) {
  const CsrView interactions = snapshot.interactions.view();
  const SnapshotEvents& events = snapshot.events;
  std::vector<TimeMicros> times(interactions.columns.size(),
                                std::numeric_limits<TimeMicros>::min());
  for (int64_t u = 0; u < interactions.rows(); ++u) {
    const auto row = interactions.row_columns(u);
    const auto begin = static_cast<size_t>(interactions.offsets[static_cast<size_t>(u)]);
    for (auto k = static_cast<size_t>(events.offsets[static_cast<size_t>(u)]);
         k < static_cast<size_t>(events.offsets[static_cast<size_t>(u) + 1]); ++k) {
      if (events.item[k] == kNoItemRow || weights.of(events.type[k]) <= 0) continue;
      const auto at = std::ranges::lower_bound(row, events.item[k]);
      if (at == row.end() || *at != events.item[k]) continue;  // all of it was returned
      TimeMicros& time = times[begin + static_cast<size_t>(at - row.begin())];
      time = std::max(time, events.time[k]);
    }
  }
  return times;
}

}  // namespace burgeon
