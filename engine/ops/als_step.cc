#include "engine/ops/als_step.h"

#include <cmath>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/ops/als_step_cpu.h"
#ifdef BURGEON_CUDA
#include "engine/ops/als_step_cuda.h"
#endif

namespace burgeon {
namespace {

absl::Status ValidateParams(const AlsStepParams& params) {
  if (!(params.unobserved_weight > 0) || !std::isfinite(params.unobserved_weight)) {
    return InvalidArgument("als: unobserved_weight ", params.unobserved_weight,
                           " is not a positive number");
  }
  if (!(params.regularization >= 0) || !std::isfinite(params.regularization)) {
    return InvalidArgument("als: regularization ", params.regularization,
                           " is not zero or a positive number");
  }
  if (!(params.regularization_exponent >= 0 && params.regularization_exponent <= 1)) {
    return InvalidArgument("als: regularization_exponent ", params.regularization_exponent,
                           " is not from 0 to 1");
  }
  if (params.block_size < 0) {
    return InvalidArgument("als: block_size ", params.block_size, " is negative");
  }
  return absl::OkStatus();
}

absl::Status ValidateShapes(const CsrView& rows, MatrixView<const float> fixed,
                            MatrixView<float> factors) {
  if (rows.cols != fixed.rows) {
    return InvalidArgument("als: the rows have ", rows.cols, " columns, the fixed side ",
                           fixed.rows, " rows: they must be as many");
  }
  if (factors.rows != rows.rows() || factors.cols != fixed.cols) {
    return InvalidArgument("als: factors are ", factors.rows, " x ", factors.cols, "; wanted ",
                           rows.rows(), " x ", fixed.cols);
  }
  if (fixed.cols < 1 || fixed.cols > limits::kMaxDim) {
    return InvalidArgument("als: ", fixed.cols, " dimensions; wanted from 1 to ", limits::kMaxDim);
  }
  BURGEON_CHECK(rows.values.empty() || rows.values.size() == rows.columns.size());
  return absl::OkStatus();
}

absl::Status ValidateValues(const CsrView& rows, MatrixView<const float> fixed) {
  for (int64_t u = 0; u < rows.rows(); ++u) {
    for (const float w : rows.row_values(u)) {
      if (!(w > 0) || !std::isfinite(w)) {
        return InvalidArgument("als: row ", u, " has the weight ", w,
                               "; weights must be positive and finite");
      }
    }
  }
  for (int64_t i = 0; i < fixed.rows; ++i) {
    for (const float y : fixed.row(i)) {
      if (!std::isfinite(y)) {
        return InvalidArgument("als: row ", i,
                               " of the fixed side holds a value that is not finite");
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status AlsStep(ExecutionContext& context, const CsrView& rows, MatrixView<const float> fixed,
                     const AlsStepParams& params, MatrixView<float> factors) {
  BURGEON_RETURN_IF_ERROR(ValidateParams(params));
  BURGEON_RETURN_IF_ERROR(ValidateShapes(rows, fixed, factors));
  BURGEON_RETURN_IF_ERROR(ValidateValues(rows, fixed));
#ifdef BURGEON_CUDA
  if (context.device().kind == DeviceKind::kCuda) {
    return AlsStepCuda(context, rows, fixed, params, factors);
  }
#endif
  return AlsStepCpu(context, rows, fixed, params, factors);
}

}  // namespace burgeon
