// Sparse times dense. Parallel over rows; each entry of the result is a sum over the row's entries
// in the order of engine/base/sum_order.h: the same bits for any number of threads and any
// instruction set. Runs on the host's CPU, whatever device the context has; sparse_product.h has
// the form that follows the device.
#ifndef BURGEON_ENGINE_OPS_SPARSE_H_
#define BURGEON_ENGINE_OPS_SPARSE_H_

#include "engine/base/matrix.h"
#include "engine/ops/execution_context.h"

namespace burgeon {

// y = a x; a: [n, m], x: [m, d], y: [n, d]. Shapes that do not fit are bugs (BURGEON_CHECK).
void SparseTimesDense(ExecutionContext& context, const CsrView& a, MatrixView<const float> x,
                      MatrixView<float> y);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_SPARSE_H_
