// What the LibTorch modules share: the start of a linear layer, and copies of tensors into what
// answers are computed from.
#ifndef BURGEON_ENGINE_MODELS_LINEAR_MODULE_H_
#define BURGEON_ENGINE_MODELS_LINEAR_MODULE_H_

#include <cstdint>
#include <vector>

#include <torch/nn/modules/linear.h>
#include <torch/types.h>

#include "engine/base/matrix.h"
#include "engine/base/philox.h"

namespace burgeon {

// Weight and bias uniform in +-1/sqrt(inputs), torch's own rule for a Linear
// (nn/modules/linear.cpp) with our numbers: draws *at, *at + 1, ...; *at is moved behind them.
void FillLinear(const torch::nn::Linear& layer, const Philox& random, uint64_t* at);

FloatMatrix ToMatrix(const torch::Tensor& tensor);  // of two dimensions
std::vector<float> ToVector(const torch::Tensor& tensor);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_MODELS_LINEAR_MODULE_H_
