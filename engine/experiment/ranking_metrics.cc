#include "engine/experiment/ranking_metrics.h"

#include <algorithm>
#include <cmath>

#include "engine/base/check.h"

namespace burgeon {

ListMetrics ScoreList(std::span<const uint32_t> ranked, std::span<const uint32_t> relevant, int k) {
  BURGEON_CHECK(k >= 1 && !relevant.empty());
  const auto cut = static_cast<size_t>(k);
  const size_t attainable = std::min(relevant.size(), cut);
  ListMetrics metrics;
  double hits = 0;
  double gain = 0;
  double precisions = 0;
  for (size_t r = 0; r < std::min(ranked.size(), cut); ++r) {
    if (!std::ranges::binary_search(relevant, ranked[r])) continue;
    const auto rank = static_cast<double>(r + 1);
    if (hits == 0) metrics.mrr = 1 / rank;
    ++hits;
    gain += 1 / std::log2(rank + 1);
    precisions += hits / rank;
  }
  double ideal = 0;
  for (size_t r = 0; r < attainable; ++r) ideal += 1 / std::log2(static_cast<double>(r) + 2);
  metrics.recall = hits / static_cast<double>(relevant.size());
  metrics.precision = hits / static_cast<double>(k);
  metrics.ndcg = gain / ideal;
  metrics.map = precisions / static_cast<double>(attainable);
  metrics.hit_rate = hits > 0 ? 1 : 0;
  return metrics;
}

RankingMetrics MeanMetrics(const RankedLists& lists, const CsrView& relevant, int k) {
  BURGEON_CHECK(lists.size() == relevant.rows());
  RankingMetrics mean;
  for (int64_t u = 0; u < relevant.rows(); ++u) {
    if (relevant.row_columns(u).empty()) continue;
    const ListMetrics one = ScoreList(lists.list(u), relevant.row_columns(u), k);
    for (const auto field : {&ListMetrics::recall, &ListMetrics::precision, &ListMetrics::ndcg,
                             &ListMetrics::map, &ListMetrics::mrr, &ListMetrics::hit_rate}) {
      mean.*field += one.*field;
    }
    ++mean.customers;
  }
  if (mean.customers == 0) return mean;
  const auto count = static_cast<double>(mean.customers);
  for (const auto field : {&ListMetrics::recall, &ListMetrics::precision, &ListMetrics::ndcg,
                           &ListMetrics::map, &ListMetrics::mrr, &ListMetrics::hit_rate}) {
    mean.*field /= count;
  }
  return mean;
}

}  // namespace burgeon
