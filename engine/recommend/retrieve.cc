#include "engine/recommend/retrieve.h"

#include <algorithm>

#include "engine/models/model_top_k.h"
#include "engine/recommend/masks.h"

namespace burgeon {

namespace {

using Lists = std::vector<std::vector<ScoredItem>>;

// What the queries' customers did, by row; for models that rank by it.
CsrMatrix Histories(const RecommenderParts& parts, std::span<const RecommendQuery> queries) {
  CsrMatrix histories;
  histories.cols = parts.model->item_embeddings.rows();
  const auto append = [&histories](std::span<const uint32_t> items,
                                   std::span<const float> weights) {
    histories.columns.insert(histories.columns.end(), items.begin(), items.end());
    histories.values.insert(histories.values.end(), weights.begin(), weights.end());
    histories.values.resize(histories.columns.size(), 1.0F);  // without weights each is 1
    histories.offsets.push_back(std::ssize(histories.columns));
  };
  for (const RecommendQuery& query : queries) {
    const HistoryWeights history = HistoryOf(parts, query);
    append(history.items, history.weights);
  }
  return histories;
}

absl::StatusOr<Lists> RetrieveExactly(ExecutionContext& context, const RecommenderParts& parts,
                                      std::span<const RecommendQuery> queries,
                                      MatrixView<const float> embeddings,
                                      const RecommendOptions& options) {
  CsrMatrix excluded;
  excluded.cols = parts.model->item_embeddings.rows();
  for (const RecommendQuery& query : queries) {
    const auto masked = MaskedItems(parts, query, options.seen);
    excluded.columns.insert(excluded.columns.end(), masked.begin(), masked.end());
    excluded.offsets.push_back(static_cast<int64_t>(excluded.columns.size()));
  }
  CsrMatrix histories;
  if (parts.model->lists_by_history()) histories = Histories(parts, queries);
  const ModelTopKInput input{.embeddings = embeddings,
                             .histories = histories.view(),
                             .excluded = excluded.view(),
                             .allowed = options.allowed_items};
  BURGEON_ASSIGN_OR_RETURN(const TopKResult result,
                           ModelTopK(context, *parts.model, input, {.k = options.k}));
  Lists lists(queries.size());
  for (size_t q = 0; q < queries.size(); ++q) {
    const auto list = result.list(static_cast<int64_t>(q));
    lists[q].assign(list.begin(), list.end());
  }
  return lists;
}

// The index knows nothing of masks: it is asked for twice as many until k of them may be listed.
absl::StatusOr<std::vector<ScoredItem>> RetrieveFromIndex(const VectorIndex& index,
                                                          std::span<const float> embedding,
                                                          std::span<const uint32_t> masked,
                                                          const RecommendOptions& options) {
  const auto k = static_cast<size_t>(options.k);
  for (int64_t want = options.k + static_cast<int64_t>(masked.size());; want *= 2) {
    const bool all = want >= index.rows();
    const auto ask = static_cast<int>(std::max<int64_t>(1, std::min(want, index.rows())));
    BURGEON_ASSIGN_OR_RETURN(const std::vector<Neighbor> found, index.Search(embedding, ask));
    std::vector<ScoredItem> items;
    for (const Neighbor& n : found) {
      if (items.size() == k) break;
      if (MayList(masked, options.allowed_items, n.row)) items.push_back({ItemRow(n.row), n.score});
    }
    if (all || items.size() == k) return items;
  }
}

}  // namespace

absl::StatusOr<FloatMatrix> QueryEmbeddings(ExecutionContext& context,
                                            const RecommenderModel& model,
                                            std::span<const RecommendQuery> queries) {
  FloatMatrix embeddings(static_cast<int64_t>(queries.size()), model.dim());
  CsrMatrix histories;
  histories.cols = model.item_embeddings.rows();
  ItemSequences sequences;
  std::vector<int64_t> folded_in;  // queries that bring their history
  for (size_t q = 0; q < queries.size(); ++q) {
    const RecommendQuery& query = queries[q];
    if (!BringsHistory(query)) {
      const auto row = model.customer_embeddings.row(query.customer->value);
      std::copy(row.begin(), row.end(), embeddings.row(static_cast<int64_t>(q)).begin());
    } else if (!query.history_items.empty()) {
      folded_in.push_back(static_cast<int64_t>(q));
      histories.columns.insert(histories.columns.end(), query.history_items.begin(),
                               query.history_items.end());
      histories.values.insert(histories.values.end(), query.history_weights.begin(),
                              query.history_weights.end());
      histories.offsets.push_back(static_cast<int64_t>(histories.columns.size()));
      sequences.items.insert(sequences.items.end(), query.sequence.begin(), query.sequence.end());
      sequences.offsets.push_back(std::ssize(sequences.items));
    }
  }
  if (folded_in.empty()) return embeddings;
  BURGEON_ASSIGN_OR_RETURN(
      const FloatMatrix folded,
      FoldIn(context, model, {.weights = histories.view(), .sequence = sequences.view()}));
  for (size_t s = 0; s < folded_in.size(); ++s) {
    const auto row = folded.row(static_cast<int64_t>(s));
    std::copy(row.begin(), row.end(), embeddings.row(folded_in[s]).begin());
  }
  return embeddings;
}

absl::StatusOr<Lists> RetrieveByModel(ExecutionContext& context, const RecommenderParts& parts,
                                      std::span<const RecommendQuery> queries,
                                      MatrixView<const float> embeddings,
                                      const RecommendOptions& options) {
  if (options.retrieval == Retrieval::kExact) {
    return RetrieveExactly(context, parts, queries, embeddings, options);
  }
  Lists lists(queries.size());
  BURGEON_RETURN_IF_ERROR(context.pool().ParallelForStatus(
      static_cast<int64_t>(queries.size()), /*block=*/1, [&](int64_t q, int64_t) -> absl::Status {
        const auto& query = queries[static_cast<size_t>(q)];
        BURGEON_ASSIGN_OR_RETURN(
            lists[static_cast<size_t>(q)],
            RetrieveFromIndex(*parts.item_index, embeddings.row(q),
                              MaskedItems(parts, query, options.seen), options));
        return absl::OkStatus();
      }));
  return lists;
}

}  // namespace burgeon
