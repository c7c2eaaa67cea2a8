#include "engine/models/churn_module.h"

#include <cmath>
#include <utility>
#include <vector>

#include "engine/base/philox.h"

namespace burgeon {
namespace {

constexpr uint64_t kInitialStream = 0x636875726e;  // "churn"

// torch's own rule for a Linear (nn/modules/linear.cpp), with our numbers.
uint64_t Fill(torch::nn::Linear& layer, const Philox& random, uint64_t at) {
  const double bound = 1 / std::sqrt(static_cast<double>(layer->weight.size(1)));
  for (torch::Tensor tensor : {layer->weight.detach(), layer->bias.detach()}) {
    auto* values = tensor.data_ptr<float>();
    for (int64_t i = 0; i < tensor.numel(); ++i) {
      values[i] = static_cast<float>(bound * (2 * random.Uniform(at++) - 1));
    }
  }
  return at;
}

}  // namespace

ChurnModule::ChurnModule(int64_t features, int64_t hidden, uint64_t seed)
    : first_(register_module("first", torch::nn::Linear(features, hidden))),
      second_(register_module("second", torch::nn::Linear(hidden, hidden))),
      last_(register_module("last", torch::nn::Linear(hidden, 1))) {
  const Philox random(seed, kInitialStream);
  uint64_t at = 0;
  for (torch::nn::Linear* layer : {&first_, &second_, &last_}) at = Fill(*layer, random, at);
}

torch::Tensor ChurnModule::forward(torch::Tensor input) {
  torch::Tensor x = torch::relu(first_->forward(std::move(input)));
  x = torch::relu(second_->forward(x));
  return last_->forward(x).squeeze(1);
}

ChurnNetwork ChurnModule::Export() const {
  ChurnNetwork network;
  for (const torch::nn::Linear& layer : {first_, second_, last_}) {
    const torch::Tensor weight = layer->weight.detach().contiguous();
    const torch::Tensor bias = layer->bias.detach().contiguous();
    const float* w = weight.data_ptr<float>();
    const float* b = bias.data_ptr<float>();
    network.weight.emplace_back(weight.size(0), weight.size(1),
                                std::vector<float>(w, w + weight.numel()));
    network.bias.emplace_back(b, b + bias.numel());
  }
  return network;
}

}  // namespace burgeon
