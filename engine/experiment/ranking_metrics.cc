#include "engine/experiment/ranking_metrics.h"

#include <algorithm>
#include <cmath>

namespace burgeon {

void RankingAccumulator::Add(std::span<const uint32_t> ranked, std::span<const uint32_t> relevant) {
  if (relevant.empty()) return;
  const auto k = static_cast<size_t>(k_);
  const size_t listed = std::min(ranked.size(), k);
  int64_t hits = 0;
  double gain = 0;
  for (size_t r = 0; r < listed; ++r) {
    if (!std::ranges::binary_search(relevant, ranked[r])) continue;
    ++hits;
    gain += 1 / std::log2(static_cast<double>(r) + 2);
  }
  double ideal = 0;
  for (size_t r = 0; r < std::min(relevant.size(), k); ++r) {
    ideal += 1 / std::log2(static_cast<double>(r) + 2);
  }
  recall_ += static_cast<double>(hits) / static_cast<double>(relevant.size());
  ndcg_ += gain / ideal;
  hits_ += hits > 0 ? 1 : 0;
  ++customers_;
}

RankingMetrics RankingAccumulator::Mean() const {
  RankingMetrics mean;
  mean.customers = customers_;
  if (customers_ == 0) return mean;
  const auto count = static_cast<double>(customers_);
  mean.recall = recall_ / count;
  mean.ndcg = ndcg_ / count;
  mean.hit_rate = static_cast<double>(hits_) / count;
  return mean;
}

}  // namespace burgeon
