// The customers of an EventLog as persons: ids that links known at T join are one (the rules:
// engine/governance/identity.h). Without links every id is a person.
//
//   const Persons persons = Persons::Of(log, options.identity, as_of);
//   for (size_t p = 0; p < persons.size(); ++p) { persons.id(p); persons.members(p); }
//
// Views are into the log and into the Persons; both must outlive them. Thread-safe to read.
#ifndef BURGEON_ENGINE_DATASET_PERSONS_H_
#define BURGEON_ENGINE_DATASET_PERSONS_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/dataset/event_log.h"
#include "engine/governance/identity.h"

namespace burgeon {

class Persons {
 public:
  static Persons Of(const EventLog& log, const IdentityOptions& options, TimeMicros as_of);

  size_t size() const { return ids_.size(); }
  // The canonical id; ascending with the person.
  std::string_view id(size_t person) const { return ids_[person]; }
  // Customers of the log, ascending. A person of whom no id has an event is not there.
  std::span<const uint32_t> members(size_t person) const {
    return std::span(members_).subspan(offsets_[person], offsets_[person + 1] - offsets_[person]);
  }
  // The person with this canonical id, or nothing when none of its ids has an event.
  std::optional<size_t> Find(std::string_view canonical_id) const;
  const IdentityMap& identity() const { return *identity_; }

 private:
  std::shared_ptr<const IdentityMap> identity_;  // where ids_ point to must not move
  std::vector<std::string_view> ids_;
  std::vector<size_t> offsets_ = {0};
  std::vector<uint32_t> members_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_DATASET_PERSONS_H_
