// Where a data set reads its events from: the seam between engine/events and engine/dataset, so
// that a test feeds events from memory (tests/support/memory_events.h).
#ifndef BURGEON_ENGINE_DATASET_EVENT_SOURCE_H_
#define BURGEON_ENGINE_DATASET_EVENT_SOURCE_H_

#include <functional>
#include <vector>

#include "engine/base/status.h"
#include "engine/events/event.h"
#include "engine/events/event_store.h"

namespace burgeon {

class EventSource {
 public:
  virtual ~EventSource() = default;
  // All events of one of the kEventBuckets buckets, sorted as by EventBefore; a customer lies in
  // one bucket only. Called from several threads at once.
  virtual absl::Status ReadBucket(int bucket,
                                  const std::function<void(const Event&)>& visit) const = 0;
  // In order of (id, name, known_at, event_time, value, source).
  virtual absl::StatusOr<std::vector<AttributeValue>> ReadItemAttributes() const = 0;
  virtual absl::StatusOr<std::vector<AttributeValue>> ReadCustomerAttributes() const = 0;
  virtual absl::StatusOr<std::vector<AttributeValue>> ReadAggregates() const = 0;
};

// An event store as a source; the store must outlive it.
class StoreEventSource : public EventSource {
 public:
  explicit StoreEventSource(const EventStore& store) : store_(store) {}
  absl::Status ReadBucket(int bucket,
                          const std::function<void(const Event&)>& visit) const override;
  absl::StatusOr<std::vector<AttributeValue>> ReadItemAttributes() const override;
  absl::StatusOr<std::vector<AttributeValue>> ReadCustomerAttributes() const override;
  absl::StatusOr<std::vector<AttributeValue>> ReadAggregates() const override;

 private:
  const EventStore& store_;
};

// What another source had at T, and nothing else: events, attributes and aggregates with event_time
// and known_at at or before T. Whatever is built from it cannot have seen what came later
// (engine/features/leak_check.h). The source must outlive it.
class KnownAtSource : public EventSource {
 public:
  KnownAtSource(const EventSource& all, TimeMicros as_of) : all_(all), as_of_(as_of) {}
  absl::Status ReadBucket(int bucket,
                          const std::function<void(const Event&)>& visit) const override;
  absl::StatusOr<std::vector<AttributeValue>> ReadItemAttributes() const override;
  absl::StatusOr<std::vector<AttributeValue>> ReadCustomerAttributes() const override;
  absl::StatusOr<std::vector<AttributeValue>> ReadAggregates() const override;

 private:
  absl::StatusOr<std::vector<AttributeValue>> Known(
      absl::StatusOr<std::vector<AttributeValue>> values) const;
  const EventSource& all_;
  TimeMicros as_of_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_DATASET_EVENT_SOURCE_H_
