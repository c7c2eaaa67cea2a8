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
// kContent: by the model, of an item that is known by what is written about it alone (release
// room).
enum class ItemSource { kModel, kNeighbours, kPopularity, kPinned, kExploration, kContent };

std::optional<Retrieval> ParseRetrieval(std::string_view name);              // exact, index
std::optional<RecommendMethod> ParseRecommendMethod(std::string_view name);  // model, neighbours,
                                                                             // popularity
std::string_view RecommendMethodName(RecommendMethod method);
std::string_view ItemSourceName(ItemSource source);  // "model", "neighbours", ...

// What a recommendation draws on. Views into a LoadedRelease.
struct RecommenderParts {
  const RecommenderModel* model = nullptr;
  CsrView interactions;                         // [customers, items] weights
  CsrView seen;                                 // [customers, items] items ever bought
  const VectorIndex* item_index = nullptr;      // inner product; for Retrieval::kIndex
  const VectorIndex* customer_index = nullptr;  // cosine; for kNeighbours
  std::span<const uint8_t> neighbour_allowed;   // [customers] 1: may serve as a neighbour; empty:
                                                // all
  const DoubleMatrix* item_gram = nullptr;      // Gram matrix of the item embeddings, for reasons;
                                                // may be absent
};

// At most `max` items of one group on a list; group 0 is not counted.
struct GroupCap {
  std::span<const uint32_t> group = {};  // [items]
  int max = 1;
};

// Re-ranking of the best `pool` items (engine/recommend/diversify.h).
enum class DiversityKind { kNone, kMmr, kDpp, kCalibrated };
std::optional<DiversityKind> ParseDiversityKind(std::string_view name);  // none, mmr, dpp,
                                                                         // calibrated
inline constexpr int kMaxPool = 1000;
struct Diversity {
  DiversityKind kind = DiversityKind::kNone;
  double strength = 0.3;                 // 0 (by rank) .. 1
  int pool = 100;                        // k at least is taken
  std::span<const uint32_t> group = {};  // [items] what is calibrated; 0: nothing
};

// Slots given to chance, to learn what the ranking does not know (list_builder.h).
struct Exploration {
  double share = 0;  // of slots, 0 .. 1
  int pool = 100;    // drawn from so many of the best; k at least is taken
  uint64_t seed = 0;
};

struct RecommendOptions {
  int k = 10;
  RecommendMethod method = RecommendMethod::kModel;
  Retrieval retrieval = Retrieval::kExact;
  SeenItems seen = SeenItems::kMask;
  int neighbours = 100;                          // for kNeighbours
  std::span<const uint64_t> allowed_items = {};  // as TopKInput::allowed
  std::span<const GroupCap> caps = {};
  std::span<const uint32_t> pinned = {};  // item rows, unique: first on the list if nothing masks
                                          // them and no cap is reached
  Diversity diversity = {};
  Exploration exploration = {};
};

// Whose history a query goes by.
enum class HistoryOwner {
  kRelease,  // of a customer: what the release holds, whose embedding is there too
  kQuery,    // all of it is in the query, and is folded in: of a customer who did more since
};

// One customer to answer: a row of the release, whose embedding and seen items are there, or a
// stranger with a history of the request's own, which is folded in.
struct RecommendQuery {
  std::optional<CustomerRow> customer = {};  // nothing: a stranger, whose history is the query's
  HistoryOwner history = HistoryOwner::kRelease;
  // Of the query's own history; rows ascending and unique.
  std::vector<uint32_t> history_items = {};
  std::vector<float> history_weights = {};  // > 0, as long as history_items
  std::vector<uint32_t> sequence = {};      // the newest of history_items in order of time, oldest
                                            // first; for a model that reads an order
  std::vector<uint32_t> seen_items = {};    // ever bought, to be masked
  uint64_t exploration_key = 0;             // who asks and which time: another key, other draws
};

struct RecommendedItem {
  ItemRow item;
  float score = 0;  // by the source: scores of different sources do not compare; NaN: pinned. Of an
                    // explored item by the method
  ItemSource source = ItemSource::kModel;
  double propensity = 1;  // of the item at this place, given those before it (list_builder.h)
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
// popular, with that source.
// Caps hold for all of a list, greedily in its order (list_builder.h): pinned items, then by the
// method, as options.diversity and options.exploration order it, then by popularity.
// kInvalidArgument for k out of 1 .. limits::kMaxK, neighbours out of
// 1 .. limits::kMaxK, a history that is not as above or without the order that the model reads, a
// customer who is not in the release, a diversity or an exploration out of its range.
absl::StatusOr<std::vector<Recommendation>> Recommend(ExecutionContext& context,
                                                      const RecommenderParts& parts,
                                                      std::span<const RecommendQuery> queries,
                                                      const RecommendOptions& options);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RECOMMEND_RECOMMEND_H_
