#include "engine/audience/logistic_ridge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "engine/base/philox.h"
#include "tests/support/vectors.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

class FitLogisticRidgeTest : public testing::Test {
 protected:
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
};

// The derivative of the objective by the intercept and every coefficient, written out anew.
std::vector<double> GradientAt(const LogisticProblem& problem, const LogisticFit& fit) {
  std::vector<double> gradient(fit.coefficients.size() + 1, 0);
  for (int64_t i = 0; i < problem.inputs.rows; ++i) {
    const auto x = problem.inputs.row(i);
    const double p = 1 / (1 + std::exp(-LogOdds(fit, x)));
    const double residual = problem.weights[i] * (p - problem.labels[i]);
    for (size_t j = 0; j < x.size(); ++j) gradient[j] += residual * x[j];
    gradient.back() += residual;
  }
  for (size_t j = 0; j < fit.coefficients.size(); ++j) {
    gradient[j] += problem.l2 * fit.coefficients[j];
  }
  return gradient;
}

TEST_F(FitLogisticRidgeTest, EndsWhereTheGradientIsZero) {
  const int64_t n = 1500;
  const FloatMatrix x = NormalVectors(n, 7, 1);
  const Philox random(2, 0);
  std::vector<uint8_t> labels;
  std::vector<double> weights;
  for (int64_t i = 0; i < n; ++i) {
    const double z = 2 * x.at(i, 0) - x.at(i, 1) - 3;
    labels.push_back(random.Uniform(2 * i) < 1 / (1 + std::exp(-z)) ? 1 : 0);
    weights.push_back(0.5 + random.Uniform(2 * i + 1));
  }
  const LogisticProblem problem{
      .inputs = x.view(), .labels = labels, .weights = weights, .l2 = 3.0};
  const auto fit = FitLogisticRidge(context_, problem, nullptr);
  ASSERT_TRUE(fit.ok()) << fit.status();
  for (const double g : GradientAt(problem, *fit)) EXPECT_NEAR(g, 0, 1e-3);
  EXPECT_GT(fit->coefficients[0], 1.0);
  EXPECT_LT(fit->coefficients[1], -0.5);
  // Started from its own result there is next to nothing to do.
  const auto again = FitLogisticRidge(context_, problem, &*fit);
  ASSERT_TRUE(again.ok());
  EXPECT_LE(again->iterations, 1);
}

TEST_F(FitLogisticRidgeTest, WithoutInformationTheInterceptIsTheLogOdds) {
  const FloatMatrix x(100, 2);  // zeros
  std::vector<uint8_t> labels(100, 0);
  for (size_t i = 0; i < 20; ++i) labels[i] = 1;
  const std::vector<double> weights(100, 2.0);
  const auto fit = FitLogisticRidge(
      context_, {.inputs = x.view(), .labels = labels, .weights = weights}, nullptr);
  ASSERT_TRUE(fit.ok()) << fit.status();
  EXPECT_NEAR(fit->intercept, std::log(20.0 / 80.0), 1e-6);
  EXPECT_EQ(fit->coefficients[0], 0);
}

TEST_F(FitLogisticRidgeTest, SeparableLabelsStayFinite) {
  FloatMatrix x(60, 1);
  std::vector<uint8_t> labels(60, 0);
  for (int64_t i = 0; i < 60; ++i) {
    x.at(i, 0) = i < 5 ? 30.0F : -30.0F;
    labels[i] = i < 5 ? 1 : 0;
  }
  const std::vector<double> weights(60, 1.0);
  const LogisticProblem problem{
      .inputs = x.view(), .labels = labels, .weights = weights, .l2 = 1e-3};
  const auto fit = FitLogisticRidge(context_, problem, nullptr);
  ASSERT_TRUE(fit.ok()) << fit.status();
  EXPECT_TRUE(std::isfinite(fit->coefficients[0]));
  EXPECT_GT(fit->coefficients[0], 0);
}

TEST_F(FitLogisticRidgeTest, ARowOfWeightZeroIsNotThere) {
  const FloatMatrix x = NormalVectors(400, 3, 3);
  std::vector<uint8_t> labels(400);
  for (int64_t i = 0; i < 400; ++i) labels[i] = x.at(i, 0) + x.at(i, 2) > 1 ? 1 : 0;
  std::vector<double> weights(400, 1.0);
  for (size_t i = 300; i < 400; ++i) weights[i] = 0;
  const auto with = FitLogisticRidge(
      context_, {.inputs = x.view(), .labels = labels, .weights = weights}, nullptr);
  const auto without = FitLogisticRidge(context_,
                                        {.inputs = x.view().Rows(0, 300),
                                         .labels = std::span(labels).first(300),
                                         .weights = std::span(weights).first(300)},
                                        nullptr);
  ASSERT_TRUE(with.ok() && without.ok());
  EXPECT_NEAR(with->intercept, without->intercept, 1e-4);
  for (size_t j = 0; j < 3; ++j) {
    EXPECT_NEAR(with->coefficients[j], without->coefficients[j], 1e-4);
  }
}

TEST_F(FitLogisticRidgeTest, HasTheSameBitsForAnyNumberOfThreads) {
  const FloatMatrix x = NormalVectors(3000, 40, 4);
  std::vector<uint8_t> labels(3000);
  for (int64_t i = 0; i < 3000; ++i) labels[i] = x.at(i, 5) > 1.5F ? 1 : 0;
  const std::vector<double> weights(3000, 1.0);
  const LogisticProblem problem{.inputs = x.view(), .labels = labels, .weights = weights};
  std::vector<LogisticFit> fits;
  for (const int threads : {1, 2, 5}) {
    ThreadPool pool(threads);
    ExecutionContext context(&pool);
    auto fit = FitLogisticRidge(context, problem, nullptr);
    ASSERT_TRUE(fit.ok()) << fit.status();
    fits.push_back(*std::move(fit));
  }
  for (const LogisticFit& fit : fits) {
    EXPECT_EQ(fit.coefficients, fits[0].coefficients);
    EXPECT_EQ(fit.intercept, fits[0].intercept);
  }
}

TEST_F(FitLogisticRidgeTest, NeedsBothLabels) {
  const FloatMatrix x = NormalVectors(5, 2, 5);
  const std::vector<uint8_t> labels(5, 1);
  const std::vector<double> weights(5, 1.0);
  const auto fit = FitLogisticRidge(
      context_, {.inputs = x.view(), .labels = labels, .weights = weights}, nullptr);
  EXPECT_EQ(fit.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(MessageOf(fit.status()), HasSubstr("those of label 0 0"));
}

}  // namespace
}  // namespace burgeon
