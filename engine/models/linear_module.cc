#include "engine/models/linear_module.h"

#include <cmath>

namespace burgeon {

void FillLinear(const torch::nn::Linear& layer, const Philox& random, uint64_t* at) {
  const double bound = 1 / std::sqrt(static_cast<double>(layer->weight.size(1)));
  for (torch::Tensor tensor : {layer->weight.detach(), layer->bias.detach()}) {
    auto* values = tensor.data_ptr<float>();
    for (int64_t i = 0; i < tensor.numel(); ++i) {
      values[i] = static_cast<float>(bound * (2 * random.Uniform((*at)++) - 1));
    }
  }
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

}  // namespace burgeon
