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

absl::Status Vocabulary::SetAliases(std::vector<Alias> aliases) {
  std::sort(aliases.begin(), aliases.end(),
            [](const Alias& a, const Alias& b) { return a.id < b.id; });
  for (size_t i = 0; i < aliases.size(); ++i) {
    const Alias& alias = aliases[i];
    if (alias.id.empty()) {
      return InvalidArgument("vocabulary: an alias is empty; it must have at least one byte");
    }
    if (i > 0 && alias.id == aliases[i - 1].id) {
      return InvalidArgument("vocabulary: the alias '", Printable(alias.id),
                             "' is there twice; aliases must be unique");
    }
    if (std::binary_search(ids_.begin(), ids_.end(), alias.id)) {
      return InvalidArgument("vocabulary: the alias '", Printable(alias.id), "' is an id as well");
    }
    if (alias.row >= ids_.size()) {
      return InvalidArgument("vocabulary: the alias '", Printable(alias.id), "' stands for row ",
                             alias.row, "; there are ", ids_.size());
    }
  }
  aliases_ = std::move(aliases);
  return absl::OkStatus();
}

std::optional<uint32_t> Vocabulary::Find(std::string_view id) const {
  const auto at = std::lower_bound(ids_.begin(), ids_.end(), id);
  if (at != ids_.end() && *at == id) return static_cast<uint32_t>(at - ids_.begin());
  const auto alias =
      std::lower_bound(aliases_.begin(), aliases_.end(), id,
                       [](const Alias& a, std::string_view wanted) { return a.id < wanted; });
  if (alias != aliases_.end() && alias->id == id) return alias->row;
  return std::nullopt;
}

}  // namespace burgeon
