#include "engine/dataset/person_consent.h"

#include <algorithm>
#include <span>
#include <string>
#include <tuple>

namespace burgeon {
TimeMicros TimeOf(const EventLog& log, const SnapshotOptions& options) {
  if (options.as_of != INT64_MAX) return options.as_of;
  return std::max(log.last_event_time, log.last_known_at);
}

IdentityOptions LinksToUse(const EventLog& log, const SnapshotOptions& options) {
  IdentityOptions identity = options.identity;
  if (options.overrides == nullptr || log.links.empty()) return identity;
  for (const auto& [id, said] : *options.overrides) {
    if (said.erased) identity.erased.insert(id);
  }
  return identity;
}

PersonConsent::PersonConsent(const EventLog& log, const Persons& persons,
                             const SnapshotOptions& options)
    : log_(log), persons_(persons), options_(options), as_of_(TimeOf(log, options)) {}

ConsentBits PersonConsent::Of(size_t person, ConsentTimes* said) const {
  ConsentBits bits = options_.consent.initial();
  *said = kNothingSaid;
  for (const ConsentChange& change : ChangesOf(person)) {
    bits.bits = static_cast<uint8_t>((bits.bits & ~change.denied) | change.granted);
    for (const Purpose purpose : kAllPurposes) {
      const ConsentBits spoken{static_cast<uint8_t>(change.denied | change.granted)};
      if (spoken.Allows(purpose)) (*said)[static_cast<size_t>(purpose)] = change.event_time;
    }
  }
  const std::optional<ConsentOverride> own = OverrideOf(persons_.id(person));
  if (!own.has_value()) return bits;
  bits = own->ApplyTo(bits, *said);
  for (size_t p = 0; p < said->size(); ++p) (*said)[p] = std::max((*said)[p], own->said[p]);
  return bits;
}

ConsentBits PersonConsent::OfUnseen(std::string_view canonical_id) const {
  const std::optional<ConsentOverride> own = OverrideOf(canonical_id);
  const ConsentBits initial = options_.consent.initial();
  return own.has_value() ? own->ApplyTo(initial, kNothingSaid) : initial;
}

// Those known at T in the order in which they count.
std::vector<ConsentChange> PersonConsent::ChangesOf(size_t person) const {
  std::vector<ConsentChange> changes;
  for (const uint32_t member : persons_.members(person)) {
    const auto end = static_cast<size_t>(log_.consent_offsets[member + 1]);
    for (auto k = static_cast<size_t>(log_.consent_offsets[member]); k < end; ++k) {
      const ConsentChange& change = log_.consent[k];
      if (change.event_time <= as_of_ && change.known_at <= as_of_) changes.push_back(change);
    }
  }
  if (persons_.members(person).size() > 1) {
    std::stable_sort(changes.begin(), changes.end(),
                     [](const ConsentChange& a, const ConsentChange& b) {
                       return std::tie(a.event_time, a.known_at, a.denied) <
                              std::tie(b.event_time, b.known_at, b.denied);
                     });
  }
  return changes;
}

std::optional<ConsentOverride> PersonConsent::OverrideOf(std::string_view canonical_id) const {
  if (options_.overrides == nullptr || options_.overrides->empty()) return std::nullopt;
  std::optional<ConsentOverride> joined;
  for (const std::string& id : persons_.identity().MembersOf(canonical_id)) {
    const auto found = options_.overrides->find(id);
    if (found == options_.overrides->end()) continue;
    if (joined.has_value()) {
      joined->Join(found->second);
    } else {
      joined = found->second;
    }
  }
  return joined;
}

}  // namespace burgeon
