#include "engine/models/sequence_module.h"

#include <cmath>

#include <torch/nn/functional/activation.h>

#include "engine/base/philox.h"
#include "engine/models/linear_module.h"

namespace burgeon {
namespace {

constexpr uint64_t kTableStream = 0x7365717461626c65;  // "seqtable"
constexpr uint64_t kLayerStream = 0x7365716c61796572;  // "seqlayer"
constexpr double kTableDeviation = 0.02;

torch::Tensor NormalTable(int64_t rows, int64_t cols, const Philox& random, uint64_t at) {
  torch::Tensor table = torch::empty({rows, cols}, torch::kFloat32);
  auto* values = table.data_ptr<float>();
  for (int64_t i = 0; i < table.numel(); ++i) {
    values[i] = static_cast<float>(kTableDeviation * random.Normal(at + static_cast<uint64_t>(i)));
  }
  return table;
}

torch::Tensor Drop(const torch::Tensor& x, double rate, std::optional<at::Generator> generator) {
  if (!generator || rate == 0) return x;
  const torch::Tensor kept = torch::empty_like(x).bernoulli_(1 - rate, generator);
  return x * kept.div_(1 - rate);
}

SequenceLayer ToLayer(const torch::nn::Linear& layer) {
  return {.weight = ToMatrix(layer->weight.t()), .bias = ToVector(layer->bias)};
}

SequenceNorm ToNorm(const torch::nn::LayerNorm& norm) {
  return {.gain = ToVector(norm->weight), .bias = ToVector(norm->bias)};
}

}  // namespace

SequenceModule::SequenceModule(const SequenceShape& shape, uint64_t seed) : heads_(shape.heads) {
  const int64_t d = shape.dim;
  const Philox tables(seed, kTableStream);
  items_ = register_parameter("items", NormalTable(shape.items, d, tables, 0));
  positions_ = register_parameter(
      "positions", NormalTable(shape.length, d, tables, static_cast<uint64_t>(shape.items * d)));
  const Philox random(seed, kLayerStream);
  uint64_t at = 0;
  const auto norm = [&](const std::string& name) {
    return register_module(name, torch::nn::LayerNorm(torch::nn::LayerNormOptions({d})));
  };
  const auto layer = [&](const std::string& name, int64_t inputs, int64_t outputs) {
    torch::nn::Linear made = register_module(name, torch::nn::Linear(inputs, outputs));
    FillLinear(made, random, &at);
    return made;
  };
  for (int64_t b = 0; b < shape.blocks; ++b) {
    const std::string name = Concat("block", b, "_");
    Block block;
    block.attention_norm = norm(name + "attention_norm");
    block.query_key_value = layer(name + "query_key_value", d, 3 * d);
    block.attention_out = layer(name + "attention_out", d, d);
    block.attention_gate = layer(name + "attention_gate", d, d);
    block.feed_norm = norm(name + "feed_norm");
    block.feed_up = layer(name + "feed_up", d, shape.feed_factor * d);
    block.feed_side = layer(name + "feed_side", d, shape.feed_factor * d);
    block.feed_down = layer(name + "feed_down", shape.feed_factor * d, d);
    block.feed_gate = layer(name + "feed_gate", d, d);
    blocks_.push_back(block);
  }
  last_norm_ = norm("last_norm");
}

torch::Tensor SequenceModule::Attend(Block& block, const torch::Tensor& x) const {
  const int64_t n = x.size(0);
  const int64_t t = x.size(1);
  const int64_t d = x.size(2);
  const int64_t width = d / heads_;
  const torch::Tensor qkv = block.query_key_value->forward(x)
                                .view({n, t, 3, heads_, width})
                                .permute({2, 0, 3, 1, 4});  // [3, n, heads, t, width]
  const torch::Tensor future =
      torch::ones({t, t}, torch::TensorOptions().dtype(torch::kBool).device(x.device())).triu(1);
  const torch::Tensor scores =
      torch::matmul(qkv[0], qkv[1].transpose(2, 3)) / std::sqrt(static_cast<double>(width));
  const torch::Tensor weights =
      torch::softmax(scores.masked_fill(future, -std::numeric_limits<double>::infinity()), -1);
  return torch::matmul(weights, qkv[2]).transpose(1, 2).reshape({n, t, d});
}

torch::Tensor SequenceModule::forward(const torch::Tensor& items, double dropout,
                                      std::optional<at::Generator> generator) {
  const auto d = static_cast<double>(items_.size(1));
  torch::Tensor x = torch::embedding(items_, items) * std::sqrt(d) +
                    positions_.narrow(0, 0, items.size(1)).unsqueeze(0);
  x = Drop(x, dropout, generator);
  for (Block& block : blocks_) {
    const torch::Tensor seen =
        block.attention_out->forward(Attend(block, block.attention_norm->forward(x)));
    x = x + torch::sigmoid(block.attention_gate->forward(x)) * Drop(seen, dropout, generator);
    const torch::Tensor normed = block.feed_norm->forward(x);
    const torch::Tensor inner =
        torch::silu(block.feed_up->forward(normed)) * block.feed_side->forward(normed);
    const torch::Tensor fed = block.feed_down->forward(Drop(inner, dropout, generator));
    x = x + torch::sigmoid(block.feed_gate->forward(x)) * Drop(fed, dropout, generator);
  }
  return last_norm_->forward(x);
}

SequenceEncoder SequenceModule::Export() const {
  SequenceEncoder out;
  out.heads = static_cast<int>(heads_);
  out.items = ToMatrix(items_);
  out.positions = ToMatrix(positions_);
  for (const Block& block : blocks_) {
    out.blocks.push_back({.attention_norm = ToNorm(block.attention_norm),
                          .query_key_value = ToLayer(block.query_key_value),
                          .attention_out = ToLayer(block.attention_out),
                          .attention_gate = ToLayer(block.attention_gate),
                          .feed_norm = ToNorm(block.feed_norm),
                          .feed_up = ToLayer(block.feed_up),
                          .feed_side = ToLayer(block.feed_side),
                          .feed_down = ToLayer(block.feed_down),
                          .feed_gate = ToLayer(block.feed_gate)});
  }
  out.last_norm = ToNorm(last_norm_);
  return out;
}

}  // namespace burgeon
