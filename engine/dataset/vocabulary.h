// External ids and their row numbers, in ascending order of id. Immutable once made; thread-safe.
#ifndef BURGEON_ENGINE_DATASET_VOCABULARY_H_
#define BURGEON_ENGINE_DATASET_VOCABULARY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/status.h"

namespace burgeon {

class Vocabulary {
 public:
  Vocabulary() = default;
  // Sorts; kInvalidArgument for an id that is there twice or is empty.
  static absl::StatusOr<Vocabulary> FromIds(std::vector<std::string> ids);

  int64_t size() const { return static_cast<int64_t>(ids_.size()); }
  const std::vector<std::string>& ids() const { return ids_; }
  const std::string& id(uint32_t row) const { return ids_[row]; }
  std::optional<uint32_t> Find(std::string_view id) const;  // binary search

 private:
  std::vector<std::string> ids_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_DATASET_VOCABULARY_H_
