#include "engine/recommend/list_builder.h"

#include <utility>

#include "engine/base/philox.h"

namespace burgeon {

ListBuilder::ListBuilder(const RecommendOptions& options)
    : options_(options), counts_(options.caps.size()) {}

bool ListBuilder::CapReached(const GroupCap& cap, size_t which, uint32_t item) const {
  const uint32_t group = cap.group[item];
  if (group == 0) return false;
  const auto at = counts_[which].find(group);
  return at != counts_[which].end() && at->second >= cap.max;
}

bool ListBuilder::MayTake(ItemRow item) const {
  if (listed_.contains(item.value)) return false;
  for (size_t c = 0; c < options_.caps.size(); ++c) {
    if (CapReached(options_.caps[c], c, item.value)) return false;
  }
  return true;
}

void ListBuilder::Take(const RecommendedItem& item) {
  list_.push_back(item);
  listed_.emplace(item.item.value, 1);
  for (size_t c = 0; c < options_.caps.size(); ++c) {
    const uint32_t group = options_.caps[c].group[item.item.value];
    if (group != 0) ++counts_[c][group];
  }
}

void ListBuilder::TakeInOrder(std::span<const ScoredItem> pool, std::span<const size_t> order,
                              ItemSource source) {
  for (const size_t place : order) {
    if (full()) return;
    if (!MayTake(pool[place].item)) continue;
    Take({.item = pool[place].item, .score = pool[place].score, .source = source});
  }
}

void ListBuilder::TakeExploring(std::span<const ScoredItem> pool, std::span<const size_t> order,
                                ItemSource source, uint64_t key) {
  const double share = options_.exploration.share;
  const Philox random(options_.exploration.seed, key);
  size_t next = 0;
  std::vector<size_t> free;
  while (!full()) {
    while (next < order.size() && !MayTake(pool[order[next]].item)) ++next;
    if (next == order.size()) return;
    free.clear();
    for (size_t i = 0; i < pool.size(); ++i) {
      if (MayTake(pool[i].item)) free.push_back(i);
    }
    // Two numbers a slot, by its place: a draw does not depend on those before it.
    const auto slot = static_cast<uint64_t>(list_.size());
    size_t place = order[next];
    if (random.Uniform(2 * slot) < share) place = free[random.Below(2 * slot + 1, free.size())];
    const bool explored = place != order[next];
    Take({.item = pool[place].item,
          .score = pool[place].score,
          .source = explored ? ItemSource::kExploration : source,
          .propensity = share / static_cast<double>(free.size()) + (explored ? 0 : 1 - share)});
  }
}

std::vector<uint64_t> ListBuilder::Remaining(int64_t items) const {
  std::vector<uint64_t> mask(options_.allowed_items.begin(), options_.allowed_items.end());
  if (mask.empty()) {
    mask.assign(static_cast<size_t>((items + 63) / 64), ~uint64_t{0});
    if (items % 64 != 0) mask.back() >>= 64 - items % 64;
  }
  for (uint32_t item = 0; item < items; ++item) {
    if (!MayTake(ItemRow(item))) mask[item / 64] &= ~(uint64_t{1} << (item % 64));
  }
  return mask;
}

}  // namespace burgeon
