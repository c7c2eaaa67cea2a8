// Training of the churn models on one design (churn_split.h): a logistic baseline (Newton's method,
// ridge) and a perceptron in LibTorch, an ensemble of seeds. Both stand on the same standardised
// features and both are calibrated by Platt's scaling on the validation time; the test time is used
// for nothing but the metrics. What is evaluated is what is published.
//
//   BURGEON_ASSIGN_OR_RETURN(const ChurnSplit split, BuildChurnSplit(pool, log, ...));
//   BURGEON_ASSIGN_OR_RETURN(const ChurnTraining training, TrainChurn(pool, split, {}));
#ifndef BURGEON_TRAINING_CHURN_TRAIN_CHURN_H_
#define BURGEON_TRAINING_CHURN_TRAIN_CHURN_H_

#include <string>

#include "engine/base/status.h"
#include "engine/base/thread_pool.h"
#include "engine/experiment/classification_metrics.h"
#include "engine/models/candidate.h"
#include "engine/models/churn_model.h"
#include "training/churn/churn_split.h"
#include "training/churn/train_options.h"

namespace burgeon {

struct ChurnTraining {
  ChurnModel model;                           // the neural one, calibrated
  ChurnModel baseline;                        // the logistic one, calibrated the same way
  ClassificationMetrics model_validation;     // before use as a figure: calibration and early
  ClassificationMetrics baseline_validation;  // stopping have seen these labels
  ClassificationMetrics model_test;
  ClassificationMetrics baseline_test;
  // {"times": {...}, "examples": {...}, "neural": {"test": {...}, "validation": {...}, ...},
  // "logistic": {...}}
  std::string report_json;
};

// The same bits for any number of threads. kFailedPrecondition when a part of the split has only
// one kind of label.
absl::StatusOr<ChurnTraining> TrainChurn(ThreadPool& pool, const ChurnSplit& split,
                                         const ChurnTrainOptions& options);

// A candidate of kind "churn" with the tensors "churn.*" and "churn_baseline.*"; metrics_json is
// the report. The caller adds snapshot_id, config_sha256 and created_at.
Candidate MakeChurnCandidate(const ChurnTraining& training);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_CHURN_TRAIN_CHURN_H_
