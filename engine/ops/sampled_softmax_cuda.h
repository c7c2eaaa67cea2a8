// The CUDA form of sampled_softmax.h: copies the input to the device of `context`, runs
// cuda/sampled_softmax.h, copies losses and gradients back. sampled_softmax.cc validates and
// dispatches to it; it is there in builds with BURGEON_CUDA only, and needs a context of a CUDA
// device.
#ifndef BURGEON_ENGINE_OPS_SAMPLED_SOFTMAX_CUDA_H_
#define BURGEON_ENGINE_OPS_SAMPLED_SOFTMAX_CUDA_H_

#include "engine/base/status.h"
#include "engine/ops/execution_context.h"
#include "engine/ops/sampled_softmax.h"

namespace burgeon {

absl::Status SampledSoftmaxCuda(ExecutionContext& context, const SampledSoftmaxInput& input,
                                const SampledSoftmaxParams& params,
                                const SampledSoftmaxOutput& output);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_SAMPLED_SOFTMAX_CUDA_H_
