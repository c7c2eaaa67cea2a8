// Parquet parts of attribute values: of customers, items or aggregates. Columns: docs/formats.md.
#ifndef BURGEON_ENGINE_EVENTS_ATTRIBUTE_PARTS_H_
#define BURGEON_ENGINE_EVENTS_ATTRIBUTE_PARTS_H_

#include <string>
#include <vector>

#include "engine/base/status.h"
#include "engine/events/event_store.h"
#include "engine/storage/file_system.h"

namespace burgeon {

// (id, name, known_at, event_time, value, source).
bool AttributeBefore(const AttributeValue& a, const AttributeValue& b);

// Writes `values`, which must be sorted by AttributeBefore and not empty, as <folder>/<file>,
// synced, and describes it. `folder` is the store's; `file` is relative to it.
absl::StatusOr<EventPart> WriteAttributePart(FileSystem& files, const std::string& folder,
                                             const std::string& file,
                                             const std::vector<AttributeValue>& values);
// kDataLoss naming the file when it is missing, damaged, or of an ingest that `ingests` lacks.
absl::StatusOr<std::vector<AttributeValue>> ReadAttributePart(
    FileSystem& files, const std::string& folder, const EventPart& part,
    const std::vector<IngestRecord>& ingests);
// All of them in order.
absl::StatusOr<std::vector<AttributeValue>> ReadAttributeParts(
    FileSystem& files, const std::string& folder, const std::vector<EventPart>& parts,
    const std::vector<IngestRecord>& ingests);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_ATTRIBUTE_PARTS_H_
