// What may not be listed to one query, and what the query's customer did.
#ifndef BURGEON_ENGINE_RECOMMEND_MASKS_H_
#define BURGEON_ENGINE_RECOMMEND_MASKS_H_

#include <algorithm>
#include <cstdint>
#include <span>

#include "engine/recommend/recommend.h"

namespace burgeon {

// Whether the query brings its history along; else the release holds it.
inline bool BringsHistory(const RecommendQuery& query) {
  return !query.customer || query.history == HistoryOwner::kQuery;
}

// The items masked for this query alone, ascending: those ever bought; none when seen items are
// allowed.
inline std::span<const uint32_t> MaskedItems(const RecommenderParts& parts,
                                             const RecommendQuery& query, SeenItems seen) {
  if (seen == SeenItems::kAllow) return {};
  if (BringsHistory(query)) return query.seen_items;
  return parts.seen.row_columns(query.customer->value);
}

// What a customer did: items, ascending, with their weights. Views.
struct HistoryWeights {
  std::span<const uint32_t> items = {};
  std::span<const float> weights = {};  // empty: each is 1
  double weight(size_t h) const { return weights.empty() ? 1 : static_cast<double>(weights[h]); }
};
inline HistoryWeights HistoryOf(const RecommenderParts& parts, const RecommendQuery& query) {
  if (BringsHistory(query)) return {query.history_items, query.history_weights};
  return {parts.interactions.row_columns(query.customer->value),
          parts.interactions.row_values(query.customer->value)};
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
