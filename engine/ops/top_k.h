// Masked exact top-k by inner product: the contract of both the CPU and the CUDA form.
//
// For each query q and item i the score is  float(sum_j double(q_j) * double(i_j)), j ascending:
// the product of two floats is exact in double, so a fused multiply-add gives the same bits. The
// list holds the k best allowed items, by score descending, then by item row ascending. Fewer than
// k allowed items give a shorter list. The fast scan inside may use any precision: it only selects
// candidates, and widens until its error bound clears rank k.
//
// kInvalidArgument: a query or an item with a NaN or infinity (the message names the row), a
// dimension that does not match, k outside its range.
#ifndef BURGEON_ENGINE_OPS_TOP_K_H_
#define BURGEON_ENGINE_OPS_TOP_K_H_

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/ids.h"
#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/ops/execution_context.h"

namespace burgeon {

class PackedItems;

struct TopKInput {
  MatrixView<const float> queries;  // [queries, dim]
  MatrixView<const float> items;    // [items, dim]
  // Items never to be listed, by query: row q of `excluded`, ascending and unique. Empty offsets:
  // none are excluded.
  CsrView excluded;
  // Bit i % 64 of word i / 64 set: item i may be listed, to any query. Empty: all may.
  std::span<const uint64_t> allowed;
  // Made of these very items, for a faster scan on the CPU (engine/ops/packed_items.h); the answer
  // is the same. nullptr: none is at hand.
  const PackedItems* packed = nullptr;
};

struct TopKParams {
  int k = 10;  // 1 .. limits::kMaxK
};

struct ScoredItem {
  ItemRow item;
  float score = 0;
  friend bool operator==(const ScoredItem&, const ScoredItem&) = default;
};

// Lists one after another: query q's is items[offsets[q] .. offsets[q+1]).
struct TopKResult {
  std::vector<int64_t> offsets;
  std::vector<ScoredItem> items;
  std::span<const ScoredItem> list(int64_t q) const {
    const auto i = static_cast<size_t>(q);
    return std::span(items).subspan(static_cast<size_t>(offsets[i]),
                                    static_cast<size_t>(offsets[i + 1] - offsets[i]));
  }
};

absl::StatusOr<TopKResult> TopK(ExecutionContext& context, const TopKInput& input,
                                const TopKParams& params);

// The canonical score of one pair, as above. Both spans have the same length.
float CanonicalScore(std::span<const float> query, std::span<const float> item);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_TOP_K_H_
