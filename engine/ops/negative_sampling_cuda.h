// The CUDA form of negative_sampling.h: copies the table to the device of `context`, draws there
// (cuda/negative_sampling.h), copies the items back. negative_sampling.cc validates and dispatches
// to it; it is there in builds with BURGEON_CUDA only, and needs a context of a CUDA device.
#ifndef BURGEON_ENGINE_OPS_NEGATIVE_SAMPLING_CUDA_H_
#define BURGEON_ENGINE_OPS_NEGATIVE_SAMPLING_CUDA_H_

#include "engine/base/status.h"
#include "engine/ops/execution_context.h"
#include "engine/ops/negative_sampling.h"

namespace burgeon {

absl::StatusOr<int64_t> SampleNegativesCuda(ExecutionContext& context, const SamplingTable& table,
                                            const DrawRange& range, const CsrView& seen,
                                            MatrixView<uint32_t> out);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_NEGATIVE_SAMPLING_CUDA_H_
