// The named fallback: items by popularity, the same order for everyone, less what is masked.
#ifndef BURGEON_ENGINE_RECOMMEND_POPULARITY_H_
#define BURGEON_ENGINE_RECOMMEND_POPULARITY_H_

#include <cstdint>
#include <span>
#include <vector>

#include "engine/ops/top_k.h"

namespace burgeon {

class PopularityRanking {
 public:
  // Ranks the allowed items (mask as TopKInput::allowed). Once for many queries.
  PopularityRanking(std::span<const float> popularity, std::span<const uint64_t> allowed);

  // The k most popular items that are not in `masked` (ascending).
  std::vector<ScoredItem> Best(int k, std::span<const uint32_t> masked) const;
  // All of them, best first.
  std::span<const ScoredItem> ranked() const { return ranked_; }

 private:
  std::vector<ScoredItem> ranked_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RECOMMEND_POPULARITY_H_
