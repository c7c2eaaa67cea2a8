#include "engine/models/two_tower_encoder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>

#include "engine/ops/sparse.h"

namespace burgeon {
namespace {

constexpr double kNormEpsilon = 1e-5;
constexpr int64_t kRowBlock = 64;

// out += factor * row. Elementwise, so that any vector width gives the same bits.
__attribute__((target_clones("avx512f", "avx2", "default"))) void Accumulate(float factor,
                                                                             const float* row,
                                                                             int64_t count,
                                                                             float* out) {
  for (int64_t k = 0; k < count; ++k) out[k] += factor * row[k];
}

// out = bias + x weight.
void Apply(const FloatMatrix& weight, const std::vector<float>& bias, std::span<const float> x,
           std::vector<float>* out) {
  *out = bias;
  for (size_t k = 0; k < x.size(); ++k) {
    Accumulate(x[k], weight.row(static_cast<int64_t>(k)).data(), weight.cols(), out->data());
  }
}

void Norm(const TowerBlock& block, std::span<const float> x, std::vector<float>* out) {
  const auto count = static_cast<double>(x.size());
  double sum = 0;
  for (const float value : x) sum += static_cast<double>(value);
  const double mean = sum / count;
  double square = 0;
  for (const float value : x) {
    const double away = static_cast<double>(value) - mean;
    square += away * away;
  }
  const double scale = 1 / std::sqrt(square / count + kNormEpsilon);
  out->resize(x.size());
  for (size_t k = 0; k < x.size(); ++k) {
    const auto normed = static_cast<float>((static_cast<double>(x[k]) - mean) * scale);
    (*out)[k] = normed * block.norm_gain[k] + block.norm_bias[k];
  }
}

// To this length; zeros stay zeros.
void Resize(double length, std::span<float> x) {
  double square = 0;
  for (const float value : x) square += static_cast<double>(value) * static_cast<double>(value);
  const double scale = square > 0 ? length / std::sqrt(square) : 0;
  for (float& value : x) value = static_cast<float>(static_cast<double>(value) * scale);
}

bool IsZero(std::span<const float> x) {
  return std::ranges::all_of(x, [](float value) { return value == 0; });
}

// The rows of x through a tower, to this length.
void RunTower(ThreadPool& pool, const std::vector<TowerBlock>& blocks, double length,
              FloatMatrix* x) {
  pool.ParallelFor(x->rows(), kRowBlock, [&](int64_t begin, int64_t end) {
    std::vector<float> normed;
    std::vector<float> inner;
    std::vector<float> update;
    for (int64_t i = begin; i < end; ++i) {
      const auto row = x->row(i);
      if (IsZero(row)) continue;
      if (!blocks.empty()) Resize(std::sqrt(static_cast<double>(x->cols())), row);
      for (const TowerBlock& block : blocks) {
        Norm(block, row, &normed);
        Apply(block.up, block.up_bias, normed, &inner);
        for (float& value : inner) value = value / (1 + std::exp(-value));
        Apply(block.down, block.down_bias, inner, &update);
        for (size_t k = 0; k < row.size(); ++k) row[k] += update[k];
      }
      Resize(length, row);
    }
  });
}

// The tensors of a block by name, for writing (const) and reading.
template <class Block, class Visit>
void VisitBlock(Block& block, const std::string& name, const Visit& visit) {
  visit(name + "norm_gain", block.norm_gain);
  visit(name + "norm_bias", block.norm_bias);
  visit(name + "up", block.up);
  visit(name + "up_bias", block.up_bias);
  visit(name + "down", block.down);
  visit(name + "down_bias", block.down_bias);
}

constexpr const char* kPrefix = "recommender.two_tower.";

template <class Encoder, class Visit>
void VisitAll(Encoder& encoder, const Visit& visit) {
  visit(Concat(kPrefix, "history_items"), encoder.history_items);
  visit(Concat(kPrefix, "history_features"), encoder.history_features);
  visit(Concat(kPrefix, "item_features"), encoder.item_features);
  for (size_t b = 0; b < encoder.customer_blocks.size(); ++b) {
    VisitBlock(encoder.customer_blocks[b], Concat(kPrefix, "customer", b, "."), visit);
  }
  for (size_t b = 0; b < encoder.item_blocks.size(); ++b) {
    VisitBlock(encoder.item_blocks[b], Concat(kPrefix, "item", b, "."), visit);
  }
}

bool Fits(const TowerBlock& block, int64_t d) {
  const int64_t hidden = block.up.cols();
  return std::ssize(block.norm_gain) == d && std::ssize(block.norm_bias) == d &&
         block.up.rows() == d && std::ssize(block.up_bias) == hidden &&
         block.down.rows() == hidden && block.down.cols() == d && std::ssize(block.down_bias) == d;
}

}  // namespace

FloatMatrix EncodeCustomers(ExecutionContext& context, const TwoTowerEncoder& encoder,
                            const CsrView& weights) {
  FloatMatrix out(weights.rows(), encoder.dim());
  SparseTimesDense(context, weights, encoder.history_items.view(), out.view());
  RunTower(context.pool(), encoder.customer_blocks, 1, &out);
  return out;
}

FloatMatrix EncodeItems(ThreadPool& pool, const TwoTowerEncoder& encoder,
                        MatrixView<const float> inputs) {
  FloatMatrix out(inputs.rows, inputs.cols);
  for (int64_t i = 0; i < inputs.rows; ++i) std::ranges::copy(inputs.row(i), out.row(i).begin());
  RunTower(pool, encoder.item_blocks, 1 / encoder.temperature, &out);
  return out;
}

void AddTwoTowerTensors(const TwoTowerEncoder& encoder, TensorFile* file) {
  const std::array blocks = {std::ssize(encoder.customer_blocks), std::ssize(encoder.item_blocks)};
  file->Add(Concat(kPrefix, "blocks"), std::span<const int64_t>(blocks));
  file->Add(Concat(kPrefix, "temperature"), std::span<const double>(&encoder.temperature, 1));
  VisitAll(encoder, [file](const std::string& name, const auto& tensor) {
    if constexpr (requires { tensor.view(); }) {
      file->Add(name, tensor.view());
    } else {
      file->Add(name, std::span<const float>(tensor));
    }
  });
}

absl::StatusOr<TwoTowerEncoder> ReadTwoTowerTensors(const TensorFile& file) {
  TwoTowerEncoder encoder;
  BURGEON_ASSIGN_OR_RETURN(const std::vector<int64_t> blocks,
                           file.GetInt64s(Concat(kPrefix, "blocks")));
  const auto possible = [](int64_t count) { return count >= 0 && count <= kMaxTowerBlocks; };
  if (blocks.size() != 2 || !std::ranges::all_of(blocks, possible)) {
    return DataLoss(kPrefix, "blocks does not hold two numbers from 0 to ", kMaxTowerBlocks);
  }
  encoder.customer_blocks.resize(static_cast<size_t>(blocks[0]));
  encoder.item_blocks.resize(static_cast<size_t>(blocks[1]));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<double> temperature,
                           file.GetDoubles(Concat(kPrefix, "temperature")));
  if (temperature.size() != 1 || !std::isfinite(temperature[0]) || !(temperature[0] > 0)) {
    return DataLoss(kPrefix, "temperature is not one positive number");
  }
  encoder.temperature = temperature[0];
  absl::Status status;
  VisitAll(encoder, [&](const std::string& name, auto& tensor) {
    if (!status.ok()) return;
    const auto keep = [&](auto got) {
      status = got.status();
      if (got.ok()) tensor = *std::move(got);
    };
    std::span<const float> values;
    if constexpr (requires { tensor.values(); }) {
      keep(file.GetMatrix(name));
      values = tensor.values();
    } else {
      keep(file.GetFloats(name));
      values = tensor;
    }
    if (status.ok() && !std::ranges::all_of(values, [](float x) { return std::isfinite(x); })) {
      status = DataLoss(name, " is not finite");
    }
  });
  BURGEON_RETURN_IF_ERROR(status);
  const int64_t d = encoder.dim();
  const auto fits = [d](const TowerBlock& block) { return Fits(block, d); };
  const auto features = [&](const FloatMatrix& table) {
    return table.rows() == encoder.features() && table.cols() == d;
  };
  if (!std::ranges::all_of(encoder.customer_blocks, fits) ||
      !std::ranges::all_of(encoder.item_blocks, fits) || !features(encoder.history_features) ||
      !features(encoder.item_features)) {
    return DataLoss(kPrefix, "*: tensors do not fit the ", d, " dimensions of history_items");
  }
  return encoder;
}

}  // namespace burgeon
