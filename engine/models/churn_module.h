// The churn network as a LibTorch module, for training; what it learned is exported into
// ChurnNetwork (churn_model.h), which every answer is computed from.
#ifndef BURGEON_ENGINE_MODELS_CHURN_MODULE_H_
#define BURGEON_ENGINE_MODELS_CHURN_MODULE_H_

#include <cstdint>

#include <torch/nn/module.h>
#include <torch/nn/modules/linear.h>

#include "engine/models/churn_model.h"

namespace burgeon {

// Two hidden layers of `hidden` units with ReLU; one logit.
class ChurnModule : public torch::nn::Module {
 public:
  // Weights and biases uniform in +-1/sqrt(inputs), drawn from Philox by `seed`: the same on every
  // machine, whatever torch's own generator did before.
  ChurnModule(int64_t features, int64_t hidden, uint64_t seed);

  // input [n, features], standardised; gives logits [n].
  torch::Tensor forward(torch::Tensor input);

  ChurnNetwork Export() const;

 private:
  torch::nn::Linear first_;
  torch::nn::Linear second_;
  torch::nn::Linear last_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_MODELS_CHURN_MODULE_H_
