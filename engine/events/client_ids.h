// Which staged rows of a bucket an id of the client's makes superfluous: the first row of an id
// stays, unless the store has it already.
#ifndef BURGEON_ENGINE_EVENTS_CLIENT_IDS_H_
#define BURGEON_ENGINE_EVENTS_CLIENT_IDS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/base/status.h"
#include "engine/events/event_store.h"
#include "engine/events/event_view.h"
#include "engine/events/ingest_staging.h"

namespace burgeon {

struct ClientIdVerdicts {
  std::vector<bool> drop;  // by record, in the order they came; empty: none
  int64_t duplicates_in_file = 0;
  int64_t already_stored = 0;
  int64_t conflicts = 0;  // of both, those whose content differs from that of the event kept
};

// Calls its argument for each stored event of the source that has an id of the client's.
using StoredIds =
    std::function<absl::Status(const std::function<void(const EventView& stored)>& take)>;

// Memory: a bit a row and, for the ids of one pass, about `memory_bytes`; `stored` and the rows are
// read once a pass, and there are as many passes as that takes.
absl::StatusOr<ClientIdVerdicts> JudgeClientIds(const StagedBuckets& staged, int bucket,
                                                const StoredIds& stored, int64_t memory_bytes);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_CLIENT_IDS_H_
