// The inverse of a symmetric positive definite matrix, in place, in parallel on fixed blocks: the
// same bits for any number of threads. Blocked Cholesky a = u'u, then u^-1, then u^-1 u^-T.
//
//   BURGEON_RETURN_IF_ERROR(InvertPositiveDefinite(context, &gram));
//
// Needs a second matrix of the same size while it runs. fp32; diagonal blocks are factored in fp64.
// On the host's CPU, whatever device the context has.
#ifndef BURGEON_ENGINE_OPS_SYMMETRIC_INVERSE_H_
#define BURGEON_ENGINE_OPS_SYMMETRIC_INVERSE_H_

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/ops/execution_context.h"

namespace burgeon {

// Reads the upper triangle, writes both. kFailedPrecondition naming the block of rows when the
// matrix is not positive definite in this precision; the matrix is then lost.
absl::Status InvertPositiveDefinite(ExecutionContext& context, FloatMatrix* matrix);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_SYMMETRIC_INVERSE_H_
