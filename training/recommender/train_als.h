// als: implicit ALS with frequency-scaled regularisation (engine/ops/als_step.h), `epochs` times
// customers then items, then once more customers, exactly, so that embeddings equal the fold-in.
//
// Same bits for any number of threads; the result depends on data, options and seed alone.
#ifndef BURGEON_TRAINING_RECOMMENDER_TRAIN_ALS_H_
#define BURGEON_TRAINING_RECOMMENDER_TRAIN_ALS_H_

#include <cstdint>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/config/config.h"
#include "engine/models/recommender_model.h"
#include "engine/ops/execution_context.h"
#include "training/recommender/training_report.h"

namespace burgeon {

struct AlsOptions {
  int dim = 64;
  float unobserved_weight = 0.1F;
  float regularization = 0.003F;
  float regularization_exponent = 1;
  int block_size = 0;  // 0: exact solves
  int epochs = 16;
  float init_stddev = 0.1F;  // divided by sqrt(dim)
  uint64_t seed = 1;
};

AlsOptions ParseAlsOptions(const ConfigNode& node);

// interactions: [customers, items], weights > 0. kFailedPrecondition when it is empty.
absl::StatusOr<RecommenderModel> TrainAls(ExecutionContext& context, const CsrView& interactions,
                                          const AlsOptions& options, TrainingReport* report);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_TRAIN_ALS_H_
