#include "engine/models/two_tower_module.h"

#include <cmath>
#include <string>

#include <torch/nn/functional/activation.h>

#include "engine/base/philox.h"

namespace burgeon {
namespace {

constexpr double kSmallest = 1e-12;  // length of a row of zeros

// torch's own rule for a Linear (nn/modules/linear.cpp), with our numbers.
void Fill(const torch::nn::Linear& layer, const Philox& random, uint64_t* at) {
  const double bound = 1 / std::sqrt(static_cast<double>(layer->weight.size(1)));
  for (torch::Tensor tensor : {layer->weight.detach(), layer->bias.detach()}) {
    auto* values = tensor.data_ptr<float>();
    for (int64_t i = 0; i < tensor.numel(); ++i) {
      values[i] = static_cast<float>(bound * (2 * random.Uniform((*at)++) - 1));
    }
  }
}

torch::Tensor Normalized(const torch::Tensor& rows) {
  return rows / rows.norm(2, {-1}, /*keepdim=*/true).clamp_min(kSmallest);
}

FloatMatrix ToMatrix(const torch::Tensor& tensor) {
  const torch::Tensor values = tensor.detach().to(torch::kFloat32).contiguous();
  const float* data = values.data_ptr<float>();
  return {values.size(0), values.size(1), std::vector<float>(data, data + values.numel())};
}

std::vector<float> ToVector(const torch::Tensor& tensor) {
  const torch::Tensor values = tensor.detach().to(torch::kFloat32).contiguous();
  const float* data = values.data_ptr<float>();
  return {data, data + values.numel()};
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
    Fill(block.up, random, &at);
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
