// Recall@k and NDCG@k of ranked lists, with the protocol of the published tables:
//   recall@k = hits / |test|                       (He et al., LightGCN, SIGIR 2020, and code)
//   NDCG@k   = sum_{hit at rank r} 1/log2(r+1) / sum_{r=1}^{min(k,|test|)} 1/log2(r+1)
// Means over customers with at least one test item.
#ifndef BURGEON_ENGINE_EXPERIMENT_RANKING_METRICS_H_
#define BURGEON_ENGINE_EXPERIMENT_RANKING_METRICS_H_

#include <cstdint>
#include <span>

namespace burgeon {

struct RankingMetrics {
  double recall = 0;
  double ndcg = 0;
  double hit_rate = 0;  // share of customers with at least one hit
  int64_t customers = 0;
};

// Adds customers one at a time, then reads the means.
class RankingAccumulator {
 public:
  explicit RankingAccumulator(int k) : k_(k) {}
  // ranked: item rows, best first, unique (those past k are not looked at); relevant: item rows,
  // ascending, unique; a customer without any is not counted.
  void Add(std::span<const uint32_t> ranked, std::span<const uint32_t> relevant);
  RankingMetrics Mean() const;

 private:
  int k_;
  double recall_ = 0;
  double ndcg_ = 0;
  int64_t hits_ = 0;
  int64_t customers_ = 0;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EXPERIMENT_RANKING_METRICS_H_
