// Training of the churn models: a logistic baseline (Newton's method, ridge) and a two-layer
// perceptron in LibTorch with Platt calibration, on the same examples.
//
// Examples come from times before the test time only (ChurnDesign): training on T_1 < T_2 < ...,
// calibration and early stopping on a later T, the test on the last, with every label window closed
// before the next use begins.
#ifndef BURGEON_TRAINING_CHURN_TRAIN_CHURN_H_
#define BURGEON_TRAINING_CHURN_TRAIN_CHURN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/status.h"
#include "engine/base/thread_pool.h"
#include "engine/config/config.h"
#include "engine/experiment/classification_metrics.h"
#include "engine/features/customer_features.h"
#include "engine/models/churn_model.h"

namespace burgeon {

struct ChurnTrainOptions {
  int hidden = 32;
  int epochs = 200;               // at most; early stop on validation log loss
  int patience = 20;
  float learning_rate = 0.003F;
  float weight_decay = 0.01F;
  float logistic_l2 = 1;          // ridge of the baseline
  int shards = 8;                 // gradients are summed in shard order, whatever the threads
  int ensemble = 5;               // networks of different seeds whose logits are averaged; 1: none
  uint64_t seed = 1;
};
ChurnTrainOptions ParseChurnTrainOptions(const ConfigNode& node);

struct ChurnSplit {
  ChurnExamples train;
  ChurnExamples validation;
  ChurnExamples test;
};

struct ChurnTraining {
  ChurnModel model;               // the neural one, calibrated
  ChurnModel baseline;            // the logistic one, calibrated the same way
  ClassificationMetrics model_test;
  ClassificationMetrics baseline_test;
  std::string report_json;        // both metrics, times, sizes
};

absl::StatusOr<ChurnTraining> TrainChurn(ThreadPool& pool, const ChurnSplit& split,
                                         const ChurnTrainOptions& options);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_CHURN_TRAIN_CHURN_H_
