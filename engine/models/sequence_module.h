// The network of engine/models/sequence_encoder.h as a LibTorch module, for training; what it
// learned is exported into a SequenceEncoder, which every answer is computed from.
#ifndef BURGEON_ENGINE_MODELS_SEQUENCE_MODULE_H_
#define BURGEON_ENGINE_MODELS_SEQUENCE_MODULE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include <torch/nn/module.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/modules/normalization.h>

#include "engine/models/sequence_encoder.h"

namespace burgeon {

struct SequenceShape {
  int64_t items = 0;
  int64_t dim = 128;
  int64_t length = 50;
  int64_t blocks = 1;
  int64_t heads = 1;
  int64_t feed_factor = 4;  // width of the feed-forward, in dims
};

class SequenceModule : public torch::nn::Module {
 public:
  // Tables normal with deviation .02, layers as torch's own rule, drawn from Philox by `seed`.
  SequenceModule(const SequenceShape& shape, uint64_t seed);

  // items: [n, t] of int64, oldest first from the left; what stands right of a sequence's end does
  // not change what comes before. Returns [n, t, dim] after the last norm. `dropout` with
  // `generator`: of the input and of both updates of a block; nothing is dropped without one.
  torch::Tensor forward(const torch::Tensor& items, double dropout,
                        std::optional<at::Generator> generator);

  // [items, dim], as learned.
  const torch::Tensor& item_table() const { return items_; }

  SequenceEncoder Export() const;

 private:
  struct Block {
    torch::nn::LayerNorm attention_norm = nullptr;
    torch::nn::Linear query_key_value = nullptr;
    torch::nn::Linear attention_out = nullptr;
    torch::nn::Linear attention_gate = nullptr;
    torch::nn::LayerNorm feed_norm = nullptr;
    torch::nn::Linear feed_up = nullptr;
    torch::nn::Linear feed_side = nullptr;
    torch::nn::Linear feed_down = nullptr;
    torch::nn::Linear feed_gate = nullptr;
  };
  torch::Tensor Attend(Block& block, const torch::Tensor& x) const;

  int64_t heads_;
  torch::Tensor items_;
  torch::Tensor positions_;
  std::vector<Block> blocks_;
  torch::nn::LayerNorm last_norm_ = nullptr;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_MODELS_SEQUENCE_MODULE_H_
