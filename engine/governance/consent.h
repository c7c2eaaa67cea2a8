// Consent by purpose. Every snapshot and every query takes a Purpose; a customer without that
// consent is not there.
//
// Consent is set by events of type consent (properties purpose = recommend | score | audience |
// export | all, granted = true | false); the latest by (event_time, known_at, event_id) counts.
// Whoever never said anything has the default, which a configuration must state.
#ifndef BURGEON_ENGINE_GOVERNANCE_CONSENT_H_
#define BURGEON_ENGINE_GOVERNANCE_CONSENT_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/clock.h"
#include "engine/base/hash.h"
#include "engine/base/status.h"
#include "engine/config/config.h"
#include "engine/events/event.h"

namespace burgeon {

enum class Purpose : uint8_t { kRecommend, kScore, kAudience, kExport };
inline constexpr int kPurposes = 4;
inline constexpr std::array<Purpose, kPurposes> kAllPurposes = {
    Purpose::kRecommend, Purpose::kScore, Purpose::kAudience, Purpose::kExport};

std::string_view PurposeName(Purpose purpose);  // "recommend", "score", "audience", "export"
std::optional<Purpose> ParsePurpose(std::string_view name);

// One bit a purpose, set: granted.
struct ConsentBits {
  uint8_t bits = 0;
  bool Allows(Purpose purpose) const { return (bits >> static_cast<int>(purpose) & 1) != 0; }
  void Set(Purpose purpose, bool granted);
  friend bool operator==(ConsentBits, ConsentBits) = default;
};

// When each purpose was last spoken of.
using ConsentTimes = std::array<TimeMicros, kPurposes>;
inline constexpr TimeMicros kNeverSaid = INT64_MIN;
inline constexpr ConsentTimes kNothingSaid = {kNeverSaid, kNeverSaid, kNeverSaid, kNeverSaid};

// What was said of one customer outside of the events: a statement posted or set by hand, or an
// erasure (engine/release/overlay.h). Of two statements on a purpose the later one counts; of the
// same microsecond, the one that did not come as an event.
struct ConsentOverride {
  bool erased = false;
  ConsentBits changed;  // purposes it speaks about
  ConsentBits granted;  // their value
  ConsentTimes said = kNothingSaid;

  // `time` not before what is there: else it was overtaken, and nothing changes.
  void Say(Purpose purpose, bool is_granted, TimeMicros time);
  // What another id of the same person was said of: of each purpose the later statement, of two at
  // once the refusal.
  void Join(const ConsentOverride& other);
  // On top of what the events said, and when. An erased customer has no consent.
  ConsentBits ApplyTo(ConsentBits base, const ConsentTimes& base_said) const;
};
using ConsentOverrides = StringMap<ConsentOverride>;  // by stored customer id

enum class ConsentDefault { kDenied, kGranted };

struct ConsentPolicy {
  ConsentDefault when_unsaid = ConsentDefault::kDenied;
  ConsentBits initial() const;
};

// "consent: {default: granted|denied}"; the field is required.
ConsentPolicy ParseConsentPolicy(const ConfigNode& node);

// The purposes that a consent event speaks about and, in the same places, what it says.
// kInvalidArgument for another type of event or for properties it does not know.
struct ConsentStatement {
  ConsentBits changed;
  ConsentBits granted;
};
absl::StatusOr<ConsentStatement> ReadConsentEvent(const Event& event);

// Applies one consent event to the bits. kInvalidArgument for another type of event or for
// properties it does not know.
absl::Status ApplyConsentEvent(const Event& event, ConsentBits* bits);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_GOVERNANCE_CONSENT_H_
