#include "engine/dataset/vocabulary.h"

#include <algorithm>
#include <utility>

#include "engine/base/text.h"

namespace burgeon {

absl::StatusOr<Vocabulary> Vocabulary::FromIds(std::vector<std::string> ids) {
  if (!std::is_sorted(ids.begin(), ids.end())) std::sort(ids.begin(), ids.end());
  if (!ids.empty() && ids.front().empty()) {
    return InvalidArgument("vocabulary: an id is empty; every id must have at least one byte");
  }
  const auto twice = std::adjacent_find(ids.begin(), ids.end());
  if (twice != ids.end()) {
    return InvalidArgument("vocabulary: the id '", Printable(*twice),
                           "' is there twice; ids must be unique");
  }
  if (ids.size() >= UINT32_MAX) {
    return ResourceExhausted("vocabulary: ", ids.size(), " ids; at most ", UINT32_MAX - 1,
                             " fit a row number");
  }
  Vocabulary vocabulary;
  vocabulary.ids_ = std::move(ids);
  return vocabulary;
}

std::optional<uint32_t> Vocabulary::Find(std::string_view id) const {
  const auto at = std::lower_bound(ids_.begin(), ids_.end(), id);
  if (at == ids_.end() || *at != id) return std::nullopt;
  return static_cast<uint32_t>(at - ids_.begin());
}

}  // namespace burgeon
