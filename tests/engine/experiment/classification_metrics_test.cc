#include "engine/experiment/classification_metrics.h"

#include <cmath>
#include <limits>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

using testing::HasSubstr;

ClassificationMetrics Evaluate(const std::vector<float>& p, const std::vector<uint8_t>& y) {
  const auto metrics = EvaluateProbabilities(p, y);
  EXPECT_TRUE(metrics.ok()) << metrics.status();
  return *metrics;
}

// Five examples, worked out by hand. Descending: .95(1) .75(0) .65(1) .45(1) .25(0).
TEST(ClassificationMetricsTest, ByHand) {
  const auto m = Evaluate({0.25F, 0.95F, 0.65F, 0.75F, 0.45F}, {0, 1, 1, 0, 1});
  EXPECT_EQ(m.examples, 5);
  EXPECT_DOUBLE_EQ(m.base_rate, 0.6);
  EXPECT_DOUBLE_EQ(m.auc, 4.0 / 6);  // .95 beats both, .65 and .45 beat .25 only
  EXPECT_DOUBLE_EQ(m.average_precision, (1.0 + 2.0 / 3 + 3.0 / 4) / 3);
  EXPECT_NEAR(
      m.log_loss,
      -(std::log(0.75) + std::log(0.95) + std::log(0.65) + std::log(0.25) + std::log(0.45)) / 5,
      1e-6);
  // Bins of one example each.
  EXPECT_NEAR(m.ece, (0.25 + 0.05 + 0.35 + 0.75 + 0.55) / 5, 1e-6);
  EXPECT_DOUBLE_EQ(m.lift_at_10pct, 1 / 0.6);  // the top 1 of 5
}

TEST(ClassificationMetricsTest, TiesCountHalf) {
  const auto m = Evaluate({0.5F, 0.5F, 0.5F, 0.5F}, {1, 0, 0, 1});
  EXPECT_DOUBLE_EQ(m.auc, 0.5);
  EXPECT_DOUBLE_EQ(m.average_precision, 0.5);
  EXPECT_DOUBLE_EQ(m.lift_at_10pct, 1);
  EXPECT_DOUBLE_EQ(m.ece, 0);
  EXPECT_NEAR(m.log_loss, std::log(2), 1e-12);
  // .8(1) .5(1) .5(0) .1(0): of four pairs three are won and one is tied.
  const auto partly = Evaluate({0.5F, 0.8F, 0.1F, 0.5F}, {0, 1, 0, 1});
  EXPECT_DOUBLE_EQ(partly.auc, 3.5 / 4);
  EXPECT_DOUBLE_EQ(partly.average_precision, 0.5 * 1 + 0.5 * (2.0 / 3));
}

TEST(ClassificationMetricsTest, ThereIsAnOrderOnlyOfScores) {
  const auto right = Evaluate({0.1F, 0.2F, 0.8F, 0.9F}, {0, 0, 1, 1});
  EXPECT_EQ(right.auc, 1);
  EXPECT_EQ(right.average_precision, 1);
  const auto wrong = Evaluate({0.9F, 0.8F, 0.2F, 0.1F}, {0, 0, 1, 1});
  EXPECT_EQ(wrong.auc, 0);
  EXPECT_DOUBLE_EQ(wrong.average_precision, (1.0 / 3 + 2.0 / 4) / 2);
}

TEST(ClassificationMetricsTest, EceIsOverBinsNotOverExamples) {
  // One bin [.7, .8): mean .75 against a rate of .5; one bin [.9, 1]: 1.0 against 1.
  const auto m = Evaluate({0.72F, 0.78F, 1.0F, 0.92F}, {1, 0, 1, 1});
  EXPECT_NEAR(m.ece, (2 * 0.25 + 2 * 0.04) / 4, 1e-6);
}

TEST(ClassificationMetricsTest, CertainAndWrongIsClipped) {
  const auto m = Evaluate({0.0F, 0.0F}, {0, 1});
  EXPECT_NEAR(m.log_loss, -std::log(1e-15) / 2, 1e-9);
  EXPECT_DOUBLE_EQ(m.ece, 0.5);
}

TEST(ClassificationMetricsTest, RefusesWhatItCannotMeasure) {
  const std::vector<float> two = {0.1F, 0.2F};
  const auto code = [](const auto& result) { return result.status().code(); };
  EXPECT_EQ(code(EvaluateProbabilities(two, std::vector<uint8_t>{1, 1})),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code(EvaluateProbabilities(two, std::vector<uint8_t>{0, 0})),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code(EvaluateProbabilities({}, {})), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code(EvaluateProbabilities(two, std::vector<uint8_t>{1})),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(EvaluateProbabilities(two, std::vector<uint8_t>{1, 2})),
            absl::StatusCode::kInvalidArgument);
  const std::vector<float> above = {0.1F, 1.5F};
  EXPECT_THAT(MessageOf(EvaluateProbabilities(above, std::vector<uint8_t>{1, 0}).status()),
              HasSubstr("probability 1 is 1.5"));
  const std::vector<float> nan = {0.1F, std::numeric_limits<float>::quiet_NaN()};
  EXPECT_EQ(code(EvaluateProbabilities(nan, std::vector<uint8_t>{1, 0})),
            absl::StatusCode::kInvalidArgument);
}

TEST(LiftAtTest, TakesTheTopRoundedUp) {
  const std::vector<float> score = {9, 8, 7, 6, 5, 4, 3, 2, 1, 0};
  const std::vector<uint8_t> label = {1, 0, 1, 0, 0, 0, 0, 0, 0, 0};
  EXPECT_DOUBLE_EQ(*LiftAt(score, label, 0.1), 5);
  EXPECT_DOUBLE_EQ(*LiftAt(score, label, 0.11), 2.5);
  EXPECT_DOUBLE_EQ(*LiftAt(score, label, 0.3), (2.0 / 3) / 0.2);
  EXPECT_DOUBLE_EQ(*LiftAt(score, label, 1), 1);
}

TEST(LiftAtTest, TiesAtTheBorderCountByTheirShare) {
  // The second place is tied between one positive and three negatives.
  const std::vector<float> score = {9, 5, 5, 5, 5, 1, 1, 1, 1, 1};
  const std::vector<uint8_t> label = {1, 0, 0, 1, 0, 0, 0, 0, 0, 0};
  EXPECT_DOUBLE_EQ(*LiftAt(score, label, 0.2), (1 + 0.25) / 2 / 0.2);
}

TEST(LiftAtTest, AWholeNumberIsNotRoundedUpByRounding) {
  std::vector<float> score(30);
  std::vector<uint8_t> label(30, 0);
  for (size_t i = 0; i < 30; ++i) score[i] = static_cast<float>(30 - i);
  label[0] = 1;
  EXPECT_DOUBLE_EQ(*LiftAt(score, label, 0.1), 10);  // the top 3, not 4
}

TEST(LiftAtTest, RefusesABadFraction) {
  const std::vector<float> score = {1, 0};
  const std::vector<uint8_t> label = {1, 0};
  for (const double fraction : {0.0, -0.1, 1.01, std::nan("")}) {
    EXPECT_EQ(LiftAt(score, label, fraction).status().code(), absl::StatusCode::kInvalidArgument)
        << fraction;
  }
}

}  // namespace
}  // namespace burgeon
