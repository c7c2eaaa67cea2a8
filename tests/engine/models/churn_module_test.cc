// Of engine/models/churn_module: here, where the tests link torch.
#include "engine/models/churn_module.h"

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/philox.h"

namespace burgeon {
namespace {

// A model of three networks without standardisation or calibration, and inputs within the cut.
TEST(ChurnModuleTest, InferenceEqualsTorch) {
  const int64_t features = 7;
  const int64_t rows = 300;
  ChurnModel model;
  model.kind = ChurnKind::kNeural;
  model.feature_names.assign(7, "f");
  model.mean.assign(7, 0.5F);
  model.scale.assign(7, 0.8F);
  FloatMatrix raw(rows, features);
  const Philox random(3, 0);
  for (size_t i = 0; i < raw.values().size(); ++i) {
    raw.values()[i] = static_cast<float>(20 * random.Normal(i));
  }
  torch::Tensor input = torch::empty({rows, features}, torch::kFloat32);
  for (int64_t i = 0; i < rows; ++i) {
    StandardiseChurnFeatures(
        model, raw.row(i), {input.data_ptr<float>() + i * features, static_cast<size_t>(features)});
  }
  torch::Tensor sum = torch::zeros({rows});
  const torch::NoGradGuard no_gradients;
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    ChurnModule module(features, 16, seed);
    sum = sum + module.forward(input);
    model.networks.push_back(module.Export());
  }
  const torch::Tensor expected = torch::sigmoid(sum / 3);
  ThreadPool pool(2);
  const auto risk = PredictChurn(pool, model, raw.view());
  ASSERT_TRUE(risk.ok()) << risk.status();
  double largest = 0;
  for (int64_t i = 0; i < rows; ++i) {
    const double wanted = static_cast<double>(expected.data_ptr<float>()[i]);
    largest = std::max(largest, std::abs((*risk)[static_cast<size_t>(i)] - wanted));
  }
  EXPECT_LT(largest, 1e-5);
  EXPECT_NE((*risk)[0], (*risk)[1]);
}

TEST(ChurnModuleTest, InitialWeightsComeFromTheSeedAlone) {
  torch::manual_seed(1);
  const ChurnNetwork a = ChurnModule(5, 8, 42).Export();
  torch::manual_seed(2);
  const ChurnNetwork b = ChurnModule(5, 8, 42).Export();
  const ChurnNetwork c = ChurnModule(5, 8, 43).Export();
  ASSERT_EQ(a.weight.size(), 3U);
  EXPECT_EQ(a.weight[0].rows(), 8);
  EXPECT_EQ(a.weight[0].cols(), 5);
  EXPECT_EQ(a.weight[2].rows(), 1);
  for (size_t l = 0; l < 3; ++l) {
    EXPECT_EQ(a.weight[l].values(), b.weight[l].values());
    EXPECT_EQ(a.bias[l], b.bias[l]);
    EXPECT_NE(a.weight[l].values(), c.weight[l].values());
  }
  for (const float w : a.weight[0].values()) EXPECT_LE(std::abs(w), 1 / std::sqrt(5.0F));
}

}  // namespace
}  // namespace burgeon
