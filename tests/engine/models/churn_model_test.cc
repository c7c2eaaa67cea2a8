#include "engine/models/churn_model.h"

#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

using testing::HasSubstr;

// Two features; two networks of one hidden layer with two units.
ChurnModel SmallModel() {
  ChurnModel model;
  model.kind = ChurnKind::kNeural;
  model.feature_names = {"recency_days", "orders_all"};
  model.mean = {1, 0.5F};
  model.scale = {2, 0.25F};
  ChurnNetwork network;
  network.weight.push_back(FloatMatrix(2, 2, {1, 2, -1, 0.5F}));
  network.bias.push_back({0.5F, 0});
  network.weight.push_back(FloatMatrix(1, 2, {2, 3}));
  network.bias.push_back({-1});
  model.networks.push_back(network);
  network.bias[1] = {3};
  model.networks.push_back(network);
  model.calibration_a = 0.5F;
  model.calibration_b = -0.25F;
  return model;
}

TEST(ChurnModelTest, ByHand) {
  const ChurnModel model = SmallModel();
  // sign(x) log1p(|x|): e^3 - 1 -> 3, -(e - 1) -> -1. Standardised: (3 - 1) / 2 = 1,
  // (-1 - .5) / .25 = -6, cut to -5. Hidden: relu(1 - 10 + .5) = 0, relu(-1 - 2.5) = 0.
  // Second row: zeros -> -.5, -2: relu(-.5 - 4 + .5) = 0, relu(.5 - 1) = 0.
  // Third: e^5 - 1 -> 5 -> 2, e - 1 -> 1 -> 2: relu(2 + 4 + .5) = 6.5, relu(-2 + 1) = 0.
  const float e = std::exp(1.0F);
  const FloatMatrix features(3, 2, {std::exp(3.0F) - 1, -(e - 1), 0, 0, std::exp(5.0F) - 1, e - 1});
  ThreadPool pool(2);
  const auto logits = ChurnLogits(pool, model, features.view());
  ASSERT_TRUE(logits.ok()) << logits.status();
  EXPECT_NEAR((*logits)[0], (-1.0 + 3.0) / 2, 1e-5);
  EXPECT_NEAR((*logits)[1], 1, 1e-5);
  EXPECT_NEAR((*logits)[2], 1 + 13, 1e-4);
  const auto risk = PredictChurn(pool, model, features.view());
  ASSERT_TRUE(risk.ok()) << risk.status();
  EXPECT_NEAR((*risk)[0], 1 / (1 + std::exp(-(0.5 * 1 - 0.25))), 1e-6);
  EXPECT_NEAR((*risk)[2], 1 / (1 + std::exp(-(0.5 * 14 - 0.25))), 1e-6);
}

TEST(ChurnModelTest, NetworksCountByTheirShare) {
  ChurnModel model = SmallModel();
  ChurnNetwork linear;
  linear.weight.push_back(FloatMatrix(1, 2, {1, 0}));
  linear.bias.push_back({0.25F});
  linear.share = 2;
  model.networks.push_back(linear);
  ThreadPool pool(1);
  // Zeros: the perceptrons give -1 and 3, the linear one -.5 + .25.
  const auto logits = ChurnLogits(pool, model, FloatMatrix(1, 2).view());
  ASSERT_TRUE(logits.ok()) << logits.status();
  EXPECT_DOUBLE_EQ((*logits)[0], (-1 + 3 + 2 * -0.25) / 4);
  TensorFile file;
  AddChurnTensors(model, "churn.", &file);
  const auto read = ReadChurnTensors(file, "churn.");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->networks[2].share, 2);
  EXPECT_EQ(read->networks[2].weight.size(), 1U);
  EXPECT_EQ(*ChurnLogits(pool, *read, FloatMatrix(1, 2).view()), *logits);
}

TEST(ChurnModelTest, StandardisesAndCuts) {
  const ChurnModel model = SmallModel();
  const std::vector<float> raw = {0, -(std::exp(1.0F) - 1)};
  std::vector<float> out(2);
  SqueezeChurnFeatures(raw, out);
  EXPECT_FLOAT_EQ(out[0], 0);
  EXPECT_FLOAT_EQ(out[1], -1);
  StandardiseChurnFeatures(model, raw, out);
  EXPECT_FLOAT_EQ(out[0], -0.5F);
  EXPECT_FLOAT_EQ(out[1], -5);
}

TEST(ChurnModelTest, TheSameBitsForAnyNumberOfThreads) {
  const ChurnModel model = SmallModel();
  FloatMatrix features(2000, 2);
  for (size_t i = 0; i < 4000; ++i) features.values()[i] = static_cast<float>(i % 37) * 0.7F;
  ThreadPool one(1), three(3);
  EXPECT_EQ(*PredictChurn(one, model, features.view()),
            *PredictChurn(three, model, features.view()));
}

TEST(ChurnModelTest, RefusesOtherFeatures) {
  ThreadPool pool(1);
  const auto risk = PredictChurn(pool, SmallModel(), FloatMatrix(1, 3).view());
  EXPECT_EQ(risk.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(MessageOf(risk.status()), HasSubstr("3 columns; the model has 2"));
}

TEST(ChurnModelTest, TensorsComeBack) {
  const ChurnModel model = SmallModel();
  TensorFile file;
  AddChurnTensors(model, "churn.", &file);
  ChurnModel linear = model;
  linear.kind = ChurnKind::kLogistic;
  linear.networks.resize(1);
  linear.networks[0].weight = {FloatMatrix(1, 2, {7, 8})};
  linear.networks[0].bias = {{9}};
  AddChurnTensors(linear, "churn_baseline.", &file);
  const auto read = ReadChurnTensors(file, "churn.");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->kind, ChurnKind::kNeural);
  EXPECT_EQ(read->feature_names, model.feature_names);
  EXPECT_EQ(read->mean, model.mean);
  EXPECT_EQ(read->scale, model.scale);
  EXPECT_EQ(read->calibration_a, model.calibration_a);
  EXPECT_EQ(read->calibration_b, model.calibration_b);
  ASSERT_EQ(read->networks.size(), 2U);
  EXPECT_EQ(read->networks[1].weight[0].values(), model.networks[1].weight[0].values());
  EXPECT_EQ(read->networks[1].bias, model.networks[1].bias);
  const auto baseline = ReadChurnTensors(file, "churn_baseline.");
  ASSERT_TRUE(baseline.ok()) << baseline.status();
  EXPECT_EQ(baseline->kind, ChurnKind::kLogistic);
  EXPECT_EQ(baseline->networks[0].weight[0].values(), (std::vector<float>{7, 8}));
}

std::string ReadError(const ChurnModel& model) {
  TensorFile file;
  AddChurnTensors(model, "churn.", &file);
  const auto read = ReadChurnTensors(file, "churn.");
  EXPECT_EQ(read.status().code(), absl::StatusCode::kDataLoss);
  return MessageOf(read.status());
}

TEST(ChurnModelTest, RefusesTensorsThatDoNotFit) {
  ChurnModel model = SmallModel();
  model.scale[1] = 0;
  EXPECT_THAT(ReadError(model), HasSubstr("churn.scale[1]: 0 is not above 0"));
  model = SmallModel();
  model.mean.pop_back();
  EXPECT_THAT(ReadError(model), HasSubstr("churn.mean: 1 values; wanted 2"));
  model = SmallModel();
  model.networks[1].weight[0] = FloatMatrix(2, 3);
  EXPECT_THAT(ReadError(model), HasSubstr("churn.network1.layer0.weight: 2 x 3"));
  model = SmallModel();
  model.networks[0].weight[1] = FloatMatrix(2, 2);
  EXPECT_THAT(ReadError(model), HasSubstr("churn.network0.layer1.weight: 2 x 2; wanted 1 x 2"));
  model = SmallModel();
  model.networks[1].share = 0;
  EXPECT_THAT(ReadError(model), HasSubstr("churn.share[1]: 0 is not above 0"));
  model = SmallModel();
  model.networks[0].bias[0] = {1};
  EXPECT_THAT(ReadError(model), HasSubstr("churn.network0.layer0.bias: 1 values; wanted 2"));
  model = SmallModel();
  model.networks[0].bias[1] = {std::numeric_limits<float>::quiet_NaN()};
  EXPECT_THAT(ReadError(model), HasSubstr("churn.network0.layer1.bias[0]: is not a finite"));
}

TEST(ChurnModelTest, RefusesAMissingModel) {
  EXPECT_EQ(ReadChurnTensors(TensorFile(), "churn.").status().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace burgeon
