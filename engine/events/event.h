// The one event schema. Sources are mapped to it (mapping.h); the store holds it (event_store.h).
#ifndef BURGEON_ENGINE_EVENTS_EVENT_H_
#define BURGEON_ENGINE_EVENTS_EVENT_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/clock.h"

namespace burgeon {

// Kinds of event. Interactions with an item: view, click, search, favourite, add_to_cart,
// purchase, return, rating. About a customer: consent (properties purpose, granted), attribute
// (properties name, value), id_link, feedback. Anything else of a source is `other`, with its own
// name in properties["type"].
enum class EventType : uint8_t {
  kView,
  kClick,
  kSearch,
  kFavourite,
  kAddToCart,
  kPurchase,
  kReturn,
  kRating,
  kConsent,
  kAttribute,
  kIdLink,
  kFeedback,
  kOther,
};
inline constexpr int kEventTypes = 13;

// "view", "click", "search", "favourite", "add_to_cart", "purchase", "return", "rating",
// "consent", "attribute", "id_link", "feedback", "other".
std::string_view EventTypeName(EventType type);
std::optional<EventType> ParseEventType(std::string_view name);

struct Event {
  std::string customer_id;  // stored form: the pseudonym when a key is configured; "" unknown
  std::string item_id;      // "" when the event has none
  EventType type = EventType::kOther;
  TimeMicros event_time = 0;            // when it happened
  TimeMicros known_at = 0;              // when we could have known
  TimeMicros ingested_at = 0;           // when it was read
  double quantity = 1;                  // units; positive also for a return
  std::optional<int64_t> value_micros;  // money of the whole line, in millionths of `currency`;
                                        // positive also for a return
  std::string currency;                 // ISO 4217, "" when there is no value
  std::string session_id;
  std::string channel;
  std::string event_id;  // the client's, else 64 hex digits (SHA-256)
  std::string source;    // name of the source it came from
  std::map<std::string, std::string> properties;
};

// The order within a bucket: (customer_id, event_time, event_id, source). No two events of a store
// are equal in it.
bool EventBefore(const Event& a, const Event& b);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_EVENT_H_
