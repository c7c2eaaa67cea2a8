// All that was ever said about consent by one person: events of the store and lines of the overlay.
#ifndef BURGEON_ENGINE_ERASURE_CONSENT_HISTORY_H_
#define BURGEON_ENGINE_ERASURE_CONSENT_HISTORY_H_

#include <span>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/hash.h"
#include "engine/base/status.h"
#include "engine/governance/consent.h"
#include "engine/storage/file_system.h"
#include "engine/storage/workspace.h"

namespace burgeon {

struct ConsentSaid {
  std::string customer;  // stored id
  Purpose purpose = Purpose::kRecommend;
  bool granted = false;
  TimeMicros time = 0;      // when it was said
  TimeMicros known_at = 0;  // when we knew
  std::string source;       // of the event, or "overlay"
  bool is_event() const { return source != "overlay"; }
};

// Of all of these ids, in the order in which they count: by time; of one time events by known_at
// first, then the overlay's lines as they stand.
absl::StatusOr<std::vector<ConsentSaid>> ConsentHistory(FileSystem& files,
                                                        const Workspace& workspace,
                                                        const StringSet& ids);

// What holds at the end of a history.
ConsentOverride LatestOf(std::span<const ConsentSaid> history);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_ERASURE_CONSENT_HISTORY_H_
