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

// Kinds of event, in the order of docs/data-model.md, which lists the properties each may have.
// Behaviour: impression (shown, not asked for), visit (a site or app session begins), view
// (dwell_seconds), click, search (query), favourite, add_to_cart, remove_from_cart, checkout,
// rating. Transactions: purchase, return (goods came back), cancel (a purchase was called off).
// Feedback: feedback (kind nps | csat | survey | review | complaint | support; score, scale_max,
// text, language). About a customer: consent (purpose, granted), attribute (name, value), id_link
// (linked_id). Anything else of a source is `other`, with its own name in properties["type"].
enum class EventType : uint8_t {
  kImpression,
  kVisit,
  kView,
  kClick,
  kSearch,
  kFavourite,
  kAddToCart,
  kRemoveFromCart,
  kCheckout,
  kPurchase,
  kReturn,
  kCancel,
  kRating,
  kConsent,
  kAttribute,
  kIdLink,
  kFeedback,
  kOther,
};
inline constexpr int kEventTypes = 18;

// "impression", "visit", "view", "click", "search", "favourite", "add_to_cart",
// "remove_from_cart", "checkout", "purchase", "return", "cancel", "rating", "consent",
// "attribute", "id_link", "feedback", "other".
std::string_view EventTypeName(EventType type);
std::optional<EventType> ParseEventType(std::string_view name);

struct Event {
  std::string customer_id;  // stored form: the pseudonym when a key is configured; "" unknown
  std::string item_id;      // "" when the event has none
  EventType type = EventType::kOther;
  TimeMicros event_time = 0;            // when it happened
  TimeMicros known_at = 0;              // when we could have known
  TimeMicros ingested_at = 0;           // when it was read
  double quantity = 1;                  // units; positive also for a return or cancel
  std::optional<int64_t> value_micros;  // money of the whole line, in millionths of `currency`;
                                        // positive also for a return or cancel
  std::string currency;                 // ISO 4217, "" when there is no value
  std::string session_id;
  std::string channel;
  std::string event_id;  // the client's, "" when it gave none
  std::string source;    // name of the source it came from
  int64_t ingest = 0;    // number of the ingest that added it (IngestRecord::number)
  int64_t line = 0;      // of the source file, as TextBatch::lines; 0: none
  std::map<std::string, std::string> properties;
};

// The order within a bucket: (customer_id, event_time, ingest, line). Events of one instant keep
// the order of their files, and files that of their ingests; a line that gives several events keeps
// the order in which it gives them.
bool EventBefore(const Event& a, const Event& b);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_EVENT_H_
