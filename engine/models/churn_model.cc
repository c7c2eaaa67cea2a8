#include "engine/models/churn_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

namespace burgeon {
namespace {

constexpr int64_t kMaxNetworks = 256;
constexpr int64_t kMaxLayers = 16;
constexpr int64_t kRowsPerBlock = 256;

double Squeeze(double x) { return std::copysign(std::log1p(std::abs(x)), x); }

double Logit(const ChurnNetwork& network, std::span<const float> input) {
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

std::string LayerName(const std::string& prefix, size_t network, size_t layer) {
  return Concat(prefix, "network", network, ".layer", layer);
}

absl::Status CheckFinite(const std::string& name, std::span<const float> values) {
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) return DataLoss(name, "[", i, "]: is not a finite number");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<float>> ReadVector(const TensorFile& file, const std::string& name,
                                              size_t wanted) {
  BURGEON_ASSIGN_OR_RETURN(std::vector<float> values, file.GetFloats(name));
  if (values.size() != wanted) {
    return DataLoss(name, ": ", values.size(), " values; wanted ", wanted);
  }
  BURGEON_RETURN_IF_ERROR(CheckFinite(name, values));
  return values;
}

absl::StatusOr<ChurnNetwork> ReadNetwork(const TensorFile& file, const std::string& prefix,
                                         size_t index, int64_t layers, int64_t features) {
  ChurnNetwork network;
  int64_t width = features;
  for (int64_t l = 0; l < layers; ++l) {
    const std::string name = LayerName(prefix, index, static_cast<size_t>(l));
    BURGEON_ASSIGN_OR_RETURN(FloatMatrix weight, file.GetMatrix(name + ".weight"));
    const bool wrong_out = l + 1 == layers ? weight.rows() != 1 : weight.rows() < 1;
    if (weight.cols() != width || wrong_out) {
      return DataLoss(name, ".weight: ", weight.rows(), " x ", weight.cols(), "; wanted ",
                      l + 1 == layers ? "1" : "any", " x ", width);
    }
    BURGEON_RETURN_IF_ERROR(CheckFinite(name + ".weight", weight.values()));
    width = weight.rows();
    BURGEON_ASSIGN_OR_RETURN(
        std::vector<float> bias,
        ReadVector(file, name + ".bias", static_cast<size_t>(weight.rows())));
    network.weight.push_back(std::move(weight));
    network.bias.push_back(std::move(bias));
  }
  return network;
}

absl::StatusOr<std::array<int64_t, 3>> ReadShape(const TensorFile& file,
                                                 const std::string& prefix) {
  const std::string name = prefix + "shape";
  BURGEON_ASSIGN_OR_RETURN(const std::vector<int64_t> shape, file.GetInt64s(name));
  if (shape.size() != 3) return DataLoss(name, ": ", shape.size(), " values; wanted 3");
  if (shape[0] != 0 && shape[0] != 1) {
    return DataLoss(name, ": kind ", shape[0], "; wanted 0 (logistic) or 1 (neural)");
  }
  if (shape[1] < 1 || shape[1] > kMaxNetworks || shape[2] < 1 || shape[2] > kMaxLayers) {
    return DataLoss(name, ": ", shape[1], " networks of ", shape[2], " layers; wanted 1 to ",
                    kMaxNetworks, " of 1 to ", kMaxLayers);
  }
  return std::array<int64_t, 3>{shape[0], shape[1], shape[2]};
}

}  // namespace

std::string_view ChurnKindName(ChurnKind kind) {
  return kind == ChurnKind::kLogistic ? "logistic" : "neural";
}

void SqueezeChurnFeatures(std::span<const float> raw, std::span<float> out) {
  BURGEON_CHECK(raw.size() == out.size());
  for (size_t i = 0; i < raw.size(); ++i) {
    out[i] = static_cast<float>(Squeeze(raw[i]));
  }
}

void StandardiseChurnFeatures(const ChurnModel& model, std::span<const float> raw,
                              std::span<float> out) {
  BURGEON_CHECK(raw.size() == model.mean.size() && out.size() == raw.size());
  for (size_t i = 0; i < raw.size(); ++i) {
    const double z = (Squeeze(raw[i]) - model.mean[i]) / model.scale[i];
    out[i] = static_cast<float>(std::clamp(z, -kMaxStandardised, kMaxStandardised));
  }
}

absl::StatusOr<std::vector<double>> ChurnLogits(ThreadPool& pool, const ChurnModel& model,
                                                MatrixView<const float> features) {
  BURGEON_CHECK(!model.networks.empty());
  if (features.cols != static_cast<int64_t>(model.feature_names.size())) {
    return InvalidArgument("churn features: ", features.cols, " columns; the model has ",
                           model.feature_names.size());
  }
  std::vector<double> logits(static_cast<size_t>(features.rows));
  pool.ParallelFor(features.rows, kRowsPerBlock, [&](int64_t begin, int64_t end) {
    std::vector<float> input(static_cast<size_t>(features.cols));
    for (int64_t i = begin; i < end; ++i) {
      StandardiseChurnFeatures(model, features.row(i), input);
      double sum = 0;
      for (const ChurnNetwork& network : model.networks) sum += Logit(network, input);
      logits[static_cast<size_t>(i)] = sum / static_cast<double>(model.networks.size());
    }
  });
  return logits;
}

absl::StatusOr<std::vector<float>> PredictChurn(ThreadPool& pool, const ChurnModel& model,
                                                MatrixView<const float> features) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<double> logits, ChurnLogits(pool, model, features));
  std::vector<float> risk(logits.size());
  for (size_t i = 0; i < logits.size(); ++i) {
    const double z = model.calibration_a * logits[i] + model.calibration_b;
    risk[i] = static_cast<float>(1 / (1 + std::exp(-z)));
  }
  return risk;
}

void AddChurnTensors(const ChurnModel& model, const std::string& prefix, TensorFile* file) {
  BURGEON_CHECK(!model.networks.empty());
  const std::array<int64_t, 3> shape = {model.kind == ChurnKind::kLogistic ? 0 : 1,
                                        static_cast<int64_t>(model.networks.size()),
                                        static_cast<int64_t>(model.networks[0].weight.size())};
  file->Add(prefix + "shape", std::span<const int64_t>(shape));
  file->AddStrings(prefix + "feature_names", model.feature_names);
  file->Add(prefix + "mean", std::span<const float>(model.mean));
  file->Add(prefix + "scale", std::span<const float>(model.scale));
  const std::array<float, 2> calibration = {model.calibration_a, model.calibration_b};
  file->Add(prefix + "calibration", std::span<const float>(calibration));
  for (size_t n = 0; n < model.networks.size(); ++n) {
    const ChurnNetwork& network = model.networks[n];
    BURGEON_CHECK(static_cast<int64_t>(network.weight.size()) == shape[2]);
    for (size_t l = 0; l < network.weight.size(); ++l) {
      file->Add(LayerName(prefix, n, l) + ".weight", network.weight[l].view());
      file->Add(LayerName(prefix, n, l) + ".bias", std::span<const float>(network.bias[l]));
    }
  }
}

absl::StatusOr<ChurnModel> ReadChurnTensors(const TensorFile& file, const std::string& prefix) {
  BURGEON_ASSIGN_OR_RETURN(const auto shape, ReadShape(file, prefix));
  ChurnModel model;
  model.kind = shape[0] == 0 ? ChurnKind::kLogistic : ChurnKind::kNeural;
  BURGEON_ASSIGN_OR_RETURN(model.feature_names, file.GetStrings(prefix + "feature_names"));
  const size_t features = model.feature_names.size();
  BURGEON_ASSIGN_OR_RETURN(model.mean, ReadVector(file, prefix + "mean", features));
  BURGEON_ASSIGN_OR_RETURN(model.scale, ReadVector(file, prefix + "scale", features));
  for (size_t i = 0; i < features; ++i) {
    if (!(model.scale[i] > 0)) {
      return DataLoss(prefix, "scale[", i, "]: ", model.scale[i], " is not above 0");
    }
  }
  BURGEON_ASSIGN_OR_RETURN(const std::vector<float> calibration,
                           ReadVector(file, prefix + "calibration", 2));
  model.calibration_a = calibration[0];
  model.calibration_b = calibration[1];
  for (int64_t n = 0; n < shape[1]; ++n) {
    BURGEON_ASSIGN_OR_RETURN(ChurnNetwork network,
                             ReadNetwork(file, prefix, static_cast<size_t>(n), shape[2],
                                         static_cast<int64_t>(features)));
    model.networks.push_back(std::move(network));
  }
  return model;
}

}  // namespace burgeon
