// Inference of the churn models, free of torch: standardise -> networks -> mean of their logits ->
// calibration -> risk in (0, 1). Spans in, spans out; thread-safe.
//
//   BURGEON_ASSIGN_OR_RETURN(const ChurnModel model, ReadChurnTensors(file, "churn."));
//   BURGEON_ASSIGN_OR_RETURN(const std::vector<float> risk,
//                            PredictChurn(pool, model, features.values.view()));
#ifndef BURGEON_ENGINE_MODELS_CHURN_MODEL_H_
#define BURGEON_ENGINE_MODELS_CHURN_MODEL_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/base/thread_pool.h"
#include "engine/models/perceptron.h"
#include "engine/storage/tensor_file.h"

namespace burgeon {

enum class ChurnKind { kLogistic, kNeural };
std::string_view ChurnKindName(ChurnKind kind);  // "logistic", "neural"

struct ChurnNetwork : Perceptron {
  float share = 1;  // of the model's logit, relative to the other networks; > 0
};

struct ChurnModel {
  ChurnKind kind = ChurnKind::kLogistic;
  std::vector<std::string> feature_names;  // [features], the order of the input
  std::vector<float> mean;                 // [features] of sign(x) log1p(|x|), on train
  std::vector<float> scale;                // [features] standard deviation, > 0
  // logistic: one network of one layer. neural: perceptrons of different seeds and, with its own
  // share, the linear model: their logits are averaged by share.
  std::vector<ChurnNetwork> networks;
  // Calibration (Platt 1999): risk = sigmoid(a * logit + b), fitted on validation; 1, 0: none.
  float calibration_a = 1;
  float calibration_b = 0;
};

// sign(x) log1p(|x|) of each feature of a row: money, counts and days have long tails.
void SqueezeChurnFeatures(std::span<const float> raw, std::span<float> out);
// (squeezed - mean) / scale, cut to +-kMaxStandardised, of each feature of a row: this the networks
// see. The cut keeps a feature that hardly varied in training from ruling the answer.
inline constexpr double kMaxStandardised = 5;
void StandardiseChurnFeatures(const ChurnModel& model, std::span<const float> raw,
                              std::span<float> out);

// The mean of the networks' logits by share, before calibration. features: [n, features] raw. Sums
// in double, in index order: the same bits for any number of threads. kInvalidArgument when the
// number of features does not match.
absl::StatusOr<std::vector<double>> ChurnLogits(ThreadPool& pool, const ChurnModel& model,
                                                MatrixView<const float> features);
// Calibrated risk.
absl::StatusOr<std::vector<float>> PredictChurn(ThreadPool& pool, const ChurnModel& model,
                                                MatrixView<const float> features);

// Tensors under prefix ("churn."). ReadChurnTensors trusts nothing: kDataLoss names the tensor of
// which a shape or a value is wrong.
void AddChurnTensors(const ChurnModel& model, const std::string& prefix, TensorFile* file);
absl::StatusOr<ChurnModel> ReadChurnTensors(const TensorFile& file, const std::string& prefix);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_MODELS_CHURN_MODEL_H_
