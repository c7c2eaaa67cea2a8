// The CPU form of sampled_softmax.h, which validates before it calls: blocks of rows against tiles
// of columns, two passes (by query, by candidate), one serial BLAS call a tile.
#ifndef BURGEON_ENGINE_OPS_SAMPLED_SOFTMAX_CPU_H_
#define BURGEON_ENGINE_OPS_SAMPLED_SOFTMAX_CPU_H_

#include "engine/ops/execution_context.h"
#include "engine/ops/sampled_softmax.h"

namespace burgeon {

void SampledSoftmaxCpu(ExecutionContext& context, const SampledSoftmaxInput& input,
                       const SampledSoftmaxParams& params, const SampledSoftmaxOutput& output);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_SAMPLED_SOFTMAX_CPU_H_
