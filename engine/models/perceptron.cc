#include "engine/models/perceptron.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace burgeon {
namespace {

std::string LayerName(const std::string& prefix, size_t layer) {
  return Concat(prefix, ".layer", layer);
}

absl::Status CheckFinite(const std::string& name, std::span<const float> values) {
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) return DataLoss(name, "[", i, "]: is not a finite number");
  }
  return absl::OkStatus();
}

}  // namespace

double PerceptronOutput(const Perceptron& network, std::span<const float> input) {
  std::vector<double> in(input.begin(), input.end());
  std::vector<double> out;
  for (size_t l = 0; l < network.weight.size(); ++l) {
    const FloatMatrix& weight = network.weight[l];
    out.assign(static_cast<size_t>(weight.rows()), 0);
    for (int64_t o = 0; o < weight.rows(); ++o) {
      const auto row = weight.row(o);
      double sum = network.bias[l][static_cast<size_t>(o)];
      for (size_t i = 0; i < row.size(); ++i) sum += static_cast<double>(row[i]) * in[i];
      const bool last = l + 1 == network.weight.size();
      out[static_cast<size_t>(o)] = last ? sum : std::max(0.0, sum);
    }
    std::swap(in, out);
  }
  return in[0];
}

void AddPerceptronTensors(const Perceptron& network, const std::string& prefix, TensorFile* file) {
  for (size_t l = 0; l < network.weight.size(); ++l) {
    file->Add(LayerName(prefix, l) + ".weight", network.weight[l].view());
    file->Add(LayerName(prefix, l) + ".bias", std::span<const float>(network.bias[l]));
  }
}

absl::StatusOr<Perceptron> ReadPerceptronTensors(const TensorFile& file, const std::string& prefix,
                                                 int64_t layers, int64_t inputs) {
  Perceptron network;
  int64_t width = inputs;
  for (int64_t l = 0; l < layers; ++l) {
    const std::string name = LayerName(prefix, static_cast<size_t>(l));
    BURGEON_ASSIGN_OR_RETURN(FloatMatrix weight, file.GetMatrix(name + ".weight"));
    const bool wrong_out = l + 1 == layers ? weight.rows() != 1 : weight.rows() < 1;
    if (weight.cols() != width || wrong_out) {
      return DataLoss(name, ".weight: ", weight.rows(), " x ", weight.cols(), "; wanted ",
                      l + 1 == layers ? "1" : "any", " x ", width);
    }
    BURGEON_RETURN_IF_ERROR(CheckFinite(name + ".weight", weight.values()));
    width = weight.rows();
    BURGEON_ASSIGN_OR_RETURN(std::vector<float> bias, file.GetFloats(name + ".bias"));
    if (std::ssize(bias) != width) {
      return DataLoss(name, ".bias: ", bias.size(), " values; wanted ", width);
    }
    BURGEON_RETURN_IF_ERROR(CheckFinite(name + ".bias", bias));
    network.weight.push_back(std::move(weight));
    network.bias.push_back(std::move(bias));
  }
  return network;
}

}  // namespace burgeon
