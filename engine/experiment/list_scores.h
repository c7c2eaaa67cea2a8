// Every metric of a list, for every customer and every k: the table that means, groups and
// bootstrap intervals are taken of. From ranked lists alone, so that any model can be measured.
//
//   const ListScores scores = ScoreLists(pool, {.lists = &lists, .relevant = test, .train = train,
//                                               .item_vectors = vectors}, {5, 10, 20});
//   const std::vector<double> means = ColumnMeans(scores.values.view());
//   means[scores.column(ListMetric::kRecall, 2)];   // recall@20
//
// Besides those of ranking_metrics.h, over the list of n <= k items. p(i) is the share of the
// customers with any train interaction who have item i:
//   novelty     mean of -log2 p(i), an item of nobody as if one had it: mean self-information
//               (Zhou et al., PNAS 2010; Castells, Vargas and Wang, DDR 2011)
//   diversity   1 - mean cosine of the vectors of all pairs of the list (Ziegler et al., WWW 2005,
//               intra-list similarity; Smyth and McClave, ICCBR 2001); of lists of two or more
//   popularity  mean of p(i): average recommendation popularity (Yin et al., VLDB 2012)
// and once a customer, for the lift of popularity:
//   history     mean of p(i) over the customer's train items (group average popularity,
//               Abdollahpouri et al., RecSys 2020)
// A metric that is not defined for a customer (an empty list, no history) is NaN and left out of
// the mean.
#ifndef BURGEON_ENGINE_EXPERIMENT_LIST_SCORES_H_
#define BURGEON_ENGINE_EXPERIMENT_LIST_SCORES_H_

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/base/thread_pool.h"
#include "engine/experiment/ranked_lists.h"

namespace burgeon {

enum class ListMetric {
  kRecall,
  kPrecision,
  kNdcg,
  kMap,
  kMrr,
  kHitRate,
  kNovelty,
  kDiversity,
  kPopularity
};
inline constexpr std::array kListMetrics = {
    ListMetric::kRecall,  ListMetric::kPrecision, ListMetric::kNdcg,
    ListMetric::kMap,     ListMetric::kMrr,       ListMetric::kHitRate,
    ListMetric::kNovelty, ListMetric::kDiversity, ListMetric::kPopularity};
std::string_view ListMetricName(ListMetric metric);  // "recall", "hit_rate", "novelty", ...

struct ListEvaluationInput {
  const RankedLists* lists = nullptr;  // [customers]
  CsrView relevant = {};               // [customers, items] pattern
  CsrView train = {};                  // [customers, items]; its pattern is read
  // [items, dim] what the diversity of a list is measured by; no rows: not measured. A vector of
  // zeros is like none.
  MatrixView<const float> item_vectors = {};
};

struct ListScores {
  std::vector<int> ks;
  std::vector<uint32_t> customers;  // with at least one relevant item, ascending
  DoubleMatrix values;              // [customers, columns]

  size_t column(ListMetric metric, size_t k) const {
    return k * kListMetrics.size() + static_cast<size_t>(metric);
  }
  size_t history_column() const { return ks.size() * kListMetrics.size(); }
  size_t columns() const { return history_column() + 1; }
};

// ks: ascending, at least 1. The same bits for any number of threads.
ListScores ScoreLists(ThreadPool& pool, const ListEvaluationInput& input, std::vector<int> ks);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EXPERIMENT_LIST_SCORES_H_
