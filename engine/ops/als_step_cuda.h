// The CUDA form of als_step.h: copies the input to the device of `context`, runs cuda/als_step.h,
// copies the factors back. als_step.cc validates and dispatches to it; it is there in builds with
// BURGEON_CUDA only, and needs a context of a CUDA device.
#ifndef BURGEON_ENGINE_OPS_ALS_STEP_CUDA_H_
#define BURGEON_ENGINE_OPS_ALS_STEP_CUDA_H_

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/ops/als_step.h"
#include "engine/ops/execution_context.h"

namespace burgeon {

absl::Status AlsStepCuda(ExecutionContext& context, const CsrView& rows,
                         MatrixView<const float> fixed, const AlsStepParams& params,
                         MatrixView<float> factors);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_ALS_STEP_CUDA_H_
