// retrieve -> filter -> rank, over the parts of a release; knows nothing of files or of HTTP.
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

std::optional<Retrieval> ParseRetrieval(std::string_view name);              // exact, index
std::optional<RecommendMethod> ParseRecommendMethod(std::string_view name);  // model, neighbours,
                                                                             // popularity
std::string_view RecommendMethodName(RecommendMethod method);

// What a recommendation draws on. Views into a LoadedRelease.
struct RecommenderParts {
  const RecommenderModel* model = nullptr;
  CsrView interactions;                       // [customers, items] weights
  CsrView seen;                               // [customers, items] items ever bought
  const VectorIndex* item_index = nullptr;    // inner product
  const VectorIndex* customer_index = nullptr;  // cosine
  std::span<const uint8_t> neighbour_allowed; // [customers] 1: may serve as a neighbour; empty: all
};

struct RecommendOptions {
  int k = 10;
  RecommendMethod method = RecommendMethod::kModel;
  Retrieval retrieval = Retrieval::kExact;
  SeenItems seen = SeenItems::kMask;
  int neighbours = 100;                       // for kNeighbours
  std::span<const uint64_t> allowed_items;    // as TopKInput::allowed
};

// One customer to answer: an embedding with what is masked. `history` is the weights the embedding
// came from (of the release, or of the request's events), ascending by item.
struct RecommendQuery {
  std::optional<CustomerRow> customer;        // nothing: not in the release
  std::vector<uint32_t> history_items;        // of the request's events, ascending; for strangers
  std::vector<float> history_weights;
};

struct Recommendation {
  std::vector<ScoredItem> items;              // best first
  RecommendMethod method = RecommendMethod::kModel;  // what really answered
  std::string fallback_reason;                // why that is not what was asked for; "" otherwise
};

// Answers many queries in one go; the answer to a query does not depend on those beside it. A
// query without customer and without history, or whose embedding is zero, is answered by
// popularity, and says so.
absl::StatusOr<std::vector<Recommendation>> Recommend(ExecutionContext& context,
                                                      const RecommenderParts& parts,
                                                      std::span<const RecommendQuery> queries,
                                                      const RecommendOptions& options);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_RECOMMEND_RECOMMEND_H_
