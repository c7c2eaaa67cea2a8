#include "engine/models/churn_model.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

namespace burgeon {
namespace {

constexpr int64_t kMaxNetworks = 256;
constexpr int64_t kRowsPerBlock = 256;

double Squeeze(double x) { return std::copysign(std::log1p(std::abs(x)), x); }

std::string NetworkName(const std::string& prefix, size_t network) {
  return Concat(prefix, "network", network);
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

absl::StatusOr<ChurnKind> ReadKind(const TensorFile& file, const std::string& prefix) {
  const std::string name = prefix + "kind";
  BURGEON_ASSIGN_OR_RETURN(const std::vector<int64_t> kind, file.GetInt64s(name));
  if (kind.size() != 1 || (kind[0] != 0 && kind[0] != 1)) {
    return DataLoss(name, ": wanted one number, 0 (logistic) or 1 (neural)");
  }
  return kind[0] == 0 ? ChurnKind::kLogistic : ChurnKind::kNeural;
}

// The number of layers of each network.
absl::StatusOr<std::vector<int64_t>> ReadLayers(const TensorFile& file, const std::string& prefix) {
  const std::string name = prefix + "layers";
  BURGEON_ASSIGN_OR_RETURN(std::vector<int64_t> layers, file.GetInt64s(name));
  if (layers.empty() || static_cast<int64_t>(layers.size()) > kMaxNetworks) {
    return DataLoss(name, ": ", layers.size(), " networks; wanted 1 to ", kMaxNetworks);
  }
  for (const int64_t count : layers) {
    if (count < 1 || count > kMaxPerceptronLayers) {
      return DataLoss(name, ": a network of ", count, " layers; wanted 1 to ",
                      kMaxPerceptronLayers);
    }
  }
  return layers;
}

absl::Status CheckPositive(const std::string& name, std::span<const float> values) {
  for (size_t i = 0; i < values.size(); ++i) {
    if (!(values[i] > 0)) return DataLoss(name, "[", i, "]: ", values[i], " is not above 0");
  }
  return absl::OkStatus();
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
      double shares = 0;
      for (const ChurnNetwork& network : model.networks) {
        sum += network.share * PerceptronOutput(network, input);
        shares += network.share;
      }
      logits[static_cast<size_t>(i)] = sum / shares;
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
  const std::array<int64_t, 1> kind = {model.kind == ChurnKind::kLogistic ? 0 : 1};
  file->Add(prefix + "kind", std::span<const int64_t>(kind));
  file->AddStrings(prefix + "feature_names", model.feature_names);
  file->Add(prefix + "mean", std::span<const float>(model.mean));
  file->Add(prefix + "scale", std::span<const float>(model.scale));
  const std::array<float, 2> calibration = {model.calibration_a, model.calibration_b};
  file->Add(prefix + "calibration", std::span<const float>(calibration));
  std::vector<int64_t> layers;
  std::vector<float> share;
  for (size_t n = 0; n < model.networks.size(); ++n) {
    const ChurnNetwork& network = model.networks[n];
    layers.push_back(static_cast<int64_t>(network.weight.size()));
    share.push_back(network.share);
    AddPerceptronTensors(network, NetworkName(prefix, n), file);
  }
  file->Add(prefix + "layers", std::span<const int64_t>(layers));
  file->Add(prefix + "share", std::span<const float>(share));
}

absl::StatusOr<ChurnModel> ReadChurnTensors(const TensorFile& file, const std::string& prefix) {
  ChurnModel model;
  BURGEON_ASSIGN_OR_RETURN(model.kind, ReadKind(file, prefix));
  BURGEON_ASSIGN_OR_RETURN(model.feature_names, file.GetStrings(prefix + "feature_names"));
  const size_t features = model.feature_names.size();
  BURGEON_ASSIGN_OR_RETURN(model.mean, ReadVector(file, prefix + "mean", features));
  BURGEON_ASSIGN_OR_RETURN(model.scale, ReadVector(file, prefix + "scale", features));
  BURGEON_RETURN_IF_ERROR(CheckPositive(prefix + "scale", model.scale));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<float> calibration,
                           ReadVector(file, prefix + "calibration", 2));
  model.calibration_a = calibration[0];
  model.calibration_b = calibration[1];
  BURGEON_ASSIGN_OR_RETURN(const std::vector<int64_t> layers, ReadLayers(file, prefix));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<float> share,
                           ReadVector(file, prefix + "share", layers.size()));
  BURGEON_RETURN_IF_ERROR(CheckPositive(prefix + "share", share));
  for (size_t n = 0; n < layers.size(); ++n) {
    BURGEON_ASSIGN_OR_RETURN(Perceptron network,
                             ReadPerceptronTensors(file, NetworkName(prefix, n), layers[n],
                                                   static_cast<int64_t>(features)));
    model.networks.push_back({std::move(network), share[n]});
  }
  return model;
}

}  // namespace burgeon
