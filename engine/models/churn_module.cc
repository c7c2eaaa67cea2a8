#include "engine/models/churn_module.h"

#include <utility>

#include "engine/base/philox.h"
#include "engine/models/linear_module.h"

namespace burgeon {
namespace {

constexpr uint64_t kInitialStream = 0x636875726e;  // "churn"

}  // namespace

ChurnModule::ChurnModule(int64_t features, int64_t hidden, uint64_t seed)
    : first_(register_module("first", torch::nn::Linear(features, hidden))),
      second_(register_module("second", torch::nn::Linear(hidden, hidden))),
      last_(register_module("last", torch::nn::Linear(hidden, 1))) {
  const Philox random(seed, kInitialStream);
  uint64_t at = 0;
  for (const torch::nn::Linear& layer : {first_, second_, last_}) FillLinear(layer, random, &at);
}

torch::Tensor ChurnModule::forward(torch::Tensor input) {
  torch::Tensor x = torch::relu(first_->forward(std::move(input)));
  x = torch::relu(second_->forward(x));
  return last_->forward(x).squeeze(1);
}

ChurnNetwork ChurnModule::Export() const {
  ChurnNetwork network;
  for (const torch::nn::Linear& layer : {first_, second_, last_}) {
    network.weight.push_back(ToMatrix(layer->weight));
    network.bias.push_back(ToVector(layer->bias));
  }
  return network;
}

}  // namespace burgeon
