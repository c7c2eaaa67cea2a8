// Recommenders side by side on one split: each is trained, ranks all items for every customer with
// test items, and is measured by its lists alone (engine/experiment/recommender_quality.h).
//
//   ComparisonOptions options;
//   options.runs = {{.name = "spectral", .model = RecommenderKind::kSpectral, .recommender = o}};
//   AddBaselines(data, o, &options.runs);
//   BURGEON_ASSIGN_OR_RETURN(const RecommenderQuality quality,
//                            CompareRecommenders(context, data, options));
#ifndef BURGEON_TRAINING_RECOMMENDER_COMPARE_RECOMMENDERS_H_
#define BURGEON_TRAINING_RECOMMENDER_COMPARE_RECOMMENDERS_H_

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/progress.h"
#include "engine/experiment/recommender_quality.h"
#include "training/recommender/evaluated_model.h"
#include "training/recommender/train_recommender.h"

namespace burgeon {

// One model with its options, under a name.
struct EvaluatedRun {
  std::string name;
  EvaluatedModel model = RecommenderKind::kSpectral;
  RecommenderOptions recommender;
  std::string chosen_by = {};  // how its hyper-parameters were chosen, to be printed beside it
};

// Rows and columns are the same everywhere. Views.
struct EvaluationData {
  RecommenderData train;
  std::span<const TimeMicros> interaction_times;  // beside train.interactions.columns; empty: not
                                                  // known, and there is no popularity by recency
  CsrView mask;                                   // never listed; pattern
  CsrView test;                                   // what is to be found; pattern
};

struct ComparisonOptions {
  std::vector<EvaluatedRun> runs;  // names are unique
  std::vector<int> ks = {5, 10, 20};
  BootstrapOptions bootstrap;
  GroupOptions groups;
  std::string baseline = "popularity";              // name of a run
  double half_life_days = 30;                       // of popularity by recency
  ProgressStyle progress = ProgressStyle::kSilent;  // of every training, on standard error
};

// Appends the baselines that are not among the runs: popularity, popularity_recent where there are
// times, item_knn where it can be trained.
void AddBaselines(const EvaluationData& data, const RecommenderOptions& recommender,
                  std::vector<EvaluatedRun>* runs);

// The vectors that diversity is measured by are those of the first spectral run, else of the first
// that has vectors. kInvalidArgument for options or shapes that do not fit, kFailedPrecondition
// without train interactions or test items.
absl::StatusOr<RecommenderQuality> CompareRecommenders(ExecutionContext& context,
                                                       const EvaluationData& data,
                                                       const ComparisonOptions& options);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_COMPARE_RECOMMENDERS_H_
