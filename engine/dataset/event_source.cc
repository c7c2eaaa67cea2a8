#include "engine/dataset/event_source.h"

#include "engine/dataset/event_log.h"
#include "engine/dataset/leave_last_out.h"
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

absl::StatusOr<std::vector<AttributeValue>> StoreEventSource::ReadCustomerAttributes() const {
  return store_.ReadCustomerAttributes();
}

absl::StatusOr<std::vector<AttributeValue>> StoreEventSource::ReadAggregates() const {
  return store_.ReadAggregates();
}

absl::Status KnownAtSource::ReadBucket(int bucket,
                                       const std::function<void(const Event&)>& visit) const {
  return all_.ReadBucket(bucket, [&](const Event& event) {
    if (event.event_time <= as_of_ && event.known_at <= as_of_) visit(event);
  });
}

absl::StatusOr<std::vector<AttributeValue>> KnownAtSource::Known(
    absl::StatusOr<std::vector<AttributeValue>> values) const {
  if (values.ok()) {
    std::erase_if(*values, [&](const AttributeValue& value) {
      return value.event_time > as_of_ || value.known_at > as_of_;
    });
  }
  return values;
}

absl::StatusOr<std::vector<AttributeValue>> KnownAtSource::ReadItemAttributes() const {
  return Known(all_.ReadItemAttributes());
}

absl::StatusOr<std::vector<AttributeValue>> KnownAtSource::ReadCustomerAttributes() const {
  return Known(all_.ReadCustomerAttributes());
}

absl::StatusOr<std::vector<AttributeValue>> KnownAtSource::ReadAggregates() const {
  return Known(all_.ReadAggregates());
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

absl::StatusOr<LeaveLastOut> BuildLeaveLastOut(ThreadPool& pool, const EventStore& store,
                                               const SnapshotOptions& options, HeldOutPart part) {
  BURGEON_ASSIGN_OR_RETURN(const EventLog log, ReadEventLog(pool, store));
  return BuildLeaveLastOut(pool, log, options, part);
}

}  // namespace burgeon
