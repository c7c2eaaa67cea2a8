#include "engine/recommend/popularity.h"

#include <algorithm>

#include "engine/recommend/masks.h"

namespace burgeon {

PopularityRanking::PopularityRanking(std::span<const float> popularity,
                                     std::span<const uint64_t> allowed) {
  ranked_.reserve(popularity.size());
  for (uint32_t item = 0; item < popularity.size(); ++item) {
    if (IsAllowed(allowed, item)) ranked_.push_back({ItemRow(item), popularity[item]});
  }
  std::sort(ranked_.begin(), ranked_.end(), BetterItem);
}

std::vector<ScoredItem> PopularityRanking::Best(int k, std::span<const uint32_t> masked) const {
  std::vector<ScoredItem> best;
  for (const ScoredItem& entry : ranked_) {
    if (best.size() == static_cast<size_t>(k)) break;
    if (std::binary_search(masked.begin(), masked.end(), entry.item.value)) continue;
    best.push_back(entry);
  }
  return best;
}

}  // namespace burgeon
