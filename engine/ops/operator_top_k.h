// Masked exact top-k by an item-item operator B, the other form of engine/ops/top_k.h.
//
// For each history h (a row of weights) and item j the score is
//   float(sum_i double(h_i) * double(B_ij)), i ascending over the history's items with an entry
//   B_ij.
// An item that no item of the history has an entry for is not scored, and not listed: B says
// nothing of it. The list holds the k best of the others that are allowed, by score descending,
// then by item row ascending; it is shorter when there are fewer. The same bits for any number of
// threads. Runs on the host's CPU, whatever device the context has.
//
// kInvalidArgument: shapes that do not match, k outside its range, a history weight or an entry of
// a row of B that is used which is not finite.
#ifndef BURGEON_ENGINE_OPS_OPERATOR_TOP_K_H_
#define BURGEON_ENGINE_OPS_OPERATOR_TOP_K_H_

#include <cstdint>
#include <span>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/ops/execution_context.h"
#include "engine/ops/top_k.h"

namespace burgeon {

struct OperatorTopKInput {
  CsrView histories;      // [n, items]
  CsrView item_operator;  // [items, items]; row i is what item i of a history says of the others
  CsrView excluded;       // as TopKInput::excluded
  std::span<const uint64_t> allowed;  // as TopKInput::allowed
};

absl::StatusOr<TopKResult> OperatorTopK(ExecutionContext& context, const OperatorTopKInput& input,
                                        const TopKParams& params);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_OPERATOR_TOP_K_H_
