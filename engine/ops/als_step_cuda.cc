#include "engine/ops/als_step_cuda.h"

#ifdef BURGEON_CUDA

#include "cuda/als_step.h"
#include "cuda/device_buffer.h"
#include "engine/ops/cuda_resources.h"

namespace burgeon {

absl::Status AlsStepCuda(ExecutionContext& context, const CsrView& rows,
                         MatrixView<const float> fixed, const AlsStepParams& params,
                         MatrixView<float> factors) {
  using cuda::DeviceBuffer;
  BURGEON_CHECK(context.cuda() != nullptr);
  const cuda::Stream& stream = context.cuda()->stream;
  BURGEON_RETURN_IF_ERROR(stream.MakeCurrent());
  BURGEON_ASSIGN_OR_RETURN(const auto offsets, DeviceBuffer<int64_t>::Of(stream, rows.offsets));
  BURGEON_ASSIGN_OR_RETURN(const auto columns, DeviceBuffer<uint32_t>::Of(stream, rows.columns));
  BURGEON_ASSIGN_OR_RETURN(const auto values, DeviceBuffer<float>::Of(stream, rows.values));
  BURGEON_ASSIGN_OR_RETURN(const auto fixed_side, DeviceBuffer<float>::Of(stream, fixed));
  BURGEON_ASSIGN_OR_RETURN(const auto solved,
                           DeviceBuffer<float>::Of(stream, MatrixView<const float>(factors)));
  const cuda::AlsStepView view = {
      .offsets = offsets.data(),
      .columns = columns.data(),
      .values = values.data(),
      .row_count = factors.rows,
      .fixed = fixed_side.data(),
      .fixed_count = fixed.rows,
      .dim = fixed.cols,
      .factors = solved.data(),
  };
  BURGEON_RETURN_IF_ERROR(cuda::AlsStep(stream, view,
                                        {.unobserved_weight = params.unobserved_weight,
                                         .regularization = params.regularization,
                                         .regularization_exponent = params.regularization_exponent,
                                         .block_size = params.block_size}));
  return solved.CopyToHost(factors);
}

}  // namespace burgeon

#endif  // BURGEON_CUDA
