// An attribute value on its way from its row to its part: bytes, as staged_record.h.
#ifndef BURGEON_ENGINE_EVENTS_STAGED_ATTRIBUTE_H_
#define BURGEON_ENGINE_EVENTS_STAGED_ATTRIBUTE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/status.h"
#include "engine/events/event_store.h"
#include "engine/events/ingest_staging.h"

namespace burgeon {

struct StagedAttribute {
  AttributeValue value;  // source and ingest are not kept
  int64_t line = 0;
};

int AttributeBucketOf(std::string_view id);
void AppendAttribute(std::string_view id, std::string_view name, std::string_view value,
                     TimeMicros event_time, TimeMicros known_at, int64_t line, std::string* out);
// All of a bucket, in the order they came; kDataLoss naming `what` for one that is damaged.
absl::StatusOr<std::vector<StagedAttribute>> ReadStagedAttributes(const StagedBuckets& staged,
                                                                  int bucket,
                                                                  std::string_view what);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_STAGED_ATTRIBUTE_H_
