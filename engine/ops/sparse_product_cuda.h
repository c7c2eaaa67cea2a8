// The CUDA form of sparse_product.h: both directions of the matrix on the device of `context`; each
// product copies x there and y back. It is there in builds with BURGEON_CUDA only, and needs a
// context of a CUDA device.
#ifndef BURGEON_ENGINE_OPS_SPARSE_PRODUCT_CUDA_H_
#define BURGEON_ENGINE_OPS_SPARSE_PRODUCT_CUDA_H_

#include <memory>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/ops/execution_context.h"
#include "engine/ops/sparse_product.h"

namespace burgeon {

absl::StatusOr<std::unique_ptr<SparseProduct::Form>> MakeSparseProductCuda(
    ExecutionContext& context, const CsrView& a);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_SPARSE_PRODUCT_CUDA_H_
