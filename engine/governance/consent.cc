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

absl::Status ApplyConsentEvent(const Event& event, ConsentBits* bits) {
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
  for (const Purpose candidate : kAllPurposes) {
    if (!one || *one == candidate) bits->Set(candidate, *granted == "true");
  }
  return absl::OkStatus();
}

}  // namespace burgeon
