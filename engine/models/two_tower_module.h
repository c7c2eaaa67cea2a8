// A tower of engine/models/two_tower_encoder.h as a LibTorch module, for training; what it learned
// is exported into the blocks that every answer is computed from.
#ifndef BURGEON_ENGINE_MODELS_TWO_TOWER_MODULE_H_
#define BURGEON_ENGINE_MODELS_TWO_TOWER_MODULE_H_

#include <cstdint>
#include <vector>

#include <torch/nn/module.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include "engine/models/two_tower_encoder.h"

namespace burgeon {

class TowerModule : public torch::nn::Module {
 public:
  // Layers as torch's own rule, drawn from Philox by (seed, stream), but for W_down, which begins
  // at 0: a tower begins as what it would be without blocks.
  TowerModule(int64_t dim, int64_t hidden, int64_t blocks, uint64_t seed, uint64_t stream);

  // [n, dim] to [n, dim], each row of length 1.
  torch::Tensor forward(torch::Tensor x);

  std::vector<TowerBlock> Export() const;

 private:
  struct Block {
    torch::nn::LayerNorm norm = nullptr;
    torch::nn::Linear up = nullptr;
    torch::nn::Linear down = nullptr;
  };
  std::vector<Block> blocks_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_MODELS_TWO_TOWER_MODULE_H_
