// Events in memory as the source of a data set.
//
//   MemoryEvents events;
//   events.Purchase("ann", "cup", Day(3)).value_micros = 2'000'000;
//   events.Consent("ann", "score", false, Day(5));
//   const auto log = EventLog::Read(pool, events);
#ifndef BURGEON_TESTS_SUPPORT_MEMORY_EVENTS_H_
#define BURGEON_TESTS_SUPPORT_MEMORY_EVENTS_H_

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/hash.h"
#include "engine/base/text.h"
#include "engine/dataset/event_source.h"

namespace burgeon {

// Midnight, so many days after 2011-01-01.
constexpr TimeMicros Day(double days) {
  return TimeMicros{1'293'840'000} * kMicrosPerSecond +
         static_cast<TimeMicros>(days * static_cast<double>(kMicrosPerDay));
}

class MemoryEvents : public EventSource {
 public:
  // The event stays editable through the reference until the next one is added. known_at is the
  // event time; id and line number the events, so that those of one time keep their order.
  Event& Add(std::string_view customer, std::string_view item, EventType type, TimeMicros time) {
    Event event;
    event.customer_id = customer;
    event.item_id = item;
    event.type = type;
    event.event_time = time;
    event.known_at = time;
    event.ingested_at = time;
    event.event_id = Concat("e", 1'000'000 + events.size());
    event.source = "memory";
    event.ingest = 1;
    event.line = static_cast<int64_t>(events.size()) + 1;
    events.push_back(event);
    return events.back();
  }
  Event& Purchase(std::string_view customer, std::string_view item, TimeMicros time) {
    return Add(customer, item, EventType::kPurchase, time);
  }
  Event& Consent(std::string_view customer, std::string_view purpose, bool granted,
                 TimeMicros time) {
    Event& event = Add(customer, "", EventType::kConsent, time);
    event.properties = {{"purpose", std::string(purpose)}, {"granted", granted ? "true" : "false"}};
    return event;
  }
  Event& Link(std::string_view customer, std::string_view linked, TimeMicros time) {
    Event& event = Add(customer, "", EventType::kIdLink, time);
    event.properties = {{"linked_id", std::string(linked)}};
    return event;
  }
  void Describe(std::string_view item, std::string_view text, TimeMicros time,
                TimeMicros known_at) {
    item_attributes.push_back(
        {std::string(item), "description", std::string(text), time, known_at});
  }

  absl::Status ReadBucket(int bucket,
                          const std::function<void(const Event&)>& visit) const override {
    std::vector<const Event*> mine;
    for (const Event& event : events) {
      if (static_cast<int>(StableHash64(event.customer_id) % kEventBuckets) == bucket) {
        mine.push_back(&event);
      }
    }
    std::sort(mine.begin(), mine.end(),
              [](const Event* a, const Event* b) { return EventBefore(*a, *b); });
    for (const Event* event : mine) visit(*event);
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<AttributeValue>> ReadItemAttributes() const override {
    return Sorted(item_attributes);
  }
  absl::StatusOr<std::vector<AttributeValue>> ReadCustomerAttributes() const override {
    return Sorted(customer_attributes);
  }
  absl::StatusOr<std::vector<AttributeValue>> ReadAggregates() const override {
    return Sorted(aggregates);
  }

  std::vector<Event> events;  // in any order
  std::vector<AttributeValue> item_attributes;
  std::vector<AttributeValue> customer_attributes;
  std::vector<AttributeValue> aggregates;

 private:
  static std::vector<AttributeValue> Sorted(std::vector<AttributeValue> values) {
    std::sort(values.begin(), values.end(), [](const AttributeValue& a, const AttributeValue& b) {
      return std::tie(a.id, a.name, a.known_at, a.event_time, a.value, a.source) <
             std::tie(b.id, b.name, b.known_at, b.event_time, b.value, b.source);
    });
    return values;
  }
};

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_MEMORY_EVENTS_H_
