// sequence: what a customer will take next, of the items taken so far in order (SASRec's objective:
// Kang, McAuley, ICDM 2018) by the network of engine/models/sequence_encoder.h. Every position of a
// sequence learns to name the item that follows, by a softmax over all items, or over the item and
// `negatives` drawn uniformly for the batch (Klenitskiy, Vasilev, "Turning Dross Into Gold Loss",
// RecSys 2023), never over the batch's own items. The score is a cosine over `temperature`. AdamW
// with a linear warm-up over two epochs.
//
// With patience > 0 each customer's last item is first kept back; the epoch with the best NDCG@10
// on them is found, and with `refit` the network is trained anew on everything for as many epochs.
//
// Trains on the CPU, whatever the device. A batch is cut into `shards` whose gradients are added in
// order: same bits for any number of threads; `shards` is part of the result.
#ifndef BURGEON_TRAINING_RECOMMENDER_TRAIN_SEQUENCE_H_
#define BURGEON_TRAINING_RECOMMENDER_TRAIN_SEQUENCE_H_

#include <cstdint>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/config/config.h"
#include "engine/models/recommender_model.h"
#include "engine/ops/execution_context.h"
#include "training/recommender/training_report.h"
#include "training/run/memory_plan.h"

namespace burgeon {

struct SequenceOptions {
  int dim = 128;
  int length = 50;  // newest items that are read
  int blocks = 1;
  int heads = 1;         // divides dim
  double dropout = 0.3;  // of the input and of both updates of a block
  double temperature = 0.1;
  int negatives = 0;  // 0: all items
  double learning_rate = 1e-3;
  double weight_decay = 0;
  int batch_size = 256;    // sequences
  int epochs = 100;        // at most, or with patience 0 exactly
  int evaluate_every = 3;  // epochs
  int patience = 4;        // evaluations without a better one
  bool refit = true;
  int shards = 4;
  uint64_t seed = 1;
};

SequenceOptions ParseSequenceOptions(const ConfigNode& node);

// interactions: [customers, items], weights > 0, for the popularity; sequences: the same customers'
// items. kFailedPrecondition when no sequence has two items, or with patience > 0 none has three;
// kInvalidArgument for options out of range or sequences that are not there.
absl::StatusOr<RecommenderModel> TrainSequence(ExecutionContext& context,
                                               const CsrView& interactions,
                                               const SequenceView& sequences,
                                               const SequenceOptions& options,
                                               TrainingReport* report);

// Parameters p = items d and what the blocks have: 16 p (values, gradient, two moments), 4 p a
// shard for its gradient; the logits of a batch, three times (values, softmax, gradient), taken as
// 16 positions a sequence; the model's tables.
std::vector<MemoryPhase> PlanSequence(const SequenceOptions& options, const DataCounts& data);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_TRAIN_SEQUENCE_H_
