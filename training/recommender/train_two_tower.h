// two_tower: a vector of each customer, of the items taken, and one of each item, of its id and of
// what is known of it, trained so that the items a customer takes score above those not taken
// (engine/models/two_tower_encoder.h has the formula and its sources). Of each customer a random
// part of the items is named from the others, by a softmax over all items or over `negatives` drawn
// for the batch, some uniformly and some by popularity, with the correction for how they were drawn
// (two_tower_loss.h); never over the batch's own items. The history a customer is named from never
// holds what is to be named, and is no part of the softmax. A customer's loss is the sum over the
// items to be named, over the square root of their number.
//
//   h_i = d_i^-item_exponent (E_i + sum_f v_if C_f)     d: customers of the item
//   x_j = E'_j + sum_f v_jf C'_f
//
// E, C and E', C' are tables of their own, or the same with share_tables; features v are what is
// known of an item, a sparse row. Ids are left out at random (id_dropout), so that features learn
// to stand alone, and an item that nobody took yet has a vector by its content.
//
// AdamW, warm-up over warmup_steps and then linear to 0 at the end of `epochs`. With patience > 0 a
// random validation_share of each customer's items is first held out; the epoch with the best
// NDCG@20 on them is found, and with `refit` the towers are trained anew on everything for as many
// epochs of the same schedule.
//
// Trains on the CPU, whatever the device. A batch is cut into `shards` whose gradients are added in
// order: same bits for any number of threads; `shards` is part of the result.
#ifndef BURGEON_TRAINING_RECOMMENDER_TRAIN_TWO_TOWER_H_
#define BURGEON_TRAINING_RECOMMENDER_TRAIN_TWO_TOWER_H_

#include <cstdint>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/config/config.h"
#include "engine/models/recommender_model.h"
#include "engine/ops/execution_context.h"
#include "training/recommender/training_report.h"
#include "training/run/memory_plan.h"

namespace burgeon {

struct TwoTowerOptions {
  int dim = 128;
  int layers = 0;    // blocks of each tower; 0: a vector is the sum of its parts
  int hidden = 256;  // width within a block
  bool share_tables = false;
  double item_exponent = 0.5;  // how far popular items are damped in a history
  double id_dropout = 0.1;     // of items with features
  double temperature = 0.1;
  int negatives = 0;              // drawn a batch; 0: all items
  double popularity_share = 0.5;  // of the draws, by popularity; the others uniform
  double target_share = 0.5;      // of a customer's items, to be named from the others
  double learning_rate = 2e-3;
  int warmup_steps = 200;
  double weight_decay = 0;
  int batch_size = 1024;   // customers
  int epochs = 60;         // at most, or with patience 0 exactly
  int evaluate_every = 5;  // epochs
  int patience = 3;        // evaluations without a better one
  double validation_share = 0.1;
  bool refit = true;
  int shards = 4;
  uint64_t seed = 1;
};

TwoTowerOptions ParseTwoTowerOptions(const ConfigNode& node);

// interactions: [customers, items], weights > 0; item_features: [items, features], or without
// offsets. kFailedPrecondition when no customer has two items; kInvalidArgument for options out of
// range, or features of other items.
absl::StatusOr<RecommenderModel> TrainTwoTower(ExecutionContext& context,
                                               const CsrView& interactions,
                                               const CsrView& item_features,
                                               const TwoTowerOptions& options,
                                               TrainingReport* report);

// Parameters p = items d of each table, and of the blocks: 12 p (values, two moments); vectors of
// the items of a batch and their gradient, once more a shard; a batch's scores; the model's tables.
std::vector<MemoryPhase> PlanTwoTower(const TwoTowerOptions& options, const DataCounts& data);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_TRAIN_TWO_TOWER_H_
