// The loss of a two-tower model and its gradient: of each customer and each item to be named,
// -log softmax of the cosine over a temperature, among the items named and those that stand for all
// others.
//
//   loss   = sum_p w_p (log Z_row(p) - s_row(p),item(p))
//   Z_u    = sum of exp(s_ut) over the row's targets t
//          + sum of exp(s_uj + c_j) over negatives j that are not masked for u
//   s_uj   = q_u . v_j / temperature
// The masked ones are the row's targets, which count once, and its history, which is not to be
// named and says nothing. The gradient is
//   dloss / ds_uj = W_u exp(s_uj + c_j) / Z_u, less w_p of a target; W_u = sum of the row's w_p.
#ifndef BURGEON_TRAINING_RECOMMENDER_TWO_TOWER_LOSS_H_
#define BURGEON_TRAINING_RECOMMENDER_TWO_TOWER_LOSS_H_

#include <torch/types.h>

namespace burgeon {

struct TwoTowerSoftmax {
  double temperature = 1;
  torch::Tensor target_rows;     // [p] rows of queries; every row has one at least
  torch::Tensor target_items;    // [p] rows of items
  torch::Tensor target_weights;  // [p] w
  torch::Tensor negatives;       // [c] rows of items, each once; undefined: all of them
  torch::Tensor correction;      // [c]; undefined: 0
  torch::Tensor masked;          // [m] places in [n * c], row after row
};

struct TwoTowerLossResult {
  double loss = 0;
  torch::Tensor queries;  // [n, d] gradients
  torch::Tensor items;    // [items, d]
};

// queries: [n, d], items: [items, d], of any floating type. Nothing of it is recorded by autograd.
TwoTowerLossResult TwoTowerLoss(const torch::Tensor& queries, const torch::Tensor& items,
                                const TwoTowerSoftmax& softmax);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_TWO_TOWER_LOSS_H_
