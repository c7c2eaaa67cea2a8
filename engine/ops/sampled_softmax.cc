#include "engine/ops/sampled_softmax.h"

#include <cmath>
#include <limits>

#include "engine/base/check.h"
#include "engine/base/limits.h"
#include "engine/ops/sampled_softmax_cpu.h"
#ifdef BURGEON_CUDA
#include "engine/ops/sampled_softmax_cuda.h"
#endif

namespace burgeon {
namespace {

constexpr int64_t kMaxBf16Dim = 384;
constexpr int64_t kMaxSplitDim = 128;

absl::Status ValidateMatrix(const char* name, MatrixView<const float> matrix, int64_t rows,
                            int64_t dim) {
  if (matrix.rows != rows || (rows > 0 && matrix.cols != dim)) {
    return InvalidArgument("sampled softmax: ", name, " are ", matrix.rows, " x ", matrix.cols,
                           "; wanted ", rows, " x ", dim);
  }
  for (int64_t i = 0; i < matrix.rows; ++i) {
    for (const float x : matrix.row(i)) {
      if (!std::isfinite(x)) {
        return InvalidArgument("sampled softmax: row ", i, " of ", name,
                               " holds a value that is not finite");
      }
    }
  }
  return absl::OkStatus();
}

absl::Status ValidateSize(const char* name, size_t size, int64_t wanted) {
  if (static_cast<int64_t>(size) == wanted) return absl::OkStatus();
  return InvalidArgument("sampled softmax: there are ", size, " ", name, "; wanted ", wanted);
}

// Of values that may be left out.
absl::Status ValidateValues(const char* name, std::span<const float> values, int64_t wanted,
                            float least) {
  if (values.empty()) return absl::OkStatus();
  BURGEON_RETURN_IF_ERROR(ValidateSize(name, values.size(), wanted));
  for (size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i]) && values[i] >= least) continue;
    return InvalidArgument("sampled softmax: ", name, ": value ", i, " is ", values[i], "; wanted ",
                           least == 0 ? "zero or a positive number" : "a finite number");
  }
  return absl::OkStatus();
}

absl::Status ValidateInput(const SampledSoftmaxInput& input) {
  const int64_t dim = input.queries.cols;
  if (dim < 1 || dim > limits::kMaxDim) {
    return InvalidArgument("sampled softmax: ", dim, " dimensions; wanted from 1 to ",
                           limits::kMaxDim);
  }
  const int64_t rows = input.queries.rows;
  BURGEON_RETURN_IF_ERROR(ValidateMatrix("queries", input.queries, rows, dim));
  BURGEON_RETURN_IF_ERROR(ValidateMatrix("positives", input.positives, rows, dim));
  BURGEON_RETURN_IF_ERROR(
      ValidateMatrix("candidates", input.candidates, input.candidates.rows, dim));
  if (!input.positive_ids.empty() || !input.candidate_ids.empty()) {
    BURGEON_RETURN_IF_ERROR(ValidateSize("positive ids", input.positive_ids.size(), rows));
    BURGEON_RETURN_IF_ERROR(
        ValidateSize("candidate ids", input.candidate_ids.size(), input.candidates.rows));
  }
  BURGEON_RETURN_IF_ERROR(ValidateValues("log q of positives", input.positive_log_q, rows,
                                         -std::numeric_limits<float>::max()));
  BURGEON_RETURN_IF_ERROR(ValidateValues("log q of candidates", input.candidate_log_q,
                                         input.candidates.rows,
                                         -std::numeric_limits<float>::max()));
  return ValidateValues("weights", input.weights, rows, 0);
}

absl::Status ValidateOutput(const SampledSoftmaxInput& input, const SampledSoftmaxOutput& output) {
  BURGEON_RETURN_IF_ERROR(ValidateSize("losses", output.losses.size(), input.queries.rows));
  const auto fits = [](MatrixView<float> gradient, MatrixView<const float> values) {
    return gradient.rows == values.rows && gradient.cols == values.cols;
  };
  const bool none = output.query_gradient.rows == 0 && output.positive_gradient.rows == 0 &&
                    output.candidate_gradient.rows == 0;
  if (none || (fits(output.query_gradient, input.queries) &&
               fits(output.positive_gradient, input.positives) &&
               fits(output.candidate_gradient, input.candidates))) {
    return absl::OkStatus();
  }
  return InvalidArgument(
      "sampled softmax: gradients must have the shapes of queries, positives and "
      "candidates, or all be left out");
}

absl::Status ValidateDevice(const SampledSoftmaxInput& input, SoftmaxPrecision precision) {
  const bool split = precision == SoftmaxPrecision::kSplitBf16;
  const int64_t most = split ? kMaxSplitDim : kMaxBf16Dim;
  if (input.queries.cols <= most) return absl::OkStatus();
  return InvalidArgument("sampled softmax: ", input.queries.cols,
                         " dimensions; on a CUDA device at most ", most, " in ",
                         split ? "split bf16" : "bf16");
}

absl::Status Compute(ExecutionContext& context, const SampledSoftmaxInput& input,
                     const SampledSoftmaxParams& params, const SampledSoftmaxOutput& output) {
  if (context.device().kind == DeviceKind::kCuda) {
    BURGEON_RETURN_IF_ERROR(ValidateDevice(input, params.precision));
#ifdef BURGEON_CUDA
    return SampledSoftmaxCuda(context, input, params, output);
#endif
  }
  SampledSoftmaxCpu(context, input, params, output);
  return absl::OkStatus();
}

}  // namespace

absl::Status SampledSoftmax(ExecutionContext& context, const SampledSoftmaxInput& input,
                            const SampledSoftmaxParams& params,
                            const SampledSoftmaxOutput& output) {
  if (!(params.temperature > 0) || !std::isfinite(params.temperature)) {
    return InvalidArgument("sampled softmax: temperature ", params.temperature,
                           " is not a positive number");
  }
  BURGEON_RETURN_IF_ERROR(ValidateInput(input));
  BURGEON_RETURN_IF_ERROR(ValidateOutput(input, output));
  BURGEON_RETURN_IF_ERROR(Compute(context, input, params, output));
  for (size_t i = 0; i < output.losses.size(); ++i) {
    if (!std::isfinite(output.losses[i])) {
      return InvalidArgument("sampled softmax: logits of row ", i, " are beyond the range of fp32");
    }
  }
  return absl::OkStatus();
}

}  // namespace burgeon
