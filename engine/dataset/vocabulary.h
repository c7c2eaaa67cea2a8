// External ids and their row numbers, in ascending order of id; and aliases, further ids that stand
// for a row (a cookie for the account that it is linked to, engine/governance/identity.h).
// Thread-safe to read.
#ifndef BURGEON_ENGINE_DATASET_VOCABULARY_H_
#define BURGEON_ENGINE_DATASET_VOCABULARY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/status.h"

namespace burgeon {

struct Alias {
  std::string id;
  uint32_t row = 0;
  friend bool operator==(const Alias&, const Alias&) = default;
};

class Vocabulary {
 public:
  Vocabulary() = default;
  // Sorts; kInvalidArgument for an id that is there twice or is empty.
  static absl::StatusOr<Vocabulary> FromIds(std::vector<std::string> ids);

  int64_t size() const { return static_cast<int64_t>(ids_.size()); }
  const std::vector<std::string>& ids() const { return ids_; }
  const std::string& id(uint32_t row) const { return ids_[row]; }
  // The row of an id or of an alias. Binary search.
  std::optional<uint32_t> Find(std::string_view id) const;

  // Sorts; replaces those there are. kInvalidArgument for one that is empty, there twice, an id of
  // the vocabulary, or of a row that there is not.
  absl::Status SetAliases(std::vector<Alias> aliases);
  const std::vector<Alias>& aliases() const { return aliases_; }  // ascending by id

 private:
  std::vector<std::string> ids_;
  std::vector<Alias> aliases_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_DATASET_VOCABULARY_H_
