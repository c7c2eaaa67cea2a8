// The CUDA form of top_k.h: copies the input to the device of `context`, runs cuda/top_k.h, copies
// the lists back. top_k.cc validates and dispatches to it; it is there in builds with BURGEON_CUDA
// only, and needs a context of a CUDA device.
#ifndef BURGEON_ENGINE_OPS_TOP_K_CUDA_H_
#define BURGEON_ENGINE_OPS_TOP_K_CUDA_H_

#include "engine/base/status.h"
#include "engine/ops/execution_context.h"
#include "engine/ops/top_k.h"

namespace burgeon {

absl::StatusOr<TopKResult> TopKCuda(ExecutionContext& context, const TopKInput& input,
                                    const TopKParams& params);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_TOP_K_CUDA_H_
