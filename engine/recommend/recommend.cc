#include "engine/recommend/recommend.h"

#include <algorithm>
#include <cmath>

#include "engine/base/limits.h"
#include "engine/recommend/masks.h"
#include "engine/recommend/neighbours.h"
#include "engine/recommend/popularity.h"
#include "engine/recommend/retrieve.h"

namespace burgeon {

namespace {

// Queries whose embeddings are gathered at once: bounds the memory of a batch over everybody.
constexpr int64_t kQueriesAtOnce = 4096;

constexpr char kNoHistory[] = "no interaction with a known item to go by";
constexpr char kZeroEmbedding[] = "the model knows nothing of this customer: the embedding is zero";
constexpr char kNothingListed[] = "the model lists nothing that may be shown";
constexpr char kNoNeighbours[] = "the nearest customers bought nothing that could be listed";

absl::Status CheckItems(std::string_view what, std::span<const uint32_t> rows, int64_t items) {
  for (size_t j = 0; j < rows.size(); ++j) {
    if (rows[j] >= items) {
      return InvalidArgument("item row ", rows[j], " of ", what, " is not one of ", items);
    }
    if (j > 0 && rows[j] <= rows[j - 1]) {
      return InvalidArgument("item row ", rows[j], " of ", what, " is out of order or there twice");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckStranger(const RecommendQuery& query, int64_t items) {
  if (query.history_items.size() != query.history_weights.size()) {
    return InvalidArgument("a history has ", query.history_items.size(), " items, but ",
                           query.history_weights.size(), " weights");
  }
  BURGEON_RETURN_IF_ERROR(CheckItems("a history", query.history_items, items));
  BURGEON_RETURN_IF_ERROR(CheckItems("the seen items", query.seen_items, items));
  for (size_t j = 0; j < query.history_items.size(); ++j) {
    const float weight = query.history_weights[j];
    if (!std::isfinite(weight) || weight <= 0) {
      return InvalidArgument("weight ", weight, " of item row ", query.history_items[j],
                             " of a history is not a positive number");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckQuery(const RecommenderModel& model, const RecommendQuery& query) {
  if (!query.customer) return CheckStranger(query, model.item_embeddings.rows());
  if (query.customer->value >= model.customer_embeddings.rows()) {
    return InvalidArgument("customer row ", query.customer->value, " is not one of ",
                           model.customer_embeddings.rows());
  }
  if (!query.history_items.empty() || !query.history_weights.empty() || !query.seen_items.empty()) {
    return InvalidArgument("customer row ", query.customer->value,
                           " is known: a history of the request's own is for strangers");
  }
  return absl::OkStatus();
}

absl::Status CheckOptions(const RecommendOptions& options) {
  if (options.k < 1 || options.k > limits::kMaxK) {
    return InvalidArgument("k is ", options.k, ", it must be from 1 to ", limits::kMaxK);
  }
  if (options.neighbours < 1 || options.neighbours > limits::kMaxK) {
    return InvalidArgument("neighbours is ", options.neighbours, ", it must be from 1 to ",
                           limits::kMaxK);
  }
  return absl::OkStatus();
}

absl::Status CheckRetrieval(const RecommenderModel& model, const RecommendOptions& options) {
  if (options.method == RecommendMethod::kModel && options.retrieval == Retrieval::kIndex &&
      model.has_operator()) {
    return InvalidArgument("retrieval: the item index holds embeddings, and ",
                           RecommenderKindName(model.kind),
                           " ranks by its item-item operator; ask for exact retrieval");
  }
  return absl::OkStatus();
}

// The parts come from one release: that they fit each other is our own doing.
void CheckParts(const RecommenderParts& parts, const RecommendOptions& options) {
  BURGEON_CHECK(parts.model != nullptr);
  const int64_t items = parts.model->item_embeddings.rows();
  const int64_t customers = parts.model->customer_embeddings.rows();
  BURGEON_CHECK(static_cast<int64_t>(parts.model->popularity.size()) == items);
  BURGEON_CHECK(parts.seen.rows() == customers && parts.seen.cols == items);
  BURGEON_CHECK(options.allowed_items.empty() ||
                static_cast<int64_t>(options.allowed_items.size()) == (items + 63) / 64);
  BURGEON_CHECK(parts.neighbour_allowed.empty() ||
                static_cast<int64_t>(parts.neighbour_allowed.size()) == customers);
  if (options.method == RecommendMethod::kModel && options.retrieval == Retrieval::kIndex) {
    BURGEON_CHECK(parts.item_index != nullptr && parts.item_index->rows() == items);
    BURGEON_CHECK(parts.item_index->params().similarity == Similarity::kInnerProduct);
  }
  if (parts.model->has_operator() || options.method == RecommendMethod::kNeighbours) {
    BURGEON_CHECK(parts.interactions.rows() == customers && parts.interactions.cols == items);
  }
  if (options.method == RecommendMethod::kNeighbours) {
    BURGEON_CHECK(parts.customer_index != nullptr && parts.customer_index->rows() == customers);
    BURGEON_CHECK(parts.customer_index->params().similarity == Similarity::kCosine);
  }
}

// Why popularity has to answer this query before anything is looked up; "" when it has not.
std::string ReasonToFallBack(const RecommendQuery& query, std::span<const float> embedding) {
  if (!query.customer && query.history_items.empty()) return kNoHistory;
  const bool zero = std::all_of(embedding.begin(), embedding.end(), [](float x) { return x == 0; });
  return zero ? kZeroEmbedding : "";
}

ItemSource SourceOf(RecommendMethod method) {
  switch (method) {
    case RecommendMethod::kModel:
      return ItemSource::kModel;
    case RecommendMethod::kNeighbours:
      return ItemSource::kNeighbours;
    case RecommendMethod::kPopularity:
      break;
  }
  return ItemSource::kPopularity;
}

using Lists = std::vector<std::vector<ScoredItem>>;

absl::StatusOr<Lists> ListsByMethod(ExecutionContext& context, const RecommenderParts& parts,
                                    std::span<const RecommendQuery> queries,
                                    MatrixView<const float> embeddings,
                                    const RecommendOptions& options) {
  if (options.method == RecommendMethod::kModel) {
    return RetrieveByModel(context, parts, queries, embeddings, options);
  }
  Lists lists(queries.size());
  BURGEON_RETURN_IF_ERROR(context.pool().ParallelForStatus(
      static_cast<int64_t>(queries.size()), /*block=*/1, [&](int64_t q, int64_t) -> absl::Status {
        BURGEON_ASSIGN_OR_RETURN(lists[static_cast<size_t>(q)],
                                 RecommendFromNeighbours(parts, queries[static_cast<size_t>(q)],
                                                         embeddings.row(q), options));
        return absl::OkStatus();
      }));
  return lists;
}

// Answers by the embedding whom it can; leaves a fallback_reason with the others.
absl::Status AnswerByEmbedding(ExecutionContext& context, const RecommenderParts& parts,
                               std::span<const RecommendQuery> queries,
                               const RecommendOptions& options, std::span<Recommendation> answers) {
  BURGEON_ASSIGN_OR_RETURN(const FloatMatrix embeddings,
                           QueryEmbeddings(context, *parts.model, queries));
  BURGEON_ASSIGN_OR_RETURN(Lists lists,
                           ListsByMethod(context, parts, queries, embeddings.view(), options));
  for (size_t q = 0; q < queries.size(); ++q) {
    Recommendation& answer = answers[q];
    answer.fallback_reason = ReasonToFallBack(queries[q], embeddings.row(static_cast<int64_t>(q)));
    if (!answer.fallback_reason.empty()) continue;
    if (lists[q].empty()) {
      answer.fallback_reason =
          options.method == RecommendMethod::kNeighbours ? kNoNeighbours : kNothingListed;
      continue;
    }
    answer.method = options.method;
    const ItemSource source = SourceOf(options.method);
    for (const ScoredItem& entry : lists[q]) {
      answer.items.push_back({entry.item, entry.score, source});
    }
  }
  return absl::OkStatus();
}

// Takes the most popular of what may be listed and is not, until there are k.
void FillUp(const PopularityRanking& ranking, std::span<const uint32_t> masked, int k,
            std::vector<RecommendedItem>* items) {
  std::vector<uint32_t> listed;
  for (const RecommendedItem& entry : *items) listed.push_back(entry.item.value);
  std::sort(listed.begin(), listed.end());
  for (const ScoredItem& entry : ranking.ranked()) {
    if (std::ssize(*items) == k) return;
    const uint32_t row = entry.item.value;
    if (std::binary_search(masked.begin(), masked.end(), row) ||
        std::binary_search(listed.begin(), listed.end(), row)) {
      continue;
    }
    items->push_back({entry.item, entry.score, ItemSource::kPopularity});
  }
}

}  // namespace

std::optional<Retrieval> ParseRetrieval(std::string_view name) {
  if (name == "exact") return Retrieval::kExact;
  if (name == "index") return Retrieval::kIndex;
  return std::nullopt;
}

std::optional<RecommendMethod> ParseRecommendMethod(std::string_view name) {
  for (const RecommendMethod method :
       {RecommendMethod::kModel, RecommendMethod::kNeighbours, RecommendMethod::kPopularity}) {
    if (name == RecommendMethodName(method)) return method;
  }
  return std::nullopt;
}

std::string_view RecommendMethodName(RecommendMethod method) {
  switch (method) {
    case RecommendMethod::kModel:
      return "model";
    case RecommendMethod::kNeighbours:
      return "neighbours";
    case RecommendMethod::kPopularity:
      return "popularity";
  }
  return "unknown";
}

std::string_view ItemSourceName(ItemSource source) {
  switch (source) {
    case ItemSource::kModel:
      return "model";
    case ItemSource::kNeighbours:
      return "neighbours";
    case ItemSource::kPopularity:
      return "popularity";
  }
  return "unknown";
}

absl::StatusOr<std::vector<Recommendation>> Recommend(ExecutionContext& context,
                                                      const RecommenderParts& parts,
                                                      std::span<const RecommendQuery> queries,
                                                      const RecommendOptions& options) {
  BURGEON_RETURN_IF_ERROR(CheckOptions(options));
  BURGEON_RETURN_IF_ERROR(CheckRetrieval(*parts.model, options));
  CheckParts(parts, options);
  for (const RecommendQuery& query : queries) {
    BURGEON_RETURN_IF_ERROR(CheckQuery(*parts.model, query));
  }
  std::vector<Recommendation> answers(queries.size());
  for (Recommendation& answer : answers) answer.method = RecommendMethod::kPopularity;
  const auto count = static_cast<int64_t>(queries.size());
  if (options.method != RecommendMethod::kPopularity) {
    for (int64_t begin = 0; begin < count; begin += kQueriesAtOnce) {
      const auto first = static_cast<size_t>(begin);
      const auto size = static_cast<size_t>(std::min(kQueriesAtOnce, count - begin));
      BURGEON_RETURN_IF_ERROR(AnswerByEmbedding(context, parts, queries.subspan(first, size),
                                                options, std::span(answers).subspan(first, size)));
    }
  }
  std::optional<PopularityRanking> ranking;  // made when somebody needs it
  for (size_t q = 0; q < queries.size(); ++q) {
    if (std::ssize(answers[q].items) == options.k) continue;
    if (!ranking) ranking.emplace(parts.model->popularity, options.allowed_items);
    FillUp(*ranking, MaskedItems(parts, queries[q], options.seen), options.k, &answers[q].items);
  }
  return answers;
}

}  // namespace burgeon
