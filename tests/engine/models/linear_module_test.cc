#include "engine/models/linear_module.h"

#include <gtest/gtest.h>

#include <vector>

namespace burgeon {
namespace {

TEST(LinearModuleTest, ALinearIsFilledWithinItsBoundByTheDrawsInOrder) {
  const torch::nn::Linear layer(4, 3);
  const Philox random(5, 1);
  uint64_t at = 7;
  FillLinear(layer, random, &at);
  EXPECT_EQ(at, 7U + 3 * 4 + 3);
  const FloatMatrix weight = ToMatrix(layer->weight);
  const std::vector<float> bias = ToVector(layer->bias);
  for (uint64_t k = 0; k < 12; ++k) {
    EXPECT_EQ(weight.values()[k], static_cast<float>(0.5 * (2 * random.Uniform(7 + k) - 1)));
  }
  for (uint64_t k = 0; k < 3; ++k) {
    EXPECT_EQ(bias[k], static_cast<float>(0.5 * (2 * random.Uniform(19 + k) - 1)));
  }
}

TEST(LinearModuleTest, AViewIsCopiedAsItReads) {
  const torch::Tensor tensor = torch::arange(6, torch::kFloat64).reshape({2, 3}).t();
  const FloatMatrix matrix = ToMatrix(tensor);
  ASSERT_EQ(matrix.rows(), 3);
  EXPECT_EQ(matrix.values(), (std::vector<float>{0, 3, 1, 4, 2, 5}));
}

}  // namespace
}  // namespace burgeon
