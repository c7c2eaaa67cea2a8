#include "engine/ops/sampled_softmax_cuda.h"

#ifdef BURGEON_CUDA

#include "cuda/device_buffer.h"
#include "cuda/sampled_softmax.h"
#include "engine/ops/cuda_resources.h"

namespace burgeon {

absl::Status SampledSoftmaxCuda(ExecutionContext& context, const SampledSoftmaxInput& input,
                                const SampledSoftmaxParams& params,
                                const SampledSoftmaxOutput& output) {
  using cuda::DeviceBuffer;
  BURGEON_CHECK(context.cuda() != nullptr);
  const cuda::Stream& stream = context.cuda()->stream;
  BURGEON_RETURN_IF_ERROR(stream.MakeCurrent());
  BURGEON_ASSIGN_OR_RETURN(const auto queries, DeviceBuffer<float>::Of(stream, input.queries));
  BURGEON_ASSIGN_OR_RETURN(const auto positives, DeviceBuffer<float>::Of(stream, input.positives));
  BURGEON_ASSIGN_OR_RETURN(const auto candidates,
                           DeviceBuffer<float>::Of(stream, input.candidates));
  BURGEON_ASSIGN_OR_RETURN(const auto positive_ids,
                           DeviceBuffer<uint32_t>::Of(stream, input.positive_ids));
  BURGEON_ASSIGN_OR_RETURN(const auto candidate_ids,
                           DeviceBuffer<uint32_t>::Of(stream, input.candidate_ids));
  BURGEON_ASSIGN_OR_RETURN(const auto positive_log_q,
                           DeviceBuffer<float>::Of(stream, input.positive_log_q));
  BURGEON_ASSIGN_OR_RETURN(const auto candidate_log_q,
                           DeviceBuffer<float>::Of(stream, input.candidate_log_q));
  BURGEON_ASSIGN_OR_RETURN(const auto weights, DeviceBuffer<float>::Of(stream, input.weights));
  BURGEON_ASSIGN_OR_RETURN(const auto losses,
                           DeviceBuffer<float>::Allocate(stream, input.queries.rows));
  const MatrixView<float> results[] = {output.query_gradient, output.positive_gradient,
                                       output.candidate_gradient};
  DeviceBuffer<float> gradients[3];
  for (int i = 0; i < 3; ++i) {
    BURGEON_ASSIGN_OR_RETURN(
        gradients[i], DeviceBuffer<float>::Allocate(stream, results[i].rows * results[i].cols));
  }
  const cuda::SampledSoftmaxView view = {
      .queries = queries.data(),
      .positives = positives.data(),
      .candidates = candidates.data(),
      .query_count = input.queries.rows,
      .candidate_count = input.candidates.rows,
      .dim = input.queries.cols,
      .positive_ids = positive_ids.data(),
      .candidate_ids = candidate_ids.data(),
      .positive_log_q = positive_log_q.data(),
      .candidate_log_q = candidate_log_q.data(),
      .weights = weights.data(),
      .temperature = params.temperature,
      .split = params.precision == SoftmaxPrecision::kSplitBf16,
  };
  BURGEON_RETURN_IF_ERROR(cuda::SampledSoftmax(stream, view, losses.data(),
                                               {.queries = gradients[0].data(),
                                                .positives = gradients[1].data(),
                                                .candidates = gradients[2].data()}));
  BURGEON_RETURN_IF_ERROR(losses.CopyToHost(output.losses));
  for (int i = 0; i < 3; ++i) BURGEON_RETURN_IF_ERROR(gradients[i].CopyToHost(results[i]));
  return absl::OkStatus();
}

}  // namespace burgeon

#endif  // BURGEON_CUDA
