// What may not be listed to one query.
#ifndef BURGEON_ENGINE_RECOMMEND_MASKS_H_
#define BURGEON_ENGINE_RECOMMEND_MASKS_H_

#include <algorithm>
#include <cstdint>
#include <span>

#include "engine/recommend/recommend.h"

namespace burgeon {

// The items masked for this query alone, ascending: those ever bought; none when seen items are
// allowed.
inline std::span<const uint32_t> MaskedItems(const RecommenderParts& parts,
                                             const RecommendQuery& query, SeenItems seen) {
  if (seen == SeenItems::kAllow) return {};
  if (query.customer) return parts.seen.row_columns(query.customer->value);
  return query.seen_items;
}

// Bit `item` of TopKInput::allowed; an empty mask allows everything.
inline bool IsAllowed(std::span<const uint64_t> allowed, uint32_t item) {
  return allowed.empty() || (allowed[item / 64] >> (item % 64) & 1) != 0;
}

inline bool MayList(std::span<const uint32_t> masked, std::span<const uint64_t> allowed,
                    uint32_t item) {
  return IsAllowed(allowed, item) && !std::binary_search(masked.begin(), masked.end(), item);
}

// By score descending, then item row ascending.
inline bool BetterItem(const ScoredItem& a, const ScoredItem& b) {
  return a.score != b.score ? a.score > b.score : a.item < b.item;
}

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RECOMMEND_MASKS_H_
