// Ranked lists of items, a list a customer: all that the metrics of this room know of a model.
#ifndef BURGEON_ENGINE_EXPERIMENT_RANKED_LISTS_H_
#define BURGEON_ENGINE_EXPERIMENT_RANKED_LISTS_H_

#include <cstdint>
#include <span>
#include <vector>

namespace burgeon {

// List u is items[offsets[u] .. offsets[u+1]): item rows, best first, each once. It may be empty.
struct RankedLists {
  std::vector<int64_t> offsets = {0};
  std::vector<uint32_t> items;

  int64_t size() const { return static_cast<int64_t>(offsets.size()) - 1; }
  std::span<const uint32_t> list(int64_t u) const {
    const auto i = static_cast<size_t>(u);
    return std::span(items).subspan(static_cast<size_t>(offsets[i]),
                                    static_cast<size_t>(offsets[i + 1] - offsets[i]));
  }
  // Ends the list that was begun by adding to `items`.
  void EndList() { offsets.push_back(static_cast<int64_t>(items.size())); }
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EXPERIMENT_RANKED_LISTS_H_
