#include "engine/dataset/event_source.h"

#include "engine/dataset/event_log.h"
#include "engine/dataset/snapshot.h"
#include "engine/dataset/time_split.h"

namespace burgeon {

absl::Status StoreEventSource::ReadBucket(int bucket,
                                          const std::function<void(const Event&)>& visit) const {
  return store_.ReadBucket(bucket, visit);
}

absl::StatusOr<std::vector<AttributeValue>> StoreEventSource::ReadItemAttributes() const {
  return store_.ReadItemAttributes();
}

absl::StatusOr<EventLog> ReadEventLog(ThreadPool& pool, const EventStore& store) {
  return EventLog::Read(pool, StoreEventSource(store));
}

absl::StatusOr<Snapshot> BuildSnapshot(ThreadPool& pool, const EventStore& store,
                                       const SnapshotOptions& options) {
  BURGEON_ASSIGN_OR_RETURN(const EventLog log, ReadEventLog(pool, store));
  return BuildSnapshot(pool, log, options);
}

absl::StatusOr<TimeSplit> BuildTimeSplit(ThreadPool& pool, const EventStore& store,
                                         const SnapshotOptions& options, int64_t window_days) {
  BURGEON_ASSIGN_OR_RETURN(const EventLog log, ReadEventLog(pool, store));
  return BuildTimeSplit(pool, log, options, window_days);
}

}  // namespace burgeon
