#include "engine/events/event.h"

#include <array>
#include <tuple>

namespace burgeon {
namespace {

constexpr std::array<std::string_view, kEventTypes> kNames = {
    "impression",       "visit",    "view",     "click",  "search", "favourite", "add_to_cart",
    "remove_from_cart", "checkout", "purchase", "return", "cancel", "rating",    "consent",
    "attribute",        "id_link",  "feedback", "other"};

}  // namespace

std::string_view EventTypeName(EventType type) { return kNames.at(static_cast<size_t>(type)); }

std::optional<EventType> ParseEventType(std::string_view name) {
  for (size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<EventType>(i);
  }
  return std::nullopt;
}

bool EventBefore(const Event& a, const Event& b) {
  return std::tie(a.customer_id, a.event_time, a.ingest, a.line) <
         std::tie(b.customer_id, b.event_time, b.ingest, b.line);
}

}  // namespace burgeon
