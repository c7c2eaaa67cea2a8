// An event as views into somebody's memory: what the store's writers and readers pass on, so that
// no string is copied between a source and its part. Event (event.h) is the same with strings.
#ifndef BURGEON_ENGINE_EVENTS_EVENT_VIEW_H_
#define BURGEON_ENGINE_EVENTS_EVENT_VIEW_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/events/event.h"

namespace burgeon {

struct EventView {
  std::string_view customer_id;
  std::string_view item_id;
  EventType type = EventType::kOther;
  TimeMicros event_time = 0;
  TimeMicros known_at = 0;
  double quantity = 1;
  std::optional<int64_t> value_micros;
  std::string_view currency;
  std::string_view session_id;
  std::string_view channel;
  std::string_view event_id;
  std::string_view properties;  // as EncodeProperties writes them
  uint64_t unmapped = 0;        // digest of the columns the mapping does not use; 0: all are used
  int64_t ingest = 0;
  int64_t line = 0;
};

// Which columns a part has: a field that has its default in every row is left out.
using EventFields = uint32_t;
inline constexpr EventFields kItemField = 1 << 0;
inline constexpr EventFields kKnownAtField = 1 << 1;  // default: the event time
inline constexpr EventFields kQuantityField = 1 << 2;
inline constexpr EventFields kValueField = 1 << 3;  // with its currency
inline constexpr EventFields kSessionField = 1 << 4;
inline constexpr EventFields kChannelField = 1 << 5;
inline constexpr EventFields kEventIdField = 1 << 6;
inline constexpr EventFields kPropertiesField = 1 << 7;
inline constexpr EventFields kUnmappedField = 1 << 8;
inline constexpr EventFields kIngestField = 1 << 9;  // default: the part's own (EventPart::ingest)

// Those in which an event differs from the defaults; never kIngestField.
EventFields FieldsOf(const EventView& event);

// The order of a bucket, see EventBefore.
bool ViewBefore(const EventView& a, const EventView& b);

// "" for none, else a JSON object of strings, names ascending, without blanks.
std::string EncodeProperties(const std::map<std::string, std::string>& properties);
// Appends "name":"value" with what must be escaped escaped; `text` must be UTF-8.
void AppendJsonString(std::string_view text, std::string* out);
// False for text that is not as EncodeProperties writes it.
bool DecodeProperties(std::string_view text, std::map<std::string, std::string>* properties);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_EVENT_VIEW_H_
