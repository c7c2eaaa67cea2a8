#include "engine/models/sequence_encoder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>

namespace burgeon {
namespace {

constexpr double kNormEpsilon = 1e-5;
constexpr int64_t kRowBlock = 64;
constexpr int64_t kMaxBlocks = 64;

// out += factor * row. Elementwise, so that any vector width gives the same bits.
__attribute__((target_clones("avx512f", "avx2", "default"))) void Accumulate(float factor,
                                                                             const float* row,
                                                                             int64_t count,
                                                                             float* out) {
  for (int64_t k = 0; k < count; ++k) out[k] += factor * row[k];
}

// [rows, outputs] = x [rows, inputs] times weight, plus bias; x's rows are `stride` apart.
FloatMatrix Apply(const SequenceLayer& layer, MatrixView<const float> x) {
  FloatMatrix out(x.rows, layer.weight.cols());
  for (int64_t t = 0; t < x.rows; ++t) {
    const auto row = out.row(t);
    std::ranges::copy(layer.bias, row.begin());
    const auto input = x.row(t);
    for (size_t k = 0; k < input.size(); ++k) {
      Accumulate(input[k], layer.weight.row(static_cast<int64_t>(k)).data(), out.cols(),
                 row.data());
    }
  }
  return out;
}

FloatMatrix Apply(const SequenceNorm& norm, MatrixView<const float> x) {
  FloatMatrix out(x.rows, x.cols);
  for (int64_t t = 0; t < x.rows; ++t) {
    const auto from = x.row(t);
    double sum = 0;
    for (const float value : from) sum += static_cast<double>(value);
    const double mean = sum / static_cast<double>(x.cols);
    double square = 0;
    for (const float value : from) {
      const double away = static_cast<double>(value) - mean;
      square += away * away;
    }
    const double scale = 1 / std::sqrt(square / static_cast<double>(x.cols) + kNormEpsilon);
    const auto to = out.row(t);
    for (size_t k = 0; k < from.size(); ++k) {
      const auto normed = static_cast<float>((static_cast<double>(from[k]) - mean) * scale);
      to[k] = normed * norm.gain[k] + norm.bias[k];
    }
  }
  return out;
}

float Sigmoid(float x) { return 1 / (1 + std::exp(-x)); }

double Dot(const float* a, const float* b, int64_t count) {
  double sum = 0;
  for (int64_t k = 0; k < count; ++k) sum += static_cast<double>(a[k]) * static_cast<double>(b[k]);
  return sum;
}

// Attention of the positions from `first` on, each over itself and what came before; qkv:
// [positions, 3 d]. Returns [positions - first, d].
FloatMatrix Attend(const FloatMatrix& qkv, int64_t first, int heads) {
  const int64_t d = qkv.cols() / 3;
  const int64_t width = d / heads;
  const double scale = 1 / std::sqrt(static_cast<double>(width));
  FloatMatrix out(qkv.rows() - first, d);
  std::vector<double> weight(static_cast<size_t>(qkv.rows()));
  for (int64_t t = first; t < qkv.rows(); ++t) {
    for (int64_t h = 0; h < heads; ++h) {
      const float* query = qkv.row(t).data() + h * width;
      double largest = -INFINITY;
      for (int64_t s = 0; s <= t; ++s) {
        double& w = weight[static_cast<size_t>(s)];
        w = scale * Dot(query, qkv.row(s).data() + d + h * width, width);
        largest = std::max(largest, w);
      }
      double sum = 0;
      for (int64_t s = 0; s <= t; ++s) {
        double& w = weight[static_cast<size_t>(s)];
        w = std::exp(w - largest);
        sum += w;
      }
      float* to = out.row(t - first).data() + h * width;
      for (int64_t s = 0; s <= t; ++s) {
        Accumulate(static_cast<float>(weight[static_cast<size_t>(s)] / sum),
                   qkv.row(s).data() + 2 * d + h * width, width, to);
      }
    }
  }
  return out;
}

// x + sigmoid(gate x) * update.
void AddGated(const SequenceLayer& gate, const FloatMatrix& update, FloatMatrix* x) {
  const FloatMatrix opened = Apply(gate, x->view());
  for (size_t k = 0; k < x->values().size(); ++k) {
    x->values()[k] += Sigmoid(opened.values()[k]) * update.values()[k];
  }
}

// The positions from `first` on: of the last block only the newest is asked for.
FloatMatrix RunBlock(const SequenceBlock& block, int heads, const FloatMatrix& x, int64_t first) {
  const FloatMatrix qkv =
      Apply(block.query_key_value, Apply(block.attention_norm, x.view()).view());
  const FloatMatrix update = Apply(block.attention_out, Attend(qkv, first, heads).view());
  const MatrixView<const float> kept = x.view().Rows(first, x.rows());
  FloatMatrix out(kept.rows, kept.cols);
  for (int64_t t = 0; t < kept.rows; ++t) std::ranges::copy(kept.row(t), out.row(t).begin());
  AddGated(block.attention_gate, update, &out);
  const FloatMatrix normed = Apply(block.feed_norm, out.view());
  FloatMatrix inner = Apply(block.feed_up, normed.view());
  const FloatMatrix side = Apply(block.feed_side, normed.view());
  for (size_t k = 0; k < inner.values().size(); ++k) {
    float& value = inner.values()[k];
    value = value * Sigmoid(value) * side.values()[k];
  }
  AddGated(block.feed_gate, Apply(block.feed_down, inner.view()), &out);
  return out;
}

void Encode(const SequenceEncoder& encoder, std::span<const uint32_t> items, std::span<float> out) {
  const auto length = static_cast<size_t>(encoder.length());
  if (items.size() > length) items = items.last(length);
  FloatMatrix x(std::ssize(items), encoder.dim());
  const auto root = static_cast<float>(std::sqrt(static_cast<double>(encoder.dim())));
  for (int64_t t = 0; t < x.rows(); ++t) {
    const auto item = encoder.items.row(static_cast<int64_t>(items[static_cast<size_t>(t)]));
    const auto position = encoder.positions.row(t);
    for (size_t k = 0; k < item.size(); ++k) x.row(t)[k] = item[k] * root + position[k];
  }
  for (size_t b = 0; b < encoder.blocks.size(); ++b) {
    const int64_t first = b + 1 == encoder.blocks.size() ? x.rows() - 1 : 0;
    x = RunBlock(encoder.blocks[b], encoder.heads, x, first);
  }
  const FloatMatrix last = Apply(encoder.last_norm, x.view().Rows(x.rows() - 1, x.rows()));
  const double size = std::sqrt(Dot(last.data(), last.data(), last.cols()));
  for (size_t k = 0; k < out.size(); ++k) {
    out[k] = size > 0 ? static_cast<float>(static_cast<double>(last.data()[k]) / size) : 0;
  }
}

// The tensors of an encoder by name, for writing (const) and reading.
template <class Block, class Visit>
void VisitBlock(Block& block, const std::string& name, const Visit& visit) {
  const auto layer = [&](const char* part, auto& one) {
    visit(Concat(name, part, ".weight"), one.weight);
    visit(Concat(name, part, ".bias"), one.bias);
  };
  const auto norm = [&](const char* part, auto& one) {
    visit(Concat(name, part, ".gain"), one.gain);
    visit(Concat(name, part, ".bias"), one.bias);
  };
  norm("attention_norm", block.attention_norm);
  layer("query_key_value", block.query_key_value);
  layer("attention_out", block.attention_out);
  layer("attention_gate", block.attention_gate);
  norm("feed_norm", block.feed_norm);
  layer("feed_up", block.feed_up);
  layer("feed_side", block.feed_side);
  layer("feed_down", block.feed_down);
  layer("feed_gate", block.feed_gate);
}

constexpr const char* kPrefix = "recommender.sequence.";

std::string BlockName(size_t b) { return Concat(kPrefix, "block", b, "."); }

bool Fits(const SequenceLayer& layer, int64_t inputs, int64_t outputs) {
  return layer.weight.rows() == inputs && layer.weight.cols() == outputs &&
         std::ssize(layer.bias) == outputs;
}

bool Fits(const SequenceNorm& norm, int64_t d) {
  return std::ssize(norm.gain) == d && std::ssize(norm.bias) == d;
}

bool Fits(const SequenceBlock& block, int64_t d) {
  const int64_t inner = block.feed_up.weight.cols();
  return Fits(block.attention_norm, d) && Fits(block.feed_norm, d) &&
         Fits(block.query_key_value, d, 3 * d) && Fits(block.attention_out, d, d) &&
         Fits(block.attention_gate, d, d) && Fits(block.feed_up, d, inner) &&
         Fits(block.feed_side, d, inner) && Fits(block.feed_down, inner, d) &&
         Fits(block.feed_gate, d, d);
}

}  // namespace

absl::StatusOr<FloatMatrix> EncodeSequences(ThreadPool& pool, const SequenceEncoder& encoder,
                                            const SequenceView& sequences) {
  for (const uint32_t item : sequences.items) {
    if (item >= encoder.items.rows()) {
      return InvalidArgument("sequence: item row ", item, " is not below the ",
                             encoder.items.rows(), " items of the model");
    }
  }
  FloatMatrix out(sequences.rows(), encoder.dim());
  pool.ParallelFor(sequences.rows(), kRowBlock, [&](int64_t begin, int64_t end) {
    for (int64_t u = begin; u < end; ++u) {
      const auto items = sequences.row(u);
      if (!items.empty()) Encode(encoder, items, out.row(u));
    }
  });
  return out;
}

void AddSequenceTensors(const SequenceEncoder& encoder, TensorFile* file) {
  const auto add = [file](const std::string& name, const auto& tensor) {
    if constexpr (requires { tensor.view(); }) {
      file->Add(name, tensor.view());
    } else {
      file->Add(name, std::span<const float>(tensor));
    }
  };
  const std::array sizes = {int64_t{encoder.heads}, std::ssize(encoder.blocks)};
  file->Add(Concat(kPrefix, "heads_blocks"), std::span<const int64_t>(sizes));
  add(Concat(kPrefix, "items"), encoder.items);
  add(Concat(kPrefix, "positions"), encoder.positions);
  add(Concat(kPrefix, "last_norm.gain"), encoder.last_norm.gain);
  add(Concat(kPrefix, "last_norm.bias"), encoder.last_norm.bias);
  for (size_t b = 0; b < encoder.blocks.size(); ++b) {
    VisitBlock(encoder.blocks[b], BlockName(b), add);
  }
}

absl::StatusOr<SequenceEncoder> ReadSequenceTensors(const TensorFile& file) {
  absl::Status status;
  const auto read = [&](const std::string& name, auto& tensor) {
    const auto finite = [](const auto& values) {
      return std::ranges::all_of(values, [](float x) { return std::isfinite(x); });
    };
    if (!status.ok()) return;
    if constexpr (requires { tensor.values(); }) {
      auto got = file.GetMatrix(name);
      status = got.status();
      if (got.ok()) tensor = *std::move(got);
      if (status.ok() && !finite(tensor.values())) status = DataLoss(name, " is not finite");
    } else {
      auto got = file.GetFloats(name);
      status = got.status();
      if (got.ok()) tensor = *std::move(got);
      if (status.ok() && !finite(tensor)) status = DataLoss(name, " is not finite");
    }
  };
  SequenceEncoder encoder;
  BURGEON_ASSIGN_OR_RETURN(const std::vector<int64_t> sizes,
                           file.GetInt64s(Concat(kPrefix, "heads_blocks")));
  if (sizes.size() != 2 || sizes[1] < 1 || sizes[1] > kMaxBlocks) {
    return DataLoss(kPrefix, "heads_blocks does not hold the heads and from 1 to ", kMaxBlocks,
                    " blocks");
  }
  read(Concat(kPrefix, "items"), encoder.items);
  read(Concat(kPrefix, "positions"), encoder.positions);
  read(Concat(kPrefix, "last_norm.gain"), encoder.last_norm.gain);
  read(Concat(kPrefix, "last_norm.bias"), encoder.last_norm.bias);
  encoder.blocks.resize(static_cast<size_t>(sizes[1]));
  for (size_t b = 0; b < encoder.blocks.size(); ++b) {
    VisitBlock(encoder.blocks[b], BlockName(b), read);
  }
  BURGEON_RETURN_IF_ERROR(status);
  const int64_t d = encoder.dim();
  const bool heads_fit = sizes[0] >= 1 && sizes[0] <= d && d % sizes[0] == 0;
  encoder.heads = heads_fit ? static_cast<int>(sizes[0]) : 1;
  const auto fits = [d](const SequenceBlock& block) { return Fits(block, d); };
  if (!heads_fit || encoder.positions.cols() != d || encoder.length() < 1 ||
      !Fits(encoder.last_norm, d) || !std::ranges::all_of(encoder.blocks, fits)) {
    return DataLoss(kPrefix, "*: tensors do not fit the ", d, " dimensions of the items");
  }
  return encoder;
}

}  // namespace burgeon
