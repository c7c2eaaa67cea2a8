// retrieve -> filter -> rank, over the parts of a release; knows nothing of files or of HTTP.
//
//   const RecommendQuery query{.customer = CustomerRow(7)};
//   BURGEON_ASSIGN_OR_RETURN(const auto lists, Recommend(context, parts, {&query, 1}, {.k = 20}));
//
// Thread-safe: everything is read only. Masks are applied while ranking, and what the method does
// not rank is filled up by popularity, so a list is shorter than k only when fewer than k items are
// left.
#ifndef BURGEON_ENGINE_RECOMMEND_RECOMMEND_H_
#define BURGEON_ENGINE_RECOMMEND_RECOMMEND_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/ids.h"
#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/index/vector_index.h"
#include "engine/models/recommender_model.h"
#include "engine/ops/top_k.h"

namespace burgeon {

enum class Retrieval { kExact, kIndex };
enum class RecommendMethod {
  kModel,       // the embedding model of the release
  kNeighbours,  // what the nearest customers (cosine) bought, weighted by similarity
  kPopularity,  // what most bought
};
enum class SeenItems { kMask, kAllow };
// What put an item on a list.
enum class ItemSource { kModel, kNeighbours, kPopularity };

std::optional<Retrieval> ParseRetrieval(std::string_view name);              // exact, index
std::optional<RecommendMethod> ParseRecommendMethod(std::string_view name);  // model, neighbours,
                                                                             // popularity
std::string_view RecommendMethodName(RecommendMethod method);
std::string_view ItemSourceName(ItemSource source);  // "model", "neighbours", "popularity"

// What a recommendation draws on. Views into a LoadedRelease.
struct RecommenderParts {
  const RecommenderModel* model = nullptr;
  CsrView interactions;                         // [customers, items] weights
  CsrView seen;                                 // [customers, items] items ever bought
  const VectorIndex* item_index = nullptr;      // inner product; for Retrieval::kIndex
  const VectorIndex* customer_index = nullptr;  // cosine; for kNeighbours
  std::span<const uint8_t> neighbour_allowed;   // [customers] 1: may serve as a neighbour; empty:
                                                // all
};

struct RecommendOptions {
  int k = 10;
  RecommendMethod method = RecommendMethod::kModel;
  Retrieval retrieval = Retrieval::kExact;
  SeenItems seen = SeenItems::kMask;
  int neighbours = 100;                          // for kNeighbours
  std::span<const uint64_t> allowed_items = {};  // as TopKInput::allowed
};

// One customer to answer: a row of the release, whose embedding and seen items are there, or a
// stranger with a history of the request's own, which is folded in.
struct RecommendQuery {
  std::optional<CustomerRow> customer = {};  // nothing: a stranger
  // For strangers only; rows ascending and unique.
  std::vector<uint32_t> history_items = {};
  std::vector<float> history_weights = {};  // > 0, as long as history_items
  std::vector<uint32_t> seen_items = {};    // ever bought, to be masked
};

struct RecommendedItem {
  ItemRow item;
  float score = 0;  // by the source: scores of different sources do not compare
  ItemSource source = ItemSource::kModel;
  friend bool operator==(const RecommendedItem&, const RecommendedItem&) = default;
};

struct Recommendation {
  std::vector<RecommendedItem> items;  // best first; those by popularity that fill the list up last
  RecommendMethod method = RecommendMethod::kModel;  // what really answered
  std::string fallback_reason;  // why that is not what was asked for; "" otherwise
};

// Answers many queries in one go; the answer to a query does not depend on those beside it.
//  kModel       the k items of the largest inner product, exactly, or among what the item index
//               proposes (widened until k of them are not masked).
//  kNeighbours  score(item) = sum over the nearest customers n, in order of row, of
//               cosine(n) weight(n, item), over those with a positive cosine, in double, then
//               rounded.
//  kPopularity  items by popularity.
// All by score descending, then item row ascending. A query without customer and without history,
// one whose embedding is zero, and one whose neighbours offer nothing are answered by popularity,
// and say so. A method that ranks fewer than k items (an operator lists what the history speaks of,
// neighbours what they bought) gives all of them, and behind them those of the others that are most
// popular, with that source. kInvalidArgument for k out of 1 .. limits::kMaxK, neighbours out of
// 1 .. limits::kMaxK, a history that is not as above, or a customer who is not in the release.
absl::StatusOr<std::vector<Recommendation>> Recommend(ExecutionContext& context,
                                                      const RecommenderParts& parts,
                                                      std::span<const RecommendQuery> queries,
                                                      const RecommendOptions& options);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RECOMMEND_RECOMMEND_H_
