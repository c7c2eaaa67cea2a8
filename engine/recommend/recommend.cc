#include "engine/recommend/recommend.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/limits.h"
#include "engine/recommend/diversify.h"
#include "engine/recommend/list_builder.h"
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

absl::Status CheckSequence(const RecommenderModel& model, const RecommendQuery& query) {
  const std::vector<uint32_t>& history = query.history_items;
  for (const uint32_t item : query.sequence) {
    if (std::binary_search(history.begin(), history.end(), item)) continue;
    return InvalidArgument("item row ", item, " in order of time is none of the history");
  }
  if (model.order_length() > 0 && query.sequence.empty() && !history.empty()) {
    return InvalidArgument("a history of ", history.size(), " items has no order of time, which ",
                           RecommenderKindName(model.kind), " goes by");
  }
  return absl::OkStatus();
}

absl::Status CheckHistory(const RecommenderModel& model, const RecommendQuery& query) {
  const int64_t items = model.item_embeddings.rows();
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
  return CheckSequence(model, query);
}

absl::Status CheckQuery(const RecommenderModel& model, const RecommendQuery& query) {
  if (query.customer && query.customer->value >= model.customer_embeddings.rows()) {
    return InvalidArgument("customer row ", query.customer->value, " is not one of ",
                           model.customer_embeddings.rows());
  }
  if (BringsHistory(query)) return CheckHistory(model, query);
  if (!query.history_items.empty() || !query.history_weights.empty() || !query.seen_items.empty()) {
    return InvalidArgument("customer row ", query.customer->value,
                           " is known: a history of the query's own must be said to be all of it");
  }
  return absl::OkStatus();
}

bool UsesPool(const RecommendOptions& options) {
  return options.diversity.kind != DiversityKind::kNone || options.exploration.share > 0;
}

absl::Status CheckOptions(const RecommendOptions& options) {
  if (options.k < 1 || options.k > limits::kMaxK) {
    return InvalidArgument("k is ", options.k, ", it must be from 1 to ", limits::kMaxK);
  }
  if (options.neighbours < 1 || options.neighbours > limits::kMaxK) {
    return InvalidArgument("neighbours is ", options.neighbours, ", it must be from 1 to ",
                           limits::kMaxK);
  }
  const Diversity& diversity = options.diversity;
  const Exploration& exploration = options.exploration;
  if (!(diversity.strength >= 0 && diversity.strength <= 1)) {
    return InvalidArgument("diversity.strength is ", diversity.strength,
                           ", it must be from 0 to 1");
  }
  if (!(exploration.share >= 0 && exploration.share <= 1)) {
    return InvalidArgument("exploration.share is ", exploration.share, ", it must be from 0 to 1");
  }
  for (const int pool : {diversity.pool, exploration.pool}) {
    if (pool < 1 || pool > kMaxPool) {
      return InvalidArgument("pool is ", pool, ", it must be from 1 to ", kMaxPool);
    }
  }
  if (UsesPool(options) && options.k > kMaxPool) {
    return InvalidArgument("k is ", options.k, ", with diversity or exploration at most ",
                           kMaxPool);
  }
  if (diversity.kind == DiversityKind::kCalibrated && diversity.group.empty()) {
    return InvalidArgument("diversity: calibrated needs the attribute that it calibrates");
  }
  return absl::OkStatus();
}

absl::Status CheckRetrieval(const RecommenderModel& model, const RecommendOptions& options) {
  if (options.method == RecommendMethod::kModel && options.retrieval == Retrieval::kIndex &&
      model.lists_by_history()) {
    return InvalidArgument("retrieval: the item index holds embeddings, and this ",
                           RecommenderKindName(model.kind), " ranks by ",
                           model.has_operator() ? "an item-item operator" : "its ranker",
                           "; ask for exact retrieval");
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
  if (parts.model->lists_by_history() || options.method == RecommendMethod::kNeighbours) {
    BURGEON_CHECK(parts.interactions.rows() == customers && parts.interactions.cols == items);
  }
  if (options.method == RecommendMethod::kNeighbours) {
    BURGEON_CHECK(parts.customer_index != nullptr && parts.customer_index->rows() == customers);
    BURGEON_CHECK(parts.customer_index->params().similarity == Similarity::kCosine);
  }
}

// Why popularity has to answer this query before anything is looked up; "" when it has not.
std::string ReasonToFallBack(const RecommendQuery& query, std::span<const float> embedding) {
  if (BringsHistory(query) && query.history_items.empty()) return kNoHistory;
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

// How many items of a ranking are asked for at first.
int FirstAsk(const RecommendOptions& options) {
  int ask = options.caps.empty() ? options.k : 2 * options.k;
  if (options.diversity.kind != DiversityKind::kNone) ask = std::max(ask, options.diversity.pool);
  if (options.exploration.share > 0) ask = std::max(ask, options.exploration.pool);
  return std::min(ask, limits::kMaxK);
}

// Some queries on their way to lists.
class Block {
 public:
  Block(ExecutionContext& context, const RecommenderParts& parts,
        std::span<const RecommendQuery> queries, const RecommendOptions& options,
        std::optional<PopularityRanking>* popular, std::span<Recommendation> answers)
      : context_(context),
        parts_(parts),
        queries_(queries),
        options_(options),
        popular_(popular),
        answers_(answers),
        builders_(queries.size(), ListBuilder(options)) {}

  absl::Status Answer() {
    BURGEON_RETURN_IF_ERROR(Rank());
    TakeRanked();
    for (size_t q = 0; q < queries_.size(); ++q) {
      BURGEON_RETURN_IF_ERROR(Widen(q));
      FillUp(q);
      answers_[q].items = builders_[q].Finish();
    }
    return absl::OkStatus();
  }

 private:
  // The ranking that all fall back to; made when somebody needs it.
  const PopularityRanking& popular() {
    if (!*popular_) popular_->emplace(parts_.model->popularity, options_.allowed_items);
    return **popular_;
  }
  std::span<const uint32_t> Masked(size_t q) const {
    return MaskedItems(parts_, queries_[q], options_.seen);
  }

  // A ranking of every query by the method asked for, or by popularity with the reason.
  absl::Status Rank() {
    const int ask = FirstAsk(options_);
    if (options_.method != RecommendMethod::kPopularity) {
      BURGEON_ASSIGN_OR_RETURN(embeddings_, QueryEmbeddings(context_, *parts_.model, queries_));
      RecommendOptions first = options_;
      first.k = ask;
      BURGEON_ASSIGN_OR_RETURN(
          rankings_, ListsByMethod(context_, parts_, queries_, embeddings_.view(), first));
    }
    rankings_.resize(queries_.size());
    for (size_t q = 0; q < queries_.size(); ++q) {
      Recommendation& answer = answers_[q];
      answer.method = options_.method;
      if (options_.method != RecommendMethod::kPopularity) {
        answer.fallback_reason = FallbackOf(q);
        if (answer.fallback_reason.empty()) continue;
        answer.method = RecommendMethod::kPopularity;
      }
      rankings_[q] = popular().Best(ask, Masked(q));
    }
    return absl::OkStatus();
  }

  std::string FallbackOf(size_t q) const {
    std::string reason = ReasonToFallBack(queries_[q], embeddings_.row(static_cast<int64_t>(q)));
    if (!reason.empty() || !rankings_[q].empty()) return reason;
    return options_.method == RecommendMethod::kNeighbours ? kNoNeighbours : kNothingListed;
  }

  // Pinned items, and then what the first ranking gives.
  void TakeRanked() {
    const auto count = static_cast<int64_t>(queries_.size());
    context_.pool().ParallelFor(count, /*block=*/16, [&](int64_t begin, int64_t end) {
      for (auto q = static_cast<size_t>(begin); q < static_cast<size_t>(end); ++q) TakeRanked(q);
    });
  }
  void TakeRanked(size_t q) {
    ListBuilder& list = builders_[q];
    for (const uint32_t row : options_.pinned) {
      if (list.full()) return;
      if (!MayList(Masked(q), options_.allowed_items, row) || !list.MayTake(ItemRow(row))) continue;
      list.Take({.item = ItemRow(row),
                 .score = std::numeric_limits<float>::quiet_NaN(),
                 .source = ItemSource::kPinned});
    }
    const std::span<const ScoredItem> pool = rankings_[q];
    const size_t steps = options_.caps.empty() ? static_cast<size_t>(options_.k) : pool.size();
    const std::vector<size_t> order =
        DiversifiedOrder(pool, parts_.model->item_embeddings.view(), HistoryOf(parts_, queries_[q]),
                         options_.diversity, steps);
    const ItemSource source = SourceOf(answers_[q].method);
    if (options_.exploration.share > 0) {
      list.TakeExploring(pool, order, source, queries_[q].exploration_key);
    } else {
      list.TakeInOrder(pool, order, source);
    }
  }

  // Asks for more of the ranking, without what is listed or cannot be, until the list is full or
  // the ranking is at its end.
  absl::Status Widen(size_t q) {
    ListBuilder& list = builders_[q];
    if (answers_[q].method == RecommendMethod::kPopularity) return absl::OkStatus();
    int asked = FirstAsk(options_);
    size_t got = rankings_[q].size();
    while (!list.full() && got == static_cast<size_t>(asked)) {
      const std::vector<uint64_t> remaining = list.Remaining(parts_.model->item_embeddings.rows());
      asked = std::min(2 * asked, limits::kMaxK);
      RecommendOptions more = options_;
      more.k = asked;
      more.allowed_items = remaining;
      const auto row = static_cast<int64_t>(q);
      BURGEON_ASSIGN_OR_RETURN(const Lists lists,
                               ListsByMethod(context_, parts_, queries_.subspan(q, 1),
                                             embeddings_.view().Rows(row, row + 1), more));
      got = lists.front().size();
      for (const ScoredItem& entry : lists.front()) {
        if (list.full()) break;
        if (!list.MayTake(entry.item)) continue;
        list.Take({entry.item, entry.score, SourceOf(answers_[q].method)});
      }
    }
    return absl::OkStatus();
  }

  // The most popular of what may be listed and is not.
  void FillUp(size_t q) {
    ListBuilder& list = builders_[q];
    if (list.full()) return;
    const auto masked = Masked(q);
    for (const ScoredItem& entry : popular().ranked()) {
      if (list.full()) return;
      if (std::binary_search(masked.begin(), masked.end(), entry.item.value)) continue;
      if (list.MayTake(entry.item)) list.Take({entry.item, entry.score, ItemSource::kPopularity});
    }
  }

  ExecutionContext& context_;
  const RecommenderParts& parts_;
  std::span<const RecommendQuery> queries_;
  const RecommendOptions& options_;
  std::optional<PopularityRanking>* popular_;
  std::span<Recommendation> answers_;
  FloatMatrix embeddings_;
  Lists rankings_;
  std::vector<ListBuilder> builders_;
};

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

std::optional<DiversityKind> ParseDiversityKind(std::string_view name) {
  if (name == "none") return DiversityKind::kNone;
  if (name == "mmr") return DiversityKind::kMmr;
  if (name == "dpp") return DiversityKind::kDpp;
  if (name == "calibrated") return DiversityKind::kCalibrated;
  return std::nullopt;
}

std::string_view ItemSourceName(ItemSource source) {
  switch (source) {
    case ItemSource::kModel:
      return "model";
    case ItemSource::kNeighbours:
      return "neighbours";
    case ItemSource::kPopularity:
      return "popularity";
    case ItemSource::kPinned:
      return "pinned";
    case ItemSource::kExploration:
      return "exploration";
    case ItemSource::kContent:
      return "content";
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
  std::optional<PopularityRanking> popular;
  const auto count = static_cast<int64_t>(queries.size());
  for (int64_t begin = 0; begin < count; begin += kQueriesAtOnce) {
    const auto first = static_cast<size_t>(begin);
    const auto size = static_cast<size_t>(std::min(kQueriesAtOnce, count - begin));
    BURGEON_RETURN_IF_ERROR(Block(context, parts, queries.subspan(first, size), options, &popular,
                                  std::span(answers).subspan(first, size))
                                .Answer());
  }
  return answers;
}

}  // namespace burgeon
