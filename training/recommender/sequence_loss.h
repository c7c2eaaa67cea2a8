// The loss of a sequence model: -log softmax of the cosine with the item that followed, over a
// temperature, among all items or among that item and given negatives.
#ifndef BURGEON_TRAINING_RECOMMENDER_SEQUENCE_LOSS_H_
#define BURGEON_TRAINING_RECOMMENDER_SEQUENCE_LOSS_H_

#include <torch/types.h>

namespace burgeon {

// hidden: [n, d]; targets: [n] rows of table [items, d]. negatives: [k] rows, or undefined for all
// items; a negative that is a position's target does not count there. Returns the sum, a scalar.
torch::Tensor SequenceLoss(const torch::Tensor& hidden, const torch::Tensor& targets,
                           const torch::Tensor& table, double temperature,
                           const torch::Tensor& negatives);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_SEQUENCE_LOSS_H_
