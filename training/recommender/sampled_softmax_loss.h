// The sampled softmax of engine/ops/sampled_softmax.h as a loss that LibTorch differentiates: both
// directions are one operation, which never holds the matrix of logits.
//
//   BURGEON_ASSIGN_OR_RETURN(const torch::Tensor loss, SampledSoftmaxLoss(context,
//       {.queries = q, .positives = p, .candidates = c}, {.temperature = 0.07F}));
//   loss.backward();
//
// Gradients are made with the loss and kept until backward scales them; second derivatives are not
// there. The work is done on the device of `context`; tensors are on the CPU, whichever that is.
#ifndef BURGEON_TRAINING_RECOMMENDER_SAMPLED_SOFTMAX_LOSS_H_
#define BURGEON_TRAINING_RECOMMENDER_SAMPLED_SOFTMAX_LOSS_H_

#include <torch/types.h>

#include "engine/base/status.h"
#include "engine/ops/execution_context.h"
#include "engine/ops/sampled_softmax.h"

namespace burgeon {

// Shapes as in SampledSoftmaxInput; what may be left out there may be undefined here.
struct SampledSoftmaxTensors {
  torch::Tensor queries = {};          // float
  torch::Tensor positives = {};        // float
  torch::Tensor candidates = {};       // float
  torch::Tensor positive_ids = {};     // int64, from 0 to 2^32 - 1
  torch::Tensor candidate_ids = {};    // int64
  torch::Tensor positive_log_q = {};   // float
  torch::Tensor candidate_log_q = {};  // float
  torch::Tensor weights = {};          // float
};

// The losses' sum by weight, a scalar. Differentiable in queries, positives and candidates. Errors
// are those of SampledSoftmax, and kInvalidArgument for another type, device or number of
// dimensions of a tensor.
absl::StatusOr<torch::Tensor> SampledSoftmaxLoss(ExecutionContext& context,
                                                 const SampledSoftmaxTensors& tensors,
                                                 const SampledSoftmaxParams& params);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_SAMPLED_SOFTMAX_LOSS_H_
