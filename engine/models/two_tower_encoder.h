// What a two-tower model makes of a customer and of an item: a vector each, of one length, whose
// cosine over a temperature is the score (Covington, Adams, Sargin, "Deep Neural Networks for
// YouTube Recommendations", RecSys 2016; Yi et al., "Sampling-Bias-Corrected Neural Modeling for
// Large Corpus Item Recommendations", RecSys 2019). Inference alone, without LibTorch: what
// engine/models/two_tower_module.h trained is exported into it.
//
//   bag_u = sum_i w_ui h_i                 h: what an interaction with an item says of the customer
//   x_0   = sqrt(d) x / |x|                of a bag, or of what is known of an item
//   x    <- x + W_down silu(W_up norm(x))  a block, of as many as the tower has
//   out   = x / |x|, of an item over the temperature
//
// An item known by its content alone has x = sum_f v_f item_features[f].
#ifndef BURGEON_ENGINE_MODELS_TWO_TOWER_ENCODER_H_
#define BURGEON_ENGINE_MODELS_TWO_TOWER_ENCODER_H_

#include <cstdint>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/ops/execution_context.h"
#include "engine/storage/tensor_file.h"

namespace burgeon {

struct TowerBlock {
  std::vector<float> norm_gain;  // [d] of (x - mean) / sqrt(variance + 1e-5)
  std::vector<float> norm_bias;  // [d]
  FloatMatrix up;                // [d, hidden]
  std::vector<float> up_bias;    // [hidden]
  FloatMatrix down;              // [hidden, d]
  std::vector<float> down_bias;  // [d]
};

struct TwoTowerEncoder {
  double temperature = 1;
  FloatMatrix history_items;                // [items, d] h
  std::vector<TowerBlock> customer_blocks;  // may be none
  std::vector<TowerBlock> item_blocks;
  FloatMatrix history_features;  // [features, d] what a feature of an item adds to its h
  FloatMatrix item_features;     // [features, d] and to its x; both empty without features
  int64_t dim() const { return history_items.cols(); }
  int64_t features() const { return item_features.rows(); }
};

inline constexpr int64_t kMaxTowerBlocks = 16;

// [n, d], each of length 1; zeros for a row without interactions. weights: [n, items]. A row has
// the same bits whatever rows are encoded with it.
FloatMatrix EncodeCustomers(ExecutionContext& context, const TwoTowerEncoder& encoder,
                            const CsrView& weights);

// [n, d] item embeddings: the inner product with a customer's is the score. inputs: [n, d], x
// before the tower; a row of zeros gives zeros.
FloatMatrix EncodeItems(ThreadPool& pool, const TwoTowerEncoder& encoder,
                        MatrixView<const float> inputs);

// Tensors under "recommender.two_tower.*".
void AddTwoTowerTensors(const TwoTowerEncoder& encoder, TensorFile* file);
// Checks every shape against that of the items, and every number. kDataLoss.
absl::StatusOr<TwoTowerEncoder> ReadTwoTowerTensors(const TensorFile& file);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_MODELS_TWO_TOWER_ENCODER_H_
