// Training of a blend's ranker in LibTorch: AdamW on -log softmax of the found items over the pool
// of a customer (listwise, as ListNet: Cao et al., ICML 2007), early stop on validation.
//
// The same bits for any number of threads: a batch is cut into options.shards parts, whose
// gradients are summed in order. Batches and initial weights come from Philox.
#ifndef BURGEON_TRAINING_RECOMMENDER_RANKER_NETWORK_H_
#define BURGEON_TRAINING_RECOMMENDER_RANKER_NETWORK_H_

#include <cstdint>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/base/thread_pool.h"
#include "engine/models/perceptron.h"
#include "training/recommender/ranker_options.h"

namespace burgeon {

// Lists of `pool` places each, one after another; a shorter list's last places have mask 0.
struct RankerExamples {
  int64_t pool = 0;
  FloatMatrix features;        // [lists * pool, features], standardised
  std::vector<uint8_t> label;  // [lists * pool] 1: found; each list has one or more
  std::vector<uint8_t> mask;   // [lists * pool] 1: there is an item
  int64_t lists() const { return pool == 0 ? 0 : features.rows() / pool; }
};

struct TrainedRanker {
  Perceptron network;  // as it was after best_epoch
  int best_epoch = 0;  // from 1
  int epochs = 0;      // run
  double validation_loss = 0;
};

// kInvalidArgument without lists of either kind; kInternal when torch fails or the loss is not
// finite (a learning rate too high).
absl::StatusOr<TrainedRanker> TrainRankerNetwork(ThreadPool& pool, const RankerExamples& train,
                                                 const RankerExamples& validation,
                                                 const RankerOptions& options);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_RANKER_NETWORK_H_
