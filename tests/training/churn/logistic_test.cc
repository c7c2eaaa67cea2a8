#include "training/churn/logistic.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/philox.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

TEST(FitLogisticTest, OneBinaryFeatureHasTheRatesOfItsGroups) {
  // x = 0: 1 of 4; x = 1: 3 of 4. Without ridge the logits are -log 3 and log 3.
  const FloatMatrix x(8, 1, {0, 0, 0, 0, 1, 1, 1, 1});
  const std::vector<double> y = {1, 0, 0, 0, 1, 1, 1, 0};
  ThreadPool pool(1);
  const auto fit = FitLogistic(pool, x.view(), y, 1e-12);
  ASSERT_TRUE(fit.ok()) << fit.status();
  EXPECT_NEAR(fit->intercept, -std::log(3), 1e-9);
  EXPECT_NEAR(fit->weight[0], 2 * std::log(3), 1e-9);
}

struct Sample {
  FloatMatrix x;
  std::vector<double> y;
};

// 5,000 draws of a known model: logit = .5 + 1 x0 - 2 x1 + 0 x2.
Sample Draw() {
  Sample sample;
  sample.x = FloatMatrix(5000, 3);
  const Philox normal(11, 0);
  const Philox uniform(11, 1);
  for (int64_t i = 0; i < 5000; ++i) {
    for (int64_t j = 0; j < 3; ++j) {
      sample.x.at(i, j) = static_cast<float>(normal.Normal(static_cast<uint64_t>(3 * i + j)));
    }
    const double z = 0.5 + sample.x.at(i, 0) - 2 * sample.x.at(i, 1);
    const bool one = uniform.Uniform(static_cast<uint64_t>(i)) < 1 / (1 + std::exp(-z));
    sample.y.push_back(one ? 1 : 0);
  }
  return sample;
}

TEST(FitLogisticTest, IsWhereTheGradientIsZero) {
  const Sample sample = Draw();
  ThreadPool pool(2);
  const double l2 = 3;
  const auto fit = FitLogistic(pool, sample.x.view(), sample.y, l2);
  ASSERT_TRUE(fit.ok()) << fit.status();
  std::vector<double> gradient = {0, 0, 0, 0};
  for (int64_t i = 0; i < 5000; ++i) {
    double z = fit->intercept;
    for (int64_t j = 0; j < 3; ++j) z += fit->weight[static_cast<size_t>(j)] * sample.x.at(i, j);
    const double residual = 1 / (1 + std::exp(-z)) - sample.y[static_cast<size_t>(i)];
    for (int64_t j = 0; j < 3; ++j) {
      gradient[static_cast<size_t>(j)] += residual * sample.x.at(i, j);
    }
    gradient[3] += residual;
  }
  for (size_t j = 0; j < 3; ++j) EXPECT_NEAR(gradient[j] + l2 * fit->weight[j], 0, 1e-6);
  EXPECT_NEAR(gradient[3], 0, 1e-6);
  // Four standard errors of the truth (about .05 each).
  EXPECT_NEAR(fit->intercept, 0.5, 0.2);
  EXPECT_NEAR(fit->weight[0], 1, 0.2);
  EXPECT_NEAR(fit->weight[1], -2, 0.25);
  EXPECT_NEAR(fit->weight[2], 0, 0.2);
}

TEST(FitLogisticTest, TheSameBitsForAnyNumberOfThreads) {
  const Sample sample = Draw();
  ThreadPool one(1), three(3);
  const auto a = FitLogistic(one, sample.x.view(), sample.y, 1);
  const auto b = FitLogistic(three, sample.x.view(), sample.y, 1);
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_EQ(a->weight, b->weight);
  EXPECT_EQ(a->intercept, b->intercept);
}

TEST(FitLogisticTest, ClassesThatAPlaneSeparatesStayFinite) {
  const FloatMatrix x(4, 2, {-2, 7, -1, 7, 1, 7, 2, 7});  // the second column is constant
  const std::vector<double> y = {0, 0, 1, 1};
  ThreadPool pool(1);
  const auto fit = FitLogistic(pool, x.view(), y, 0.01);
  ASSERT_TRUE(fit.ok()) << fit.status();
  EXPECT_GT(fit->weight[0], 1);
  EXPECT_LT(fit->weight[0], 100);
}

TEST(FitLogisticTest, RefusesOneKindOfTarget) {
  const FloatMatrix x(2, 1, {0, 1});
  ThreadPool pool(1);
  const auto fit = FitLogistic(pool, x.view(), std::vector<double>{1, 1}, 1);
  EXPECT_EQ(fit.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(MessageOf(fit.status()), HasSubstr("both kinds"));
  EXPECT_EQ(FitLogistic(pool, x.view(), std::vector<double>{1}, 1).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(FitLogistic(pool, x.view(), std::vector<double>{0, 1}, 0).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(FitPlattTest, RecoversAStretchedLogit) {
  // Labels from sigmoid(.5 z - 1), scores z.
  std::vector<double> logit;
  std::vector<uint8_t> label;
  const Philox random(5, 0);
  for (uint64_t i = 0; i < 20'000; ++i) {
    logit.push_back(3 * random.Normal(2 * i));
    const double p = 1 / (1 + std::exp(-(0.5 * logit.back() - 1)));
    label.push_back(random.Uniform(2 * i + 1) < p ? 1 : 0);
  }
  ThreadPool pool(2);
  const auto scale = FitPlatt(pool, logit, label);
  ASSERT_TRUE(scale.ok()) << scale.status();
  EXPECT_NEAR(scale->a, 0.5, 0.05);
  EXPECT_NEAR(scale->b, -1, 0.1);
}

}  // namespace
}  // namespace burgeon
