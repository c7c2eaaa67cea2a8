// Consent of the persons of a log, as known at T: of what all ids of a person said, of each purpose
// the latest counts, by (event_time, known_at); what several ids said at once, if they differ, is
// taken as refused. On top of that comes what was said outside of the events
// (SnapshotOptions::overrides), by the same rule.
//
// Views are into the log, the persons and the options, which must outlive it. Thread-safe.
#ifndef BURGEON_ENGINE_DATASET_PERSON_CONSENT_H_
#define BURGEON_ENGINE_DATASET_PERSON_CONSENT_H_

#include <optional>
#include <string_view>
#include <vector>

#include "engine/dataset/event_log.h"
#include "engine/dataset/persons.h"
#include "engine/dataset/snapshot.h"
#include "engine/governance/consent.h"

namespace burgeon {

// T of the options: INT64_MAX becomes the last event_time or known_at of the log.
TimeMicros TimeOf(const EventLog& log, const SnapshotOptions& options);

// The identity options with those that `overrides` calls erased: links that name somebody erased
// say nothing about anybody else.
IdentityOptions LinksToUse(const EventLog& log, const SnapshotOptions& options);

class PersonConsent {
 public:
  PersonConsent(const EventLog& log, const Persons& persons, const SnapshotOptions& options);

  // `said`: when each purpose was last spoken of.
  ConsentBits Of(size_t person, ConsentTimes* said) const;
  // Of somebody of whom no id has an event.
  ConsentBits OfUnseen(std::string_view canonical_id) const;

 private:
  std::vector<ConsentChange> ChangesOf(size_t person) const;
  std::optional<ConsentOverride> OverrideOf(std::string_view canonical_id) const;

  const EventLog& log_;
  const Persons& persons_;
  const SnapshotOptions& options_;
  TimeMicros as_of_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_DATASET_PERSON_CONSENT_H_
