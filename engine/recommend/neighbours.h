// What the nearest customers bought, weighted by how near they are.
#ifndef BURGEON_ENGINE_RECOMMEND_NEIGHBOURS_H_
#define BURGEON_ENGINE_RECOMMEND_NEIGHBOURS_H_

#include <optional>
#include <span>
#include <vector>

#include "engine/base/ids.h"
#include "engine/base/status.h"
#include "engine/index/vector_index.h"
#include "engine/recommend/recommend.h"

namespace burgeon {

// The `count` nearest customers to `embedding` by cosine, best first, without `self` and without
// those for whom `allowed` ([customers], empty: all) is 0; fewer when there are fewer. The index is
// asked for more until enough are left.
absl::StatusOr<std::vector<Neighbor>> NearestCustomers(const VectorIndex& customer_index,
                                                       std::span<const uint8_t> allowed,
                                                       std::span<const float> embedding,
                                                       std::optional<CustomerRow> self, int count);

// The k best items by what those customers bought, as in Recommend. Empty when they offer nothing.
absl::StatusOr<std::vector<ScoredItem>> RecommendFromNeighbours(const RecommenderParts& parts,
                                                                const RecommendQuery& query,
                                                                std::span<const float> embedding,
                                                                const RecommendOptions& options);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RECOMMEND_NEIGHBOURS_H_
