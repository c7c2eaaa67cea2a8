#include "training/recommender/sequence_loss.h"

#include <limits>

namespace burgeon {
namespace {

torch::Tensor Normalized(const torch::Tensor& rows) {
  return rows / rows.norm(2, {-1}, /*keepdim=*/true).clamp_min(1e-12);
}

}  // namespace

torch::Tensor SequenceLoss(const torch::Tensor& hidden, const torch::Tensor& targets,
                           const torch::Tensor& table, double temperature,
                           const torch::Tensor& negatives) {
  const torch::Tensor query = Normalized(hidden) / temperature;
  if (!negatives.defined()) {
    return torch::cross_entropy_loss(query.matmul(Normalized(table).t()), targets, {},
                                     at::Reduction::Sum);
  }
  const torch::Tensor positive =
      (query * Normalized(torch::embedding(table, targets))).sum(-1, /*keepdim=*/true);
  const torch::Tensor scores = query.matmul(Normalized(torch::embedding(table, negatives)).t())
                                   .masked_fill(negatives.unsqueeze(0) == targets.unsqueeze(1),
                                                -std::numeric_limits<double>::infinity());
  const torch::Tensor first = torch::zeros_like(targets);
  return torch::cross_entropy_loss(torch::cat({positive, scores}, 1), first, {},
                                   at::Reduction::Sum);
}

}  // namespace burgeon
