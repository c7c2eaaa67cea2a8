// The pairs of one split file, as read: what split_file.h makes matrices of.
#ifndef BURGEON_ENGINE_DATASET_SPLIT_PAIRS_H_
#define BURGEON_ENGINE_DATASET_SPLIT_PAIRS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/status.h"

namespace burgeon {

struct SplitPair {
  int64_t line = 0;
  std::string_view customer;
  std::string_view item;
  TimeMicros time = 0;  // when the file has times
  float weight = 1;     // when the file has weights
};

struct SplitPairs {
  std::vector<std::string_view> customers;  // each once, also those without items
  std::vector<SplitPair> pairs;             // in the order of the file
  bool timed = false;
  bool weighted = false;
};

// Views into `text`. Either form; errors as in split_file.h, about this file alone, but for pairs
// that are there twice. `path` names it in messages.
absl::StatusOr<SplitPairs> ParseSplitPairs(std::string_view text, const std::string& path);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_DATASET_SPLIT_PAIRS_H_
