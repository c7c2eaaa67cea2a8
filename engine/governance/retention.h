// How long events are kept, by type: privacy.retention of a configuration.
//
//   privacy:
//     retention: {view: 400d, click: 400d, purchase: 10y}
//
// A duration is a whole number with d (days), w (weeks of 7 days) or y (years of 365 days). An
// event is kept while its event_time is not more than that before now; types that are not named are
// kept for ever. Consent is evidence of what was allowed when, and id links are what erasure finds
// the ids of a person by: neither can be given a duration.
#ifndef BURGEON_ENGINE_GOVERNANCE_RETENTION_H_
#define BURGEON_ENGINE_GOVERNANCE_RETENTION_H_

#include <array>
#include <optional>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/config/config.h"
#include "engine/events/event.h"

namespace burgeon {

struct RetentionPolicy {
  std::array<std::optional<int64_t>, kEventTypes> keep_micros = {};  // nothing: for ever

  bool empty() const;
  // Whether the event is too old at `now`.
  bool IsOver(const Event& event, TimeMicros now) const;
};

// Of the node `privacy`. Problems are remembered by the node (Config::Finish).
RetentionPolicy ParseRetentionPolicy(const ConfigNode& privacy);

// "400d" in microseconds; nothing for another text, or for none at all or more than 1000 years.
std::optional<int64_t> ParseDuration(std::string_view text);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_GOVERNANCE_RETENTION_H_
