#include "engine/recommend/neighbours.h"

#include <algorithm>

#include "engine/recommend/masks.h"

namespace burgeon {

absl::StatusOr<std::vector<Neighbor>> NearestCustomers(const VectorIndex& customer_index,
                                                       std::span<const uint8_t> allowed,
                                                       std::span<const float> embedding,
                                                       std::optional<CustomerRow> self, int count) {
  const int64_t rows = customer_index.rows();
  for (int64_t want = int64_t{count} + 1;; want *= 2) {
    const bool everyone = want >= rows;
    const auto ask = static_cast<int>(std::max<int64_t>(1, std::min(want, rows)));
    BURGEON_ASSIGN_OR_RETURN(std::vector<Neighbor> found, customer_index.Search(embedding, ask));
    std::erase_if(found, [&](const Neighbor& n) {
      return (self && n.row == self->value) || (!allowed.empty() && allowed[n.row] == 0);
    });
    if (everyone || found.size() >= static_cast<size_t>(count)) {
      if (found.size() > static_cast<size_t>(count)) found.resize(static_cast<size_t>(count));
      return found;
    }
  }
}

absl::StatusOr<std::vector<ScoredItem>> RecommendFromNeighbours(const RecommenderParts& parts,
                                                                const RecommendQuery& query,
                                                                std::span<const float> embedding,
                                                                const RecommendOptions& options) {
  BURGEON_ASSIGN_OR_RETURN(std::vector<Neighbor> neighbours,
                           NearestCustomers(*parts.customer_index, parts.neighbour_allowed,
                                            embedding, query.customer, options.neighbours));
  std::erase_if(neighbours, [](const Neighbor& n) { return n.score <= 0; });
  // Sums run by row, not by nearness: the order a reader can repeat.
  std::sort(neighbours.begin(), neighbours.end(),
            [](const Neighbor& a, const Neighbor& b) { return a.row < b.row; });
  std::vector<double> score(static_cast<size_t>(parts.interactions.cols), 0);
  std::vector<uint32_t> touched;
  for (const Neighbor& neighbour : neighbours) {
    const auto items = parts.interactions.row_columns(neighbour.row);
    const auto weights = parts.interactions.row_values(neighbour.row);
    for (size_t j = 0; j < items.size(); ++j) {
      if (score[items[j]] == 0) touched.push_back(items[j]);
      const double weight = weights.empty() ? 1.0 : static_cast<double>(weights[j]);
      score[items[j]] += static_cast<double>(neighbour.score) * weight;
    }
  }
  const auto masked = MaskedItems(parts, query, options.seen);
  std::vector<ScoredItem> items;
  for (const uint32_t item : touched) {
    if (!MayList(masked, options.allowed_items, item)) continue;
    items.push_back({ItemRow(item), static_cast<float>(score[item])});
  }
  std::sort(items.begin(), items.end(), BetterItem);
  if (items.size() > static_cast<size_t>(options.k)) items.resize(static_cast<size_t>(options.k));
  return items;
}

}  // namespace burgeon
