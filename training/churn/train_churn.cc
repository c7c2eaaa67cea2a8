#include "training/churn/train_churn.h"

#include <cmath>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "training/churn/logistic.h"
#include "training/churn/train_network.h"

namespace burgeon {
namespace {

using Json = nlohmann::json;

// Names, and mean and scale of the features over the training examples.
ChurnModel FitStandardisation(const FeatureTable& features) {
  ChurnModel model;
  model.feature_names = features.names;
  const size_t width = features.names.size();
  model.mean.assign(width, 0);
  model.scale.assign(width, 1);
  FloatMatrix squeezed(features.values.rows(), features.values.cols());
  for (int64_t i = 0; i < squeezed.rows(); ++i) {
    SqueezeChurnFeatures(features.values.row(i), squeezed.row(i));
  }
  const auto n = static_cast<double>(squeezed.rows());
  for (size_t j = 0; j < width; ++j) {
    double sum = 0;
    for (int64_t i = 0; i < squeezed.rows(); ++i) sum += squeezed.at(i, static_cast<int64_t>(j));
    const double mean = sum / n;
    double squares = 0;
    for (int64_t i = 0; i < squeezed.rows(); ++i) {
      const double d = squeezed.at(i, static_cast<int64_t>(j)) - mean;
      squares += d * d;
    }
    const double deviation = std::sqrt(squares / n);
    model.mean[j] = static_cast<float>(mean);
    model.scale[j] = deviation > 1e-6 ? static_cast<float>(deviation) : 1;
  }
  return model;
}

NetworkExamples Standardised(ThreadPool& pool, const ChurnModel& model,
                             const ChurnExamples& examples) {
  NetworkExamples out;
  out.label = examples.churned;
  out.features = FloatMatrix(examples.features.values.rows(), examples.features.values.cols());
  pool.ParallelFor(out.features.rows(), 1024, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      StandardiseChurnFeatures(model, examples.features.values.row(i), out.features.row(i));
    }
  });
  return out;
}

absl::StatusOr<ChurnNetwork> TrainLogistic(ThreadPool& pool, const NetworkExamples& train,
                                           const ChurnTrainOptions& options) {
  const std::vector<double> target(train.label.begin(), train.label.end());
  BURGEON_ASSIGN_OR_RETURN(const LogisticFit fit,
                           FitLogistic(pool, train.features.view(), target, options.logistic_l2));
  ChurnNetwork network;
  network.weight.emplace_back(1, train.features.cols(),
                              std::vector<float>(fit.weight.begin(), fit.weight.end()));
  network.bias.push_back({static_cast<float>(fit.intercept)});
  return network;
}

// The members are trained side by side; member i has seed options.seed + i.
absl::StatusOr<std::vector<TrainedNetwork>> TrainEnsemble(ThreadPool& pool,
                                                          const NetworkExamples& train,
                                                          const NetworkExamples& validation,
                                                          const ChurnTrainOptions& options) {
  std::vector<TrainedNetwork> members(static_cast<size_t>(options.ensemble));
  BURGEON_RETURN_IF_ERROR(
      pool.ParallelForStatus(options.ensemble, 1, [&](int64_t begin, int64_t) -> absl::Status {
        BURGEON_ASSIGN_OR_RETURN(members[static_cast<size_t>(begin)],
                                 TrainChurnNetwork(pool, train, validation, options,
                                                   options.seed + static_cast<uint64_t>(begin)));
        return absl::OkStatus();
      }));
  return members;
}

absl::Status Calibrate(ThreadPool& pool, const ChurnExamples& validation, ChurnModel* model) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<double> logits,
                           ChurnLogits(pool, *model, validation.features.values.view()));
  BURGEON_ASSIGN_OR_RETURN(const PlattScale scale, FitPlatt(pool, logits, validation.churned));
  model->calibration_a = static_cast<float>(scale.a);
  model->calibration_b = static_cast<float>(scale.b);
  return absl::OkStatus();
}

absl::StatusOr<ClassificationMetrics> Evaluate(ThreadPool& pool, const ChurnModel& model,
                                               const ChurnExamples& examples) {
  BURGEON_ASSIGN_OR_RETURN(const std::vector<float> risk,
                           PredictChurn(pool, model, examples.features.values.view()));
  return EvaluateProbabilities(risk, examples.churned);
}

Json MetricsJson(const ClassificationMetrics& metrics) {
  return {{"auc", metrics.auc},
          {"average_precision", metrics.average_precision},
          {"log_loss", metrics.log_loss},
          {"ece", metrics.ece},
          {"lift_at_10pct", metrics.lift_at_10pct},
          {"base_rate", metrics.base_rate},
          {"examples", metrics.examples}};
}

Json ModelJson(const ChurnModel& model, const ClassificationMetrics& validation,
               const ClassificationMetrics& test) {
  return {{"test", MetricsJson(test)},
          {"validation", MetricsJson(validation)},
          {"calibration", {{"a", model.calibration_a}, {"b", model.calibration_b}}}};
}

std::string Report(const ChurnSplit& split, const ChurnTraining& training,
                   const std::vector<TrainedNetwork>& members) {
  Json train_times = Json::array();
  for (const TimeMicros t : split.times.train) train_times.push_back(FormatTime(t));
  Json report;
  report["times"] = {{"train", train_times},
                     {"validation", FormatTime(split.times.validation)},
                     {"test", FormatTime(split.times.test)}};
  report["examples"] = {{"train", split.train.size()},
                        {"validation", split.validation.size()},
                        {"test", split.test.size()}};
  report["features"] = training.model.feature_names.size();
  report["neural"] = ModelJson(training.model, training.model_validation, training.model_test);
  Json epochs = Json::array();
  for (const TrainedNetwork& member : members) epochs.push_back(member.best_epoch);
  report["neural"]["best_epochs"] = epochs;
  report["logistic"] =
      ModelJson(training.baseline, training.baseline_validation, training.baseline_test);
  return report.dump();
}

}  // namespace

absl::StatusOr<ChurnTraining> TrainChurn(ThreadPool& pool, const ChurnSplit& split,
                                         const ChurnTrainOptions& options) {
  ChurnTraining training;
  training.model = FitStandardisation(split.train.features);
  training.baseline = training.model;
  const NetworkExamples train = Standardised(pool, training.model, split.train);
  const NetworkExamples validation = Standardised(pool, training.model, split.validation);

  training.baseline.kind = ChurnKind::kLogistic;
  BURGEON_ASSIGN_OR_RETURN(ChurnNetwork linear, TrainLogistic(pool, train, options));
  training.baseline.networks = {std::move(linear)};
  BURGEON_RETURN_IF_ERROR(
      Annotate(Calibrate(pool, split.validation, &training.baseline), "churn validation"));

  training.model.kind = ChurnKind::kNeural;
  BURGEON_ASSIGN_OR_RETURN(const std::vector<TrainedNetwork> members,
                           TrainEnsemble(pool, train, validation, options));
  for (const TrainedNetwork& member : members) training.model.networks.push_back(member.network);
  if (options.linear_share > 0) {
    ChurnNetwork linear_part = training.baseline.networks[0];
    const auto perceptrons = static_cast<float>(members.size());
    linear_part.share = perceptrons * options.linear_share / (1 - options.linear_share);
    training.model.networks.push_back(std::move(linear_part));
  }
  BURGEON_RETURN_IF_ERROR(
      Annotate(Calibrate(pool, split.validation, &training.model), "churn validation"));

  BURGEON_ASSIGN_OR_RETURN(training.model_validation,
                           Evaluate(pool, training.model, split.validation));
  BURGEON_ASSIGN_OR_RETURN(training.baseline_validation,
                           Evaluate(pool, training.baseline, split.validation));
  auto test = Evaluate(pool, training.model, split.test);
  if (!test.ok()) return Annotate(test.status(), "churn test");
  training.model_test = *test;
  BURGEON_ASSIGN_OR_RETURN(training.baseline_test, Evaluate(pool, training.baseline, split.test));
  training.report_json = Report(split, training, members);
  return training;
}

Candidate MakeChurnCandidate(const ChurnTraining& training) {
  Candidate candidate;
  candidate.kind = "churn";
  candidate.metrics_json = training.report_json;
  AddChurnTensors(training.model, "churn.", &candidate.tensors);
  AddChurnTensors(training.baseline, "churn_baseline.", &candidate.tensors);
  return candidate;
}

}  // namespace burgeon
