// The order of a pool of ranked items in which each next one is chosen for what it adds to those
// before it, not by its score alone.
//
//  kMmr         maximal marginal relevance (Carbonell, Goldstein, SIGIR 1998): the next item i is
//               argmax (1 - s) r_i - s max_{j chosen} cos(i, j); nothing chosen: cosine 0.
//  kDpp         greedy MAP of a determinantal point process (Chen, Zhang, Zhou, "Fast Greedy MAP
//               Inference for Determinantal Point Process", NeurIPS 2018): the next item is the one
//               that raises det(L_chosen) most, L_ij = q_i q_j (1 + cos(i, j)) / 2, q_i =
//               exp(r_i (1 - s) / (2 s)) (their alpha of theta = 1 - s). Where no item raises it
//               above 1e-10 of what it would be alone, the rest follows by rank.
//  kCalibrated  calibrated recommendations (Steck, RecSys 2018): the next item is the one that
//               leaves (1 - s) sum_i r_i - s KL(p || .99 q + .01 p) largest. p is the distribution
//               of the attribute over the customer's history, by weight, q that over the list with
//               each item counting 1; items without the attribute count in neither. Without a
//               history p is nothing, and the order is by rank.
//
// s is the strength, from 0 (by rank) to 1; r_i the score of item i, moved and scaled so that the
// pool's scores span 0 to 1 (all 0 when they are equal). cos is that of the item embeddings, 0 when
// one has none. Of equal gains the better ranked item comes first. All sums in double, in order of
// rank, so the order does not depend on anything but the arguments.
#ifndef BURGEON_ENGINE_RECOMMEND_DIVERSIFY_H_
#define BURGEON_ENGINE_RECOMMEND_DIVERSIFY_H_

#include <cstddef>
#include <span>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/ops/top_k.h"
#include "engine/recommend/masks.h"
#include "engine/recommend/recommend.h"

namespace burgeon {

// Places in `pool` (best ranked first): `steps` of them chosen as above, behind them the others by
// rank. A permutation of the pool.
std::vector<size_t> DiversifiedOrder(std::span<const ScoredItem> pool,
                                     MatrixView<const float> item_embeddings,
                                     const HistoryWeights& history, const Diversity& diversity,
                                     size_t steps);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RECOMMEND_DIVERSIFY_H_
