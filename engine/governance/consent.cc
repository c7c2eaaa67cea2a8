#include "engine/governance/consent.h"

#include <string>

namespace burgeon {
namespace {

constexpr std::array<std::string_view, kPurposes> kNames = {"recommend", "score", "audience",
                                                            "export"};
constexpr std::string_view kAll = "all";

const std::string* FindProperty(const Event& event, const char* name) {
  const auto found = event.properties.find(name);
  return found == event.properties.end() ? nullptr : &found->second;
}

std::string NameOf(const Event& event) {
  return Concat("consent event '", Printable(event.event_id), "' of customer '",
                Printable(event.customer_id), "'");
}

}  // namespace

std::string_view PurposeName(Purpose purpose) { return kNames.at(static_cast<size_t>(purpose)); }

std::optional<Purpose> ParsePurpose(std::string_view name) {
  for (const Purpose purpose : kAllPurposes) {
    if (PurposeName(purpose) == name) return purpose;
  }
  return std::nullopt;
}

void ConsentBits::Set(Purpose purpose, bool granted) {
  const int bit = 1 << static_cast<int>(purpose);
  bits = static_cast<uint8_t>(granted ? bits | bit : bits & ~bit);
}

ConsentBits ConsentPolicy::initial() const {
  ConsentBits out;
  for (const Purpose purpose : kAllPurposes) {
    out.Set(purpose, when_unsaid == ConsentDefault::kGranted);
  }
  return out;
}

ConsentPolicy ParseConsentPolicy(const ConfigNode& node) {
  ConsentPolicy out;
  if (node.RequireEnum("default", {"granted", "denied"}) == "granted") {
    out.when_unsaid = ConsentDefault::kGranted;
  }
  return out;
}

void ConsentOverride::Say(Purpose purpose, bool is_granted, TimeMicros time) {
  TimeMicros& last = said[static_cast<size_t>(purpose)];
  if (time < last) return;
  last = time;
  changed.Set(purpose, true);
  granted.Set(purpose, is_granted);
}

void ConsentOverride::Join(const ConsentOverride& other) {
  erased = erased || other.erased;
  for (const Purpose purpose : kAllPurposes) {
    if (!other.changed.Allows(purpose)) continue;
    const auto at = static_cast<size_t>(purpose);
    const bool both_now = changed.Allows(purpose) && said[at] == other.said[at];
    const bool refused = both_now && !granted.Allows(purpose);
    Say(purpose, other.granted.Allows(purpose) && !refused, other.said[at]);
  }
}

ConsentBits ConsentOverride::ApplyTo(ConsentBits base, const ConsentTimes& base_said) const {
  if (erased) return {};
  ConsentBits bits;
  for (const Purpose purpose : kAllPurposes) {
    const auto at = static_cast<size_t>(purpose);
    const bool counts = changed.Allows(purpose) && said[at] >= base_said[at];
    bits.Set(purpose, (counts ? granted : base).Allows(purpose));
  }
  return bits;
}

absl::StatusOr<ConsentStatement> ReadConsentEvent(const Event& event) {
  if (event.type != EventType::kConsent) {
    return InvalidArgument(NameOf(event), ": is of type ", EventTypeName(event.type));
  }
  const std::string* purpose = FindProperty(event, "purpose");
  const std::string* granted = FindProperty(event, "granted");
  if (purpose == nullptr || granted == nullptr) {
    return InvalidArgument(NameOf(event), ": has no property '",
                           purpose == nullptr ? "purpose" : "granted", "'");
  }
  if (*granted != "true" && *granted != "false") {
    return InvalidArgument(NameOf(event), ": granted '", Printable(*granted),
                           "' is neither true nor false");
  }
  const std::optional<Purpose> one = ParsePurpose(*purpose);
  if (!one && *purpose != kAll) {
    return InvalidArgument(NameOf(event), ": purpose '", Printable(*purpose),
                           "' is none of recommend, score, audience, export, all");
  }
  ConsentStatement statement;
  for (const Purpose candidate : kAllPurposes) {
    if (one && *one != candidate) continue;
    statement.changed.Set(candidate, true);
    statement.granted.Set(candidate, *granted == "true");
  }
  return statement;
}

absl::Status ApplyConsentEvent(const Event& event, ConsentBits* bits) {
  BURGEON_ASSIGN_OR_RETURN(const ConsentStatement statement, ReadConsentEvent(event));
  bits->bits =
      static_cast<uint8_t>((bits->bits & ~statement.changed.bits) | statement.granted.bits);
  return absl::OkStatus();
}

}  // namespace burgeon
