#include "training/recommender/two_tower_loss.h"

#include <limits>

namespace burgeon {

TwoTowerLossResult TwoTowerLoss(const torch::Tensor& queries, const torch::Tensor& items,
                                const TwoTowerSoftmax& softmax) {
  const torch::NoGradGuard no_gradients;
  constexpr double kNone = -std::numeric_limits<double>::infinity();
  const torch::Tensor& rows = softmax.target_rows;
  const torch::Tensor query = queries / softmax.temperature;
  const torch::Tensor other =
      softmax.negatives.defined() ? items.index_select(0, softmax.negatives) : items;
  torch::Tensor scores = query.mm(other.t());  // becomes exp(s + c), then the gradient
  if (softmax.correction.defined()) scores.add_(softmax.correction);
  scores.view({-1}).index_fill_(0, softmax.masked, kNone);

  const torch::Tensor named = items.index_select(0, softmax.target_items);
  const torch::Tensor naming = query.index_select(0, rows);
  const torch::Tensor target_scores = (naming * named).sum(1);
  const torch::Tensor largest =
      torch::maximum(scores.amax(1), torch::full({queries.size(0)}, kNone, scores.options())
                                         .scatter_reduce(0, rows, target_scores, "amax"));
  scores.sub_(largest.unsqueeze(1)).exp_();
  const torch::Tensor target_parts = (target_scores - largest.index_select(0, rows)).exp();
  const torch::Tensor sum = scores.sum(1).index_add(0, rows, target_parts);
  const torch::Tensor log_sum = largest + sum.log();

  TwoTowerLossResult out;
  out.loss = (softmax.target_weights * (log_sum.index_select(0, rows) - target_scores))
                 .sum()
                 .item<double>();
  const torch::Tensor of_row =
      torch::zeros_like(sum).index_add(0, rows, softmax.target_weights) / sum;
  scores.mul_(of_row.unsqueeze(1));
  const torch::Tensor of_target =
      (of_row.index_select(0, rows) * target_parts - softmax.target_weights).unsqueeze(1);
  out.queries = scores.mm(other).index_add_(0, rows, named * of_target).div_(softmax.temperature);
  out.items = scores.t().mm(query);
  if (softmax.negatives.defined()) {
    out.items = torch::zeros_like(items).index_copy_(0, softmax.negatives, out.items);
  }
  out.items.index_add_(0, softmax.target_items, naming * of_target);
  return out;
}

}  // namespace burgeon
