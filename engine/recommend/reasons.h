// Which of the things a customer did carry a recommendation.
//
//   BURGEON_ASSIGN_OR_RETURN(const Contributions c,
//                            ContributionsOf(context, parts, query,
//                                            RecommendMethod::kModel, rows));
//   c.values.at(0, h)     // what c.history[h] gives to the score of rows[0]
//
// With weights w_i of the history, the score of item j is a sum over it, and its terms are
//  - spectral:       w_i <filter o fold_in_i, item_j>
//  - an operator B:  w_i B_ij
//  - als:            w_i y_j' W y_i, W the inverse of the matrix of the customer's normal equations
//                    (engine/ops/als_step.h; Hu, Koren, Volinsky, "Collaborative Filtering for
//                    Implicit Feedback Datasets", ICDM 2008, section 5)
//  - a blend of these: the weighted sum of the terms of its members
// which is exact: they sum to the score, but for the rounding of embeddings to 32 bits. Other
// models, blends with one of them or with a ranker, and neighbours have no such sum: kSimilarity,
// the cosine of the embeddings of i and j, which says what is alike and not what decided.
// Everything in double, in a fixed order.
#ifndef BURGEON_ENGINE_RECOMMEND_REASONS_H_
#define BURGEON_ENGINE_RECOMMEND_REASONS_H_

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/ids.h"
#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/ops/execution_context.h"
#include "engine/recommend/recommend.h"

namespace burgeon {

enum class ReasonKind { kExact, kSimilarity };
std::string_view ReasonKindName(ReasonKind kind);  // "exact", "similarity"

struct Contributions {
  ReasonKind kind = ReasonKind::kExact;
  std::vector<uint32_t> history;  // item rows, ascending
  DoubleMatrix values;            // [items asked about, history]
};

// Of the scores that `method` (kModel or kNeighbours) gives `items`, for the customer or the
// history of the query. With als and without parts.item_gram, and for each als member of a blend,
// the Gram matrix of all items is computed here. kInternal when the normal equations cannot be
// solved.
absl::StatusOr<Contributions> ContributionsOf(ExecutionContext& context,
                                              const RecommenderParts& parts,
                                              const RecommendQuery& query, RecommendMethod method,
                                              std::span<const ItemRow> items);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RECOMMEND_REASONS_H_
