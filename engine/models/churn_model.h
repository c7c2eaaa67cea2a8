// Inference of the churn models, free of torch: standardise -> linear or two-layer perceptron ->
// calibration -> risk in (0, 1). Spans in, spans out; thread-safe.
#ifndef BURGEON_ENGINE_MODELS_CHURN_MODEL_H_
#define BURGEON_ENGINE_MODELS_CHURN_MODEL_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/base/thread_pool.h"
#include "engine/storage/tensor_file.h"

namespace burgeon {

enum class ChurnKind { kLogistic, kNeural };

struct ChurnModel {
  ChurnKind kind = ChurnKind::kLogistic;
  std::vector<std::string> feature_names;  // [features], the order of the input
  std::vector<float> mean;                 // [features] of sign(x) log1p(|x|), on train
  std::vector<float> scale;                // [features] standard deviation, > 0
  // logistic: weight[0] is [1, features]. neural: weight[l] is [out, in], ReLU between layers.
  std::vector<FloatMatrix> weight;
  std::vector<std::vector<float>> bias;
  // Calibration (Platt 1999): risk = sigmoid(a * logit + b), fitted on validation; 1, 0: none.
  float calibration_a = 1;
  float calibration_b = 0;
};

// features: [n, features] raw. Sums in double in index order: the same bits everywhere.
// kInvalidArgument when the number of features does not match.
absl::StatusOr<std::vector<float>> PredictChurn(ThreadPool& pool, const ChurnModel& model,
                                                MatrixView<const float> features);

void AddChurnTensors(const ChurnModel& model, const std::string& prefix, TensorFile* file);
absl::StatusOr<ChurnModel> ReadChurnTensors(const TensorFile& file, const std::string& prefix);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_MODELS_CHURN_MODEL_H_
