#include "engine/events/event_view.h"

#include <nlohmann/json.hpp>
#include <tuple>

namespace burgeon {

EventFields FieldsOf(const EventView& event) {
  EventFields out = 0;
  if (!event.item_id.empty()) out |= kItemField;
  if (event.known_at != event.event_time) out |= kKnownAtField;
  if (event.quantity != 1) out |= kQuantityField;
  if (event.value_micros) out |= kValueField;
  if (!event.session_id.empty()) out |= kSessionField;
  if (!event.channel.empty()) out |= kChannelField;
  if (!event.event_id.empty()) out |= kEventIdField;
  if (!event.properties.empty()) out |= kPropertiesField;
  if (event.unmapped != 0) out |= kUnmappedField;
  return out;
}

bool ViewBefore(const EventView& a, const EventView& b) {
  return std::tie(a.customer_id, a.event_time, a.ingest, a.line) <
         std::tie(b.customer_id, b.event_time, b.ingest, b.line);
}

void AppendJsonString(std::string_view text, std::string* out) {
  static constexpr char kHex[] = "0123456789abcdef";
  *out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      *out += '\\';
      *out += c;
    } else if (byte < 0x20) {
      *out += "\\u00";
      *out += kHex[byte >> 4];
      *out += kHex[byte & 15];
    } else {
      *out += c;
    }
  }
  *out += '"';
}

std::string EncodeProperties(const std::map<std::string, std::string>& properties) {
  std::string out;
  for (const auto& [name, value] : properties) {
    out += out.empty() ? '{' : ',';
    AppendJsonString(name, &out);
    out += ':';
    AppendJsonString(value, &out);
  }
  if (!out.empty()) out += '}';
  return out;
}

bool DecodeProperties(std::string_view text, std::map<std::string, std::string>* properties) {
  properties->clear();
  if (text.empty()) return true;
  const auto object = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return false;
  for (const auto& [name, value] : object.items()) {
    if (!value.is_string()) return false;
    properties->emplace(name, value.get<std::string>());
  }
  return true;
}

}  // namespace burgeon
