// The events of every known customer in columns, read once, from which snapshots as known at any
// number of times are built without another read of the store. It holds all that the store has,
// the future of a snapshot included: only BuildSnapshot, which filters by time, reads it.
//
//   BURGEON_ASSIGN_OR_RETURN(const EventLog log, ReadEventLog(pool, store));
//   BURGEON_ASSIGN_OR_RETURN(const Snapshot a, BuildSnapshot(pool, log, {.as_of = t1, ...}));
//   BURGEON_ASSIGN_OR_RETURN(const Snapshot b, BuildSnapshot(pool, log, {.as_of = t2, ...}));
//
// About 41 bytes an event. Plain data; thread-safe to read.
#ifndef BURGEON_ENGINE_DATASET_EVENT_LOG_H_
#define BURGEON_ENGINE_DATASET_EVENT_LOG_H_

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/status.h"
#include "engine/base/thread_pool.h"
#include "engine/dataset/event_source.h"
#include "engine/events/event.h"
#include "engine/governance/consent.h"
#include "engine/governance/identity.h"

namespace burgeon {

// What one consent event does to the bits of a customer.
struct ConsentChange {
  TimeMicros event_time = 0;
  TimeMicros known_at = 0;
  uint8_t granted = 0;  // bits it sets
  uint8_t denied = 0;   // bits it takes away
};

struct EventLog {
  static constexpr uint32_t kNoItem = UINT32_MAX;

  // Reads the whole source. kInvalidArgument for a consent or link event that says nothing known,
  // kResourceExhausted past limits::kMaxCustomers or kMaxItems.
  static absl::StatusOr<EventLog> Read(ThreadPool& pool, const EventSource& source);

  std::vector<std::string> customers;  // ascending, of any event; as stored: one person's ids apart
  std::vector<std::string> items;      // ascending, of any event
  // Columns, sorted by customer and as the source is (EventBefore); customer c has the rows
  // offsets[c] .. offsets[c + 1).
  std::vector<int64_t> offsets = {0};
  std::vector<uint32_t> item;  // row in `items`, or kNoItem
  std::vector<EventType> type;
  std::vector<TimeMicros> time;
  std::vector<TimeMicros> known_at;
  std::vector<float> quantity;
  std::vector<int64_t> value_micros;  // 0 when there is none
  std::vector<uint32_t> order;        // equal within a customer: same session, else same time
  // Consent events by customer, sorted by (event_time, known_at), else as the
  // source is.
  std::vector<int64_t> consent_offsets = {0};
  std::vector<ConsentChange> consent;
  std::vector<IdLink> links;  // what joins ids to persons, in no particular order
  std::vector<AttributeValue> attribute_changes;  // of customers, from events; in no order
  // "description" of items, in the order of the source.
  std::vector<AttributeValue> item_descriptions;

  TimeMicros first_event_time = 0;  // of events with a customer; 0 when there is none
  TimeMicros last_event_time = 0;
  TimeMicros last_known_at = 0;

  int64_t rows() const { return static_cast<int64_t>(time.size()); }
};

// The log of an event store.
absl::StatusOr<EventLog> ReadEventLog(ThreadPool& pool, const EventStore& store);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_DATASET_EVENT_LOG_H_
