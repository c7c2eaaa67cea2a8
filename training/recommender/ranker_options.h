// How a blend's ranker is trained, as a configuration says it.
#ifndef BURGEON_TRAINING_RECOMMENDER_RANKER_OPTIONS_H_
#define BURGEON_TRAINING_RECOMMENDER_RANKER_OPTIONS_H_

#include <cstdint>
#include <vector>

#include "engine/config/config.h"

namespace burgeon {

struct RankerOptions {
  int pool = 0;                    // items that are ordered anew; 0: no ranker
  double share = 0.2;              // of each customer's items held out to learn from, where the
                                   // order is not known; where it is, the last one
  int64_t customers = 50'000;      // at most so many lists to learn from
  std::vector<int> hidden = {32};  // units of the hidden layers; none: a linear ranker
  std::vector<double> trend_days = {7, 60};  // half-lives of what is lately sought
  double learning_rate = 0.003;
  double weight_decay = 0.01;
  int batch_size = 128;  // lists
  int epochs = 60;
  int patience = 5;
  int shards = 4;
  uint64_t seed = 1;
};

RankerOptions ParseRankerOptions(const ConfigNode& node);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_RANKER_OPTIONS_H_
