#include "training/recommender/sampled_softmax_loss.h"

#include <limits>
#include <vector>

#include <torch/autograd.h>

namespace burgeon {
namespace {

// A value whose gradients are known already.
class KnownGradients : public torch::autograd::Function<KnownGradients> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context,
                               const torch::Tensor& /*queries*/, const torch::Tensor& /*positives*/,
                               const torch::Tensor& /*candidates*/, const torch::Tensor& value,
                               const torch::Tensor& of_queries, const torch::Tensor& of_positives,
                               const torch::Tensor& of_candidates) {
    context->save_for_backward({of_queries, of_positives, of_candidates});
    return value.clone();
  }
  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
                                               torch::autograd::tensor_list gradients) {
    const torch::autograd::tensor_list known = context->get_saved_variables();
    return {
        gradients[0] * known[0], gradients[0] * known[1], gradients[0] * known[2], {}, {}, {}, {}};
  }
};

// A dense tensor on the CPU without its history; undefined stays undefined.
absl::StatusOr<torch::Tensor> Plain(const char* name, const torch::Tensor& tensor,
                                    torch::ScalarType type, int64_t dimensions) {
  if (!tensor.defined()) return torch::Tensor();
  if (!tensor.device().is_cpu() || tensor.scalar_type() != type || tensor.dim() != dimensions) {
    return InvalidArgument("sampled softmax: ", name, " are a tensor of ", tensor.dim(),
                           " dimensions of ", torch::toString(tensor.scalar_type()), " on ",
                           tensor.device().str(), "; wanted ", dimensions, " of ",
                           torch::toString(type), " on cpu");
  }
  return tensor.detach().contiguous();
}

struct PlainMatrix {
  torch::Tensor tensor;
  MatrixView<const float> view() const {
    return {tensor.const_data_ptr<float>(), tensor.size(0), tensor.size(1), tensor.size(1)};
  }
};

absl::StatusOr<PlainMatrix> DenseRows(const char* name, const torch::Tensor& tensor) {
  if (!tensor.defined()) return InvalidArgument("sampled softmax: there are no ", name);
  BURGEON_ASSIGN_OR_RETURN(torch::Tensor plain, Plain(name, tensor, torch::kFloat32, 2));
  return PlainMatrix{std::move(plain)};
}

std::span<const float> ViewOf(const torch::Tensor& plain) {
  if (!plain.defined()) return {};
  return {plain.const_data_ptr<float>(), static_cast<size_t>(plain.numel())};
}

absl::StatusOr<std::vector<uint32_t>> Ids(const char* name, const torch::Tensor& tensor) {
  std::vector<uint32_t> ids;
  BURGEON_ASSIGN_OR_RETURN(const torch::Tensor plain, Plain(name, tensor, torch::kInt64, 1));
  if (!plain.defined()) return ids;
  const int64_t* const values = plain.const_data_ptr<int64_t>();
  for (int64_t i = 0; i < plain.numel(); ++i) {
    if (values[i] < 0 || values[i] > std::numeric_limits<uint32_t>::max()) {
      return InvalidArgument("sampled softmax: ", name, ": value ", i, " is ", values[i],
                             "; wanted from 0 to ", std::numeric_limits<uint32_t>::max());
    }
    ids.push_back(static_cast<uint32_t>(values[i]));
  }
  return ids;
}

MatrixView<float> Writable(torch::Tensor& tensor) {
  return {tensor.data_ptr<float>(), tensor.size(0), tensor.size(1), tensor.size(1)};
}

double WeightedSum(std::span<const float> losses, std::span<const float> weights) {
  double sum = 0;
  for (size_t i = 0; i < losses.size(); ++i) {
    sum += static_cast<double>(losses[i]) * (weights.empty() ? 1.0 : weights[i]);
  }
  return sum;
}

}  // namespace

absl::StatusOr<torch::Tensor> SampledSoftmaxLoss(ExecutionContext& context,
                                                 const SampledSoftmaxTensors& tensors,
                                                 const SampledSoftmaxParams& params) {
  BURGEON_ASSIGN_OR_RETURN(const PlainMatrix queries, DenseRows("queries", tensors.queries));
  BURGEON_ASSIGN_OR_RETURN(const PlainMatrix positives, DenseRows("positives", tensors.positives));
  BURGEON_ASSIGN_OR_RETURN(const PlainMatrix candidates,
                           DenseRows("candidates", tensors.candidates));
  BURGEON_ASSIGN_OR_RETURN(const auto positive_ids, Ids("positive ids", tensors.positive_ids));
  BURGEON_ASSIGN_OR_RETURN(const auto candidate_ids, Ids("candidate ids", tensors.candidate_ids));
  BURGEON_ASSIGN_OR_RETURN(const torch::Tensor positive_log_q,
                           Plain("log q of positives", tensors.positive_log_q, torch::kFloat32, 1));
  BURGEON_ASSIGN_OR_RETURN(
      const torch::Tensor candidate_log_q,
      Plain("log q of candidates", tensors.candidate_log_q, torch::kFloat32, 1));
  BURGEON_ASSIGN_OR_RETURN(const torch::Tensor weights,
                           Plain("weights", tensors.weights, torch::kFloat32, 1));
  torch::Tensor of_queries = torch::empty_like(queries.tensor);
  torch::Tensor of_positives = torch::empty_like(positives.tensor);
  torch::Tensor of_candidates = torch::empty_like(candidates.tensor);
  std::vector<float> losses(static_cast<size_t>(queries.tensor.size(0)));
  const SampledSoftmaxInput input{.queries = queries.view(),
                                  .positives = positives.view(),
                                  .candidates = candidates.view(),
                                  .positive_ids = positive_ids,
                                  .candidate_ids = candidate_ids,
                                  .positive_log_q = ViewOf(positive_log_q),
                                  .candidate_log_q = ViewOf(candidate_log_q),
                                  .weights = ViewOf(weights)};
  const SampledSoftmaxOutput output{.losses = losses,
                                    .query_gradient = Writable(of_queries),
                                    .positive_gradient = Writable(of_positives),
                                    .candidate_gradient = Writable(of_candidates)};
  BURGEON_RETURN_IF_ERROR(SampledSoftmax(context, input, params, output));
  const torch::Tensor sum = torch::scalar_tensor(WeightedSum(losses, input.weights),
                                                 torch::TensorOptions().dtype(torch::kFloat32));
  return KnownGradients::apply(tensors.queries, tensors.positives, tensors.candidates, sum,
                               of_queries, of_positives, of_candidates);
}

}  // namespace burgeon
