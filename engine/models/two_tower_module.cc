#include "engine/models/two_tower_module.h"

#include <cmath>
#include <string>

#include <torch/nn/functional/activation.h>

#include "engine/base/philox.h"
#include "engine/models/linear_module.h"

namespace burgeon {
namespace {

constexpr double kSmallest = 1e-12;  // length of a row of zeros

torch::Tensor Normalized(const torch::Tensor& rows) {
  return rows / rows.norm(2, {-1}, /*keepdim=*/true).clamp_min(kSmallest);
}

}  // namespace

TowerModule::TowerModule(int64_t dim, int64_t hidden, int64_t blocks, uint64_t seed,
                         uint64_t stream) {
  const Philox random(seed, stream);
  uint64_t at = 0;
  for (int64_t b = 0; b < blocks; ++b) {
    const std::string name = Concat("block", b, "_");
    Block block;
    block.norm =
        register_module(name + "norm", torch::nn::LayerNorm(torch::nn::LayerNormOptions({dim})));
    block.up = register_module(name + "up", torch::nn::Linear(dim, hidden));
    block.down = register_module(name + "down", torch::nn::Linear(hidden, dim));
    FillLinear(block.up, random, &at);
    block.down->weight.detach().zero_();
    block.down->bias.detach().zero_();
    blocks_.push_back(block);
  }
}

torch::Tensor TowerModule::forward(torch::Tensor x) {
  if (blocks_.empty()) return Normalized(x);
  x = Normalized(x) * std::sqrt(static_cast<double>(x.size(1)));
  for (Block& block : blocks_) {
    x = x + block.down->forward(torch::silu(block.up->forward(block.norm->forward(x))));
  }
  return Normalized(x);
}

std::vector<TowerBlock> TowerModule::Export() const {
  std::vector<TowerBlock> out;
  for (const Block& block : blocks_) {
    out.push_back({.norm_gain = ToVector(block.norm->weight),
                   .norm_bias = ToVector(block.norm->bias),
                   .up = ToMatrix(block.up->weight.t()),
                   .up_bias = ToVector(block.up->bias),
                   .down = ToMatrix(block.down->weight.t()),
                   .down_bias = ToVector(block.down->bias)});
  }
  return out;
}

}  // namespace burgeon
