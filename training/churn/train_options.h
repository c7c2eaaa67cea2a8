// How the churn models are trained. From "churn: {train: {...}}".
#ifndef BURGEON_TRAINING_CHURN_TRAIN_OPTIONS_H_
#define BURGEON_TRAINING_CHURN_TRAIN_OPTIONS_H_

#include <cstdint>
#include <vector>

#include "engine/config/config.h"
#include "training/run/memory_plan.h"

namespace burgeon {

struct ChurnTrainOptions {
  int hidden = 32;               // units of each of the two hidden layers
  int epochs = 200;              // at most; early stop on validation log loss
  int patience = 10;             // epochs without a better validation log loss
  int batch_size = 1024;         // rows a step
  float learning_rate = 0.003F;  // AdamW (Loshchilov and Hutter, ICLR 2019)
  float weight_decay = 3;        // of weights, not of biases; times the learning rate a step
  float logistic_l2 = 100;       // ridge of the baseline, on standardised features
  int shards = 4;                // a batch's gradients are summed in shard order, whatever the
                                 // number of threads
  int ensemble = 5;              // networks of different seeds whose logits are averaged; 1: none
  float linear_share = 0.5F;     // of the logistic model in the neural model's logit, from 0 to
                                 // below 1: what is linear need not be learned again (wide and
                                 // deep: Cheng et al., DLRS 2016, averaged instead of joint)
  uint64_t seed = 1;
};
ChurnTrainOptions ParseChurnTrainOptions(const ConfigNode& node);

// At most, whoever is active: the log in columns, 41 bytes an event, a snapshot at one time, and
// for every customer at each of `times` the features as they are and standardised, 8 bytes each,
// and a label.
std::vector<MemoryPhase> PlanChurn(const DataCounts& data, int64_t times, int64_t features);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_CHURN_TRAIN_OPTIONS_H_
