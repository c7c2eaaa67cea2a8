// The CPU form of engine/ops/als_step.h. Input that als_step.cc let pass.
#ifndef BURGEON_ENGINE_OPS_ALS_STEP_CPU_H_
#define BURGEON_ENGINE_OPS_ALS_STEP_CPU_H_

#include "engine/ops/als_step.h"

namespace burgeon {

// Parallel over fixed blocks of rows; a row's factors depend on that row alone, so they have the
// same bits for any number of threads and beside any other rows.
absl::Status AlsStepCpu(ExecutionContext& context, const CsrView& rows,
                        MatrixView<const float> fixed, const AlsStepParams& params,
                        MatrixView<float> factors);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_ALS_STEP_CPU_H_
