// One event of the world, small and without text; event_row.h makes text of it.
#ifndef BURGEON_ENGINE_SIMULATION_SIM_EVENT_H_
#define BURGEON_ENGINE_SIMULATION_SIM_EVENT_H_

#include <cstdint>

#include "engine/events/event.h"
#include "engine/simulation/person.h"

namespace burgeon {

inline constexpr uint32_t kSimNoItem = UINT32_MAX;

// What kind of feedback an event is.
enum class SimFeedback : uint8_t { kNps, kCsat, kReview, kComplaint, kSupport };
// What a text is about, and how the person feels: what is written into truth/feedback.csv.
enum class SimTopic : uint8_t { kDelivery, kQuality, kPrice, kService, kApp, kReturns };
inline constexpr int kSimTopics = 6;
enum class SimSentiment : uint8_t { kNegative, kNeutral, kPositive };

struct SimEvent {
  TimeMicros time = 0;  // whole milliseconds, as is known_at
  TimeMicros known_at = 0;
  uint64_t person = 0;
  uint32_t sequence = 0;  // of the person, in the order in which events were made
  uint32_t session = 0;   // of the person, from 1; 0: none
  uint32_t item = kSimNoItem;
  int32_t price_cents = -1;  // minor units of the person's currency for one unit; -1: none
  uint16_t quantity = 1;
  uint16_t id_slot = 0;  // which id of the person it came with (person_ids.h)
  EventType type = EventType::kOther;
  SimChannel channel = SimChannel::kWeb;
  // view: tenths of a second. search: category. purchase: percent off. consent: purpose.
  // id_link: the linked slot. feedback: score.
  uint32_t detail = 0;
  bool granted = false;  // of a consent
  SimFeedback feedback = SimFeedback::kNps;
  SimTopic topic = SimTopic::kDelivery;
  SimSentiment sentiment = SimSentiment::kNeutral;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_SIMULATION_SIM_EVENT_H_
