#include "engine/governance/retention.h"

#include <algorithm>
#include <string>

namespace burgeon {
namespace {

constexpr int64_t kMaxDays = 365'000;

bool MustStay(EventType type) { return type == EventType::kConsent || type == EventType::kIdLink; }

}  // namespace

bool RetentionPolicy::empty() const {
  return std::none_of(keep_micros.begin(), keep_micros.end(),
                      [](const auto& keep) { return keep.has_value(); });
}

bool RetentionPolicy::IsOver(const Event& event, TimeMicros now) const {
  const std::optional<int64_t>& keep = keep_micros[static_cast<size_t>(event.type)];
  return keep.has_value() && event.event_time < now - *keep;
}

RetentionPolicy ParseRetentionPolicy(const ConfigNode& privacy) {
  RetentionPolicy policy;
  const ConfigNode node = privacy.Child("retention");
  for (int i = 0; i < kEventTypes; ++i) {
    const auto type = static_cast<EventType>(i);
    const std::string name(EventTypeName(type));
    if (!node.Has(name)) continue;
    const std::string text = node.GetString(name, "");
    const std::optional<int64_t> keep = ParseDuration(text);
    if (MustStay(type)) {
      node.Fail(name, "consent and id links are kept for ever; no duration is taken");
    } else if (!keep) {
      node.Fail(name, Concat("'", Printable(text), "' is not a duration like 400d, 52w or 10y"));
    }
    policy.keep_micros[static_cast<size_t>(i)] = keep;
  }
  return policy;
}

std::optional<int64_t> ParseDuration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const char unit = text.back();
  const int64_t days = unit == 'd' ? 1 : unit == 'w' ? 7 : unit == 'y' ? 365 : 0;
  const auto count = ParseInt64(text.substr(0, text.size() - 1));
  if (days == 0 || !count || *count < 1 || *count > kMaxDays / days) return std::nullopt;
  return *count * days * kMicrosPerDay;
}

}  // namespace burgeon
