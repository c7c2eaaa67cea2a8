// `evaluation` of a config: what is evaluated, and how (docs/evaluation.md).
//
//   evaluation: {window_days: 60, models: [spectral, item_knn], k: [5, 10, 20],
//                baseline: popularity, bootstrap_replicates: 1000, confidence: 0.95}
// or, for several settings of one kind side by side, `runs` in place of `models`:
//   evaluation:
//     runs:
//       - {name: chosen_on_validation, chosen_by: "a split of ...", recommender: {model: ...}}
#ifndef BURGEON_TRAINING_RECOMMENDER_EVALUATION_OPTIONS_H_
#define BURGEON_TRAINING_RECOMMENDER_EVALUATION_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "engine/config/config.h"
#include "training/recommender/compare_recommenders.h"

namespace burgeon {

struct EvaluationOptions {
  int64_t window_days = 60;  // of the time split
  std::vector<std::string>
      models;  // of EvaluatedModelNames(); empty: every kind that needs no order
  std::vector<EvaluatedRun> runs;  // when there are any, these in place of the models
  ComparisonOptions comparison;    // without runs
  int session_neighbours = 100;  // of session-kNN (training/recommender/session_knn.h)
  int session_sample = 1000;
};

// Fields as above, and random_seed (of the bootstrap), popularity_half_life_days,
// new_customer_max_items, heavy_quantile.
EvaluationOptions ParseEvaluationOptions(const ConfigNode& node);

// `runs`; without any a run for each name of `models`, named after its model. kInvalidArgument for
// a name that is unknown or there twice.
absl::StatusOr<std::vector<EvaluatedRun>> RunsOf(const EvaluationOptions& options,
                                                 const RecommenderOptions& recommender);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_EVALUATION_OPTIONS_H_
