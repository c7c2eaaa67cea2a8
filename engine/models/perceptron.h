// A small dense network, free of torch: what a LibTorch training leaves behind for answers.
#ifndef BURGEON_ENGINE_MODELS_PERCEPTRON_H_
#define BURGEON_ENGINE_MODELS_PERCEPTRON_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/storage/tensor_file.h"

namespace burgeon {

// weight[l] is [out, in], bias[l] is [out]; ReLU between layers; the last layer has one output. One
// layer: a linear model.
struct Perceptron {
  std::vector<FloatMatrix> weight;
  std::vector<std::vector<float>> bias;
};

inline constexpr int64_t kMaxPerceptronLayers = 16;

// input: [in of the first layer]. Sums in double, in index order.
double PerceptronOutput(const Perceptron& network, std::span<const float> input);

// Tensors under prefix: "<prefix>.layer0.weight", "<prefix>.layer0.bias", ... ReadPerceptron trusts
// nothing: kDataLoss names the tensor of which a shape or a value is wrong.
void AddPerceptronTensors(const Perceptron& network, const std::string& prefix, TensorFile* file);
absl::StatusOr<Perceptron> ReadPerceptronTensors(const TensorFile& file, const std::string& prefix,
                                                 int64_t layers, int64_t inputs);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_MODELS_PERCEPTRON_H_
