// Attribute values of an ingest: changes only, and only what the store does not have.
#ifndef BURGEON_ENGINE_EVENTS_ATTRIBUTE_MERGE_H_
#define BURGEON_ENGINE_EVENTS_ATTRIBUTE_MERGE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/status.h"
#include "engine/events/event_store.h"
#include "engine/events/staged_attribute.h"
#include "engine/storage/file_system.h"

namespace burgeon {

// Values in the order of (id, name, event_time), without those that repeat the one before of the
// same id and name. Of several values at one time the last line's stays. A repetition that was
// known earlier than what it repeats stays too: it matters to a snapshot in between.
std::vector<AttributeValue> CollapseAttributes(std::vector<StagedAttribute> staged);

// Whether a value is new to the store: by being another (id, name, times, value, source), or, for
// tables that say no time, by differing from the latest value its source has stored of its id and
// name. What another source said is not compared: the more trusted one is believed, so that both
// must be there.
enum class AttributeNovelty { kByContent, kByLatestValue };

struct AttributeChange {
  std::vector<EventPart> parts;
  int64_t values_added = 0;
  int64_t values_removed = 0;  // of the replaced ingest
  TimeMicros max_known_at = INT64_MIN;
};

// Adds `values`, whose source and ingest are set, to the attribute parts of a store, and writes a
// part `file` when there is something new; more than kMaxPartsABucket parts become one. `ingests`
// are those of the store. Values of the ingest with the number `replaced` go (0: none).
absl::StatusOr<AttributeChange> MergeAttributes(FileSystem& files, const std::string& folder,
                                                const std::vector<EventPart>& parts,
                                                const std::vector<IngestRecord>& ingests,
                                                std::vector<AttributeValue> values,
                                                const std::string& file, AttributeNovelty novelty,
                                                int64_t replaced = 0);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_ATTRIBUTE_MERGE_H_
