#include "training/churn/train_churn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/storage/tensor_file.h"
#include "tests/support/memory_world.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

ChurnSplit WorldSplit() {
  ThreadPool pool(2);
  const auto log = EventLog::Read(pool, MakeWorld(400, 300, 12));
  EXPECT_TRUE(log.ok()) << log.status();
  SnapshotOptions options;
  options.consent.when_unsaid = ConsentDefault::kGranted;
  const ChurnOptions churn = {.activity_window_days = 90,
                              .prediction_window_days = 40,
                              .train_step_days = 20,
                              .min_history_days = 60};
  auto split = BuildChurnSplit(pool, *log, options, churn);
  EXPECT_TRUE(split.ok()) << split.status();
  return *std::move(split);
}

ChurnTrainOptions Quick() {
  ChurnTrainOptions options;
  options.hidden = 8;
  options.epochs = 15;
  options.ensemble = 2;
  return options;
}

std::string Bytes(const ChurnTraining& training) {
  return SerializeTensors(MakeChurnCandidate(training).tensors);
}

TEST(TrainChurnTest, LearnsAWorldWithAPace) {
  const ChurnSplit split = WorldSplit();
  ThreadPool pool(2);
  const auto training = TrainChurn(pool, split, Quick());
  ASSERT_TRUE(training.ok()) << training.status();
  // Customers who left have long been silent against their own pace: far from chance (.5, .69).
  EXPECT_GT(training->baseline_test.auc, 0.7);
  EXPECT_GT(training->model_test.auc, 0.7);
  EXPECT_LT(training->model_test.log_loss, 0.65);
  EXPECT_EQ(training->model_test.examples, split.test.size());
  EXPECT_EQ(training->model.networks.size(), 3U);  // two perceptrons and the linear model
  EXPECT_EQ(training->baseline.networks.size(), 1U);
}

TEST(TrainChurnTest, CalibrationMakesTheMeanRiskTheRateOfValidation) {
  const ChurnSplit split = WorldSplit();
  ThreadPool pool(2);
  const auto training = TrainChurn(pool, split, Quick());
  ASSERT_TRUE(training.ok()) << training.status();
  for (const ChurnModel* model : {&training->model, &training->baseline}) {
    const auto risk = PredictChurn(pool, *model, split.validation.features.values.view());
    ASSERT_TRUE(risk.ok()) << risk.status();
    double sum = 0;
    for (const float r : *risk) sum += r;
    double churned = 0;
    for (const uint8_t y : split.validation.churned) churned += y;
    // Platt's smoothed targets pull by about one example at either end.
    EXPECT_NEAR(sum, churned, 2);
  }
}

TEST(TrainChurnTest, TheSameBytesForAnyNumberOfThreads) {
  const ChurnSplit split = WorldSplit();
  ThreadPool one(1), two(2);
  const auto a = TrainChurn(one, split, Quick());
  const auto b = TrainChurn(two, split, Quick());
  ChurnTrainOptions other_seed = Quick();
  other_seed.seed = 100;
  const auto c = TrainChurn(two, split, other_seed);
  ASSERT_TRUE(a.ok() && b.ok() && c.ok());
  EXPECT_EQ(Bytes(*a), Bytes(*b));
  EXPECT_EQ(a->report_json, b->report_json);
  EXPECT_NE(Bytes(*a), Bytes(*c));
}

TEST(TrainChurnTest, TheTestTimeChangesNothingButItsMetrics) {
  const ChurnSplit split = WorldSplit();
  ChurnSplit swapped = split;
  for (uint8_t& y : swapped.test.churned) y = static_cast<uint8_t>(1 - y);
  ThreadPool pool(2);
  const auto a = TrainChurn(pool, split, Quick());
  const auto b = TrainChurn(pool, swapped, Quick());
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_EQ(Bytes(*a), Bytes(*b));
  EXPECT_NEAR(a->model_test.auc, 1 - b->model_test.auc, 1e-12);
}

TEST(TrainChurnTest, ReportAndCandidateHoldBothModels) {
  const ChurnSplit split = WorldSplit();
  ThreadPool pool(2);
  const auto training = TrainChurn(pool, split, Quick());
  ASSERT_TRUE(training.ok()) << training.status();
  const Candidate candidate = MakeChurnCandidate(*training);
  EXPECT_EQ(candidate.kind, "churn");
  const auto model = ReadChurnTensors(candidate.tensors, "churn.");
  const auto baseline = ReadChurnTensors(candidate.tensors, "churn_baseline.");
  ASSERT_TRUE(model.ok()) << model.status();
  ASSERT_TRUE(baseline.ok()) << baseline.status();
  const auto view = split.test.features.values.view();
  EXPECT_EQ(*PredictChurn(pool, *model, view), *PredictChurn(pool, training->model, view));
  EXPECT_EQ(baseline->kind, ChurnKind::kLogistic);
  const auto report = nlohmann::json::parse(candidate.metrics_json);
  EXPECT_EQ(report["times"]["train"].size(), split.times.train.size());
  EXPECT_EQ(report["times"]["test"], FormatTime(split.times.test));
  EXPECT_DOUBLE_EQ(report["neural"]["test"]["auc"].get<double>(), training->model_test.auc);
  EXPECT_DOUBLE_EQ(report["logistic"]["test"]["ece"].get<double>(), training->baseline_test.ece);
  EXPECT_EQ(report["neural"]["best_epochs"].size(), 2U);
}

TEST(TrainChurnTest, OneKindOfLabelIsAnError) {
  ChurnSplit split = WorldSplit();
  std::fill(split.validation.churned.begin(), split.validation.churned.end(), uint8_t{1});
  ThreadPool pool(1);
  const auto training = TrainChurn(pool, split, Quick());
  EXPECT_EQ(training.status().code(), absl::StatusCode::kFailedPrecondition);
  split = WorldSplit();
  std::fill(split.test.churned.begin(), split.test.churned.end(), uint8_t{0});
  const auto test = TrainChurn(pool, split, Quick());
  EXPECT_EQ(test.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(MessageOf(test.status()), HasSubstr("churn test"));
}

}  // namespace
}  // namespace burgeon
