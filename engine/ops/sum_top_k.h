// Masked exact top-k by the sum of both scores: the inner product of engine/ops/top_k.h and the
// item-item operator of engine/ops/operator_top_k.h. What a blend of models ranks by.
//
// For query q with history h and item j the score is
//   float(sum_k double(q_k) * double(i_jk) + sum_i double(h_i) * double(B_ij)),
// each sum in double, k and i ascending. Every allowed item is scored, whether an item of the
// history speaks of it or not. The list holds the k best, by score descending, then by item row
// ascending; it is shorter when fewer are allowed. The same bits for any number of threads: a scan
// in floats only selects candidates, by a bound of its rounding. Runs on the host's CPU, whatever
// device the context has.
//
// kInvalidArgument: shapes that do not match, k outside its range, a query, an item, a weight or an
// entry of B that is used which is not finite.
#ifndef BURGEON_ENGINE_OPS_SUM_TOP_K_H_
#define BURGEON_ENGINE_OPS_SUM_TOP_K_H_

#include <cstdint>
#include <span>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/ops/execution_context.h"
#include "engine/ops/top_k.h"

namespace burgeon {

struct SumTopKInput {
  MatrixView<const float> queries;    // [n, dim]
  MatrixView<const float> items;      // [items, dim]
  CsrView histories;                  // [n, items] of the same queries
  CsrView item_operator;              // [items, items]
  CsrView excluded;                   // as TopKInput::excluded
  std::span<const uint64_t> allowed;  // as TopKInput::allowed
};

absl::StatusOr<TopKResult> SumTopK(ExecutionContext& context, const SumTopKInput& input,
                                   const TopKParams& params);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_SUM_TOP_K_H_
