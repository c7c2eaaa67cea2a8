// Parquet parts of an event store: events of one bucket in order, or attribute values. Columns:
// docs/formats.md.
#ifndef BURGEON_ENGINE_EVENTS_EVENT_PARTS_H_
#define BURGEON_ENGINE_EVENTS_EVENT_PARTS_H_

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/status.h"
#include "engine/events/event.h"
#include "engine/events/event_store.h"
#include "engine/storage/file_system.h"

namespace burgeon {

// What marks an event as stored before: the id of its source's, and its source.
struct EventKey {
  std::string event_id;
  std::string source;
};

// Writes `events`, which must be sorted by EventBefore, as <folder>/<file>, synced, and describes
// it. `folder` is the store's; `file` is relative to it.
absl::StatusOr<EventPart> WriteEventPart(FileSystem& files, const std::string& folder,
                                         const std::string& file, int bucket,
                                         const std::vector<Event>& events);
// kDataLoss naming the file when it is missing, its size or SHA-256 is not as in the manifest, or
// its rows are not in order or not of its bucket.
absl::StatusOr<std::vector<Event>> ReadEventPart(FileSystem& files, const std::string& folder,
                                                 const EventPart& part);
// The ids alone.
absl::StatusOr<std::vector<EventKey>> ReadEventKeys(FileSystem& files, const std::string& folder,
                                                    const EventPart& part);

// The same for attribute values, sorted by AttributeBefore.
absl::StatusOr<EventPart> WriteAttributePart(FileSystem& files, const std::string& folder,
                                             const std::string& file,
                                             const std::vector<AttributeValue>& values);
absl::StatusOr<std::vector<AttributeValue>> ReadAttributePart(FileSystem& files,
                                                              const std::string& folder,
                                                              const EventPart& part);

// (id, name, known_at, event_time, value).
bool AttributeBefore(const AttributeValue& a, const AttributeValue& b);

// SHA-256 and size of a file, read in pieces.
absl::Status DigestFile(FileSystem& files, const std::string& path, int64_t* bytes,
                        std::string* sha256);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_EVENT_PARTS_H_
