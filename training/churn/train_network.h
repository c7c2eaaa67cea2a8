// Training of one churn network in LibTorch: AdamW on the log loss, early stop on validation.
//
// The same bits for any number of threads: every step's batch is cut into options.shards parts,
// which may run on different threads, each with one intra-op thread of torch; their gradients are
// summed in shard order. Batches and initial weights come from Philox.
#ifndef BURGEON_TRAINING_CHURN_TRAIN_NETWORK_H_
#define BURGEON_TRAINING_CHURN_TRAIN_NETWORK_H_

#include <cstdint>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/base/thread_pool.h"
#include "engine/models/churn_model.h"
#include "training/churn/train_options.h"

namespace burgeon {

struct NetworkExamples {
  FloatMatrix features;        // [n, features], standardised
  std::vector<uint8_t> label;  // [n]
};

struct TrainedNetwork {
  ChurnNetwork network;  // as it was after best_epoch
  int best_epoch = 0;    // from 1
  int epochs = 0;        // run
  double validation_log_loss = 0;
};

// kInternal when torch fails or the loss is not finite (a learning rate too high).
absl::StatusOr<TrainedNetwork> TrainChurnNetwork(ThreadPool& pool, const NetworkExamples& train,
                                                 const NetworkExamples& validation,
                                                 const ChurnTrainOptions& options, uint64_t seed);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_CHURN_TRAIN_NETWORK_H_
