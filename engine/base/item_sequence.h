// Items of customers in order of time: what models that read an order learn from and encode.
#ifndef BURGEON_ENGINE_BASE_ITEM_SEQUENCE_H_
#define BURGEON_ENGINE_BASE_ITEM_SEQUENCE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/clock.h"

namespace burgeon {

// Row u is items[offsets[u] .. offsets[u+1]), oldest first; an item is there as often as the
// customer came to it. Not owned.
struct SequenceView {
  std::span<const int64_t> offsets;   // [rows + 1]
  std::span<const uint32_t> items;    // ItemRow values
  std::span<const TimeMicros> times;  // beside items; empty: not known
  int64_t rows() const { return offsets.empty() ? 0 : static_cast<int64_t>(offsets.size()) - 1; }
  std::span<const uint32_t> row(int64_t u) const {
    const auto k = static_cast<size_t>(u);
    return items.subspan(static_cast<size_t>(offsets[k]),
                         static_cast<size_t>(offsets[k + 1] - offsets[k]));
  }
};

struct ItemSequences {
  std::vector<int64_t> offsets = {0};
  std::vector<uint32_t> items;
  std::vector<TimeMicros> times;
  int64_t rows() const { return static_cast<int64_t>(offsets.size()) - 1; }
  SequenceView view() const { return {offsets, items, times}; }
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_BASE_ITEM_SEQUENCE_H_
