// What the forms of masked exact top-k share: the order of a list, and lists put one after another.
#ifndef BURGEON_ENGINE_OPS_SCORED_LISTS_H_
#define BURGEON_ENGINE_OPS_SCORED_LISTS_H_

#include <span>
#include <vector>

#include "engine/ops/top_k.h"

namespace burgeon {

// By score descending, then by item row ascending.
inline bool BetterItem(const ScoredItem& a, const ScoredItem& b) {
  return a.score != b.score ? a.score > b.score : a.item < b.item;
}

// sum_k double(a_k) * double(b_k), k ascending. Both spans have the same length.
inline double InnerProduct(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (size_t k = 0; k < a.size(); ++k) {
    sum += static_cast<double>(a[k]) * static_cast<double>(b[k]);
  }
  return sum;
}

inline TopKResult JoinLists(std::span<const std::vector<ScoredItem>> lists) {
  TopKResult result;
  result.offsets = {0};
  for (const std::vector<ScoredItem>& list : lists) {
    result.items.insert(result.items.end(), list.begin(), list.end());
    result.offsets.push_back(std::ssize(result.items));
  }
  return result;
}

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_SCORED_LISTS_H_
