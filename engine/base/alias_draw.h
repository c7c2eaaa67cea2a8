// One draw from a table of items, as both sides make it: constexpr, integers only, so that a CPU
// and a GPU draw the same.
//
// The alias method (Walker, 1977) on Philox: of the words at an index, the first two choose a slot,
// the third, against the slot's threshold, the slot's item or its alias.
#ifndef BURGEON_ENGINE_BASE_ALIAS_DRAW_H_
#define BURGEON_ENGINE_BASE_ALIAS_DRAW_H_

#include <cstdint>

#include "engine/base/philox.h"

namespace burgeon {

// Of `items` slots, one an item. Null pointers: uniform over the items.
struct AliasView {
  const uint32_t* accept = nullptr;  // the item of the slot for words below it
  const uint32_t* alias = nullptr;   // else this one
  uint64_t items = 0;
};

constexpr uint32_t DrawItem(const AliasView& table, const Philox& random, uint64_t index) {
  const auto slot = static_cast<uint32_t>(random.Below(index, table.items));
  if (table.accept == nullptr || random.Words(index)[2] < table.accept[slot]) return slot;
  return table.alias[slot];
}

// Ascending ids, of which none is to be drawn.
struct SeenItems {
  const uint32_t* begin = nullptr;
  const uint32_t* end = nullptr;
};

constexpr bool IsSeen(const SeenItems& seen, uint32_t item) {
  const uint32_t* low = seen.begin;
  const uint32_t* high = seen.end;
  while (low < high) {
    const uint32_t* const middle = low + (high - low) / 2;
    if (*middle == item) return true;
    if (*middle < item) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return false;
}

// A draw is made again while the item is seen, at most so often: whoever has seen nearly all items
// must not hold up the others.
inline constexpr uint64_t kDrawAttempts = 16;

struct UnseenDraw {
  uint32_t item = 0;
  bool seen = false;  // every attempt gave a seen item; this is the last
};

// Draw number `draw` uses the indexes draw * kDrawAttempts and those that follow.
constexpr UnseenDraw DrawUnseen(const AliasView& table, const Philox& random, uint64_t draw,
                                const SeenItems& seen) {
  UnseenDraw result;
  for (uint64_t attempt = 0; attempt < kDrawAttempts; ++attempt) {
    result.item = DrawItem(table, random, draw * kDrawAttempts + attempt);
    result.seen = IsSeen(seen, result.item);
    if (!result.seen) break;
  }
  return result;
}

}  // namespace burgeon

#endif  // BURGEON_ENGINE_BASE_ALIAS_DRAW_H_
