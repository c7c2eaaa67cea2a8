#include "engine/dataset/persons.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace burgeon {

Persons Persons::Of(const EventLog& log, const IdentityOptions& options, TimeMicros as_of) {
  Persons persons;
  persons.identity_ =
      std::make_shared<const IdentityMap>(IdentityMap::Build(log.links, options, as_of));
  persons.members_.resize(log.customers.size());
  std::iota(persons.members_.begin(), persons.members_.end(), 0U);
  if (persons.identity_->empty()) {
    persons.ids_.assign(log.customers.begin(), log.customers.end());
    persons.offsets_.resize(log.customers.size() + 1);
    std::iota(persons.offsets_.begin(), persons.offsets_.end(), size_t{0});
    return persons;
  }
  std::vector<std::string_view> canonical;  // of each customer of the log
  canonical.reserve(log.customers.size());
  for (const std::string& id : log.customers) {
    canonical.push_back(persons.identity_->CanonicalOf(id));
  }
  std::stable_sort(persons.members_.begin(), persons.members_.end(),
                   [&](uint32_t a, uint32_t b) { return canonical[a] < canonical[b]; });
  for (size_t i = 0; i < persons.members_.size(); ++i) {
    const std::string_view id = canonical[persons.members_[i]];
    if (persons.ids_.empty() || persons.ids_.back() != id) {
      persons.ids_.push_back(id);
      persons.offsets_.push_back(persons.offsets_.back());
    }
    ++persons.offsets_.back();
  }
  return persons;
}

std::optional<size_t> Persons::Find(std::string_view canonical_id) const {
  const auto at = std::lower_bound(ids_.begin(), ids_.end(), canonical_id);
  if (at == ids_.end() || *at != canonical_id) return std::nullopt;
  return static_cast<size_t>(at - ids_.begin());
}

}  // namespace burgeon
