// The quality of recommenders side by side: every metric of list_scores.h and exposure.h at every
// k, with bootstrap intervals over customers, by group of customers, and the difference to a
// baseline on the same draws.
//
//   const ListScores scores = ScoreLists(pool, ...);
//   const Resampled sample = Resample(pool, scores.values.view(), bootstrap);
//   report.models.push_back(MeasureQuality(pool, lists, scores, sample, context));
//   report.models.back().difference = DifferenceTo(scores, sample, baseline_sample, bootstrap);
#ifndef BURGEON_ENGINE_EXPERIMENT_RECOMMENDER_QUALITY_H_
#define BURGEON_ENGINE_EXPERIMENT_RECOMMENDER_QUALITY_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/experiment/bootstrap.h"
#include "engine/experiment/customer_groups.h"
#include "engine/experiment/exposure.h"
#include "engine/experiment/list_scores.h"

namespace burgeon {

// A mean over customers; NaN when it is not defined for any. low and high are NaN without a
// bootstrap.
struct Estimate {
  double value = 0;
  double low = 0;
  double high = 0;
};

struct CutQuality {                                     // at one k
  std::array<Estimate, kListMetrics.size()> metrics{};  // in the order of kListMetrics
  // mean popularity of the lists over mean popularity of the same customers' histories, - 1
  // (popularity lift, Abdollahpouri et al., RecSys 2020)
  Estimate popularity_lift;
  const Estimate& of(ListMetric metric) const { return metrics[static_cast<size_t>(metric)]; }
};

// Model minus baseline, on the same customers.
struct Difference {
  Estimate estimate;
  double share_above = 0;  // of the replicates, with model above baseline; half of the equal ones
};
using CutDifference = std::array<Difference, kListMetrics.size()>;

struct ModelQuality {
  std::string name;
  std::string chosen_by;  // how its hyper-parameters were chosen; "": not said
  std::vector<CutQuality> cuts;                 // [ks]
  std::vector<Exposure> exposure;               // [ks]
  std::vector<std::vector<CutQuality>> groups;  // [groups][ks]
  std::vector<CutDifference> difference;        // [ks]; empty for the baseline itself
  // How it came to be.
  double train_seconds = 0;
  double score_seconds = 0;
  std::string embeddings_sha256;   // "" for what has no embeddings
  std::vector<std::string> lines;  // of the training, to print
};

struct QualityGroup {
  std::string name;
  std::string rule;
  int64_t customers = 0;
};

struct RecommenderQuality {
  std::vector<int> ks;
  int64_t customers = 0;  // with test items
  int64_t items = 0;      // of the catalogue
  BootstrapOptions bootstrap;
  std::vector<QualityGroup> groups;
  std::string baseline;      // name of the model that differences are to
  std::string diversity_by;  // whose item vectors; "": not measured
  std::vector<ModelQuality> models;
};

struct Resampled {
  std::vector<double> means;  // [columns]
  DoubleMatrix replicates;    // [replicates, columns]
};
Resampled Resample(ThreadPool& pool, const MatrixView<const double>& values,
                   const BootstrapOptions& options);

// groups: places in scores.customers. Fills cuts, exposure and groups.
ModelQuality MeasureQuality(ThreadPool& pool, const RankedLists& lists, const ListScores& scores,
                            const Resampled& sample, const std::vector<CustomerGroup>& groups,
                            int64_t items, const BootstrapOptions& options);

// Both samples are of the same customers, ks and draws.
std::vector<CutDifference> DifferenceTo(const ListScores& scores, const Resampled& sample,
                                        const Resampled& baseline, const BootstrapOptions& options);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EXPERIMENT_RECOMMENDER_QUALITY_H_
