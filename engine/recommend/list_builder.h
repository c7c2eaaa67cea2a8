// One list in the making: what is on it, which caps are reached, and whose turn is next.
//
// The rule is greedy: the items come in an order, and each is taken unless a cap is reached or it
// is listed already. A group whose cap is reached stays so: leaving out what is listed and all of
// such groups, Remaining, does not change what the rest of the order gives, which is how a longer
// and longer ranking is asked for without the part that is known (recommend.cc). For one cap no
// other choice makes a longer list; for several the greedy one may be shorter than the longest.
//
// Exploration is epsilon-greedy, slot by slot: with probability 1 - share a slot takes the next
// item in order, else one of the pool that may be taken, each with the same probability. So, given
// the slots before it, an item's propensity is  share / n + (1 - share) [it is the next in order],
// n items of the pool being free; that of the whole list is their product. Not thread-safe.
#ifndef BURGEON_ENGINE_RECOMMEND_LIST_BUILDER_H_
#define BURGEON_ENGINE_RECOMMEND_LIST_BUILDER_H_

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/hash.h"
#include "engine/ops/top_k.h"
#include "engine/recommend/recommend.h"

namespace burgeon {

class ListBuilder {
 public:
  // The options must outlive it.
  explicit ListBuilder(const RecommendOptions& options);

  bool full() const { return std::ssize(list_) == options_.k; }
  // Not listed, and no cap of its groups is reached. Masks are the caller's.
  bool MayTake(ItemRow item) const;
  void Take(const RecommendedItem& item);

  // Takes in the order of `order` (places in `pool`) what may be taken, until the list is full.
  void TakeInOrder(std::span<const ScoredItem> pool, std::span<const size_t> order,
                   ItemSource source);
  // The same with exploration over the pool, as options.exploration says; `key` is the query's.
  void TakeExploring(std::span<const ScoredItem> pool, std::span<const size_t> order,
                     ItemSource source, uint64_t key);

  // options.allowed_items of `items` without what is listed and the groups whose cap is reached.
  std::vector<uint64_t> Remaining(int64_t items) const;

  std::vector<RecommendedItem> Finish() { return std::move(list_); }

 private:
  bool CapReached(const GroupCap& cap, size_t which, uint32_t item) const;

  const RecommendOptions& options_;
  std::vector<RecommendedItem> list_;
  HashMap<uint32_t, uint8_t> listed_;
  std::vector<HashMap<uint32_t, int>> counts_;  // by cap: items on the list of each group
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RECOMMEND_LIST_BUILDER_H_
