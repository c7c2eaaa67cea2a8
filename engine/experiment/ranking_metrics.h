// How well one ranked list finds the relevant items, at a cut k. With rel(r) = 1 when the item at
// rank r = 1, 2, ... is relevant, |T| relevant items, and a list that may be shorter than k:
//   hits        = sum_{r<=k} rel(r)
//   Recall@k    = hits / |T|                 (He et al., LightGCN, SIGIR 2020, and its code)
//   Precision@k = hits / k                   (Manning et al., Introduction to IR, 2008, 8.4)
//   HR@k        = 1 when hits > 0            (He et al., Neural CF, WWW 2017)
//   MRR@k       = 1 / rank of the first hit, 0 without  (Voorhees, TREC-8, 1999)
//   MAP@k       = sum_{r<=k} rel(r) Precision@r / min(k, |T|)  (Manning 8.4, its sum over all |T|
//                 cut at k, so that a perfect list has 1)
//   NDCG@k      = sum_{r<=k} rel(r) / log2(r+1)  /  sum_{r<=min(k,|T|)} 1 / log2(r+1)
//                                            (Jarvelin and Kekalainen, TOIS 2002, with gains 0, 1)
// A model's figure is the mean over customers with at least one relevant item; a customer whose
// list is empty has zeros.
#ifndef BURGEON_ENGINE_EXPERIMENT_RANKING_METRICS_H_
#define BURGEON_ENGINE_EXPERIMENT_RANKING_METRICS_H_

#include <cstdint>
#include <span>

#include "engine/base/matrix.h"
#include "engine/experiment/ranked_lists.h"

namespace burgeon {

struct ListMetrics {
  double recall = 0;
  double precision = 0;
  double ndcg = 0;
  double map = 0;
  double mrr = 0;
  double hit_rate = 0;
};

// ranked: item rows, best first, unique (those past k are not looked at); relevant: item rows,
// ascending, unique, at least one. k >= 1.
ListMetrics ScoreList(std::span<const uint32_t> ranked, std::span<const uint32_t> relevant, int k);

struct RankingMetrics : ListMetrics {  // means
  int64_t customers = 0;               // with at least one relevant item
};

// lists and relevant: a row a customer. Zeros when nobody has a relevant item.
RankingMetrics MeanMetrics(const RankedLists& lists, const CsrView& relevant, int k);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EXPERIMENT_RANKING_METRICS_H_
