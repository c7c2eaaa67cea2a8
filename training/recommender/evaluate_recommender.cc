#include "training/recommender/evaluate_recommender.h"

#include <algorithm>
#include <vector>

#include "engine/models/model_top_k.h"

namespace burgeon {
namespace {

// Ranked at a time: bounds the copies of embeddings and the lists in memory.
constexpr size_t kCustomerBatch = 4096;

CsrMatrix SelectRows(const CsrView& matrix, std::span<const int64_t> rows) {
  CsrMatrix out;
  out.cols = matrix.cols;
  for (const int64_t row : rows) {
    const auto columns = matrix.row_columns(row);
    const auto values = matrix.row_values(row);
    out.columns.insert(out.columns.end(), columns.begin(), columns.end());
    out.values.insert(out.values.end(), values.begin(), values.end());
    out.offsets.push_back(static_cast<int64_t>(out.columns.size()));
  }
  return out;
}

// lists_of(customers): a TopKResult, a list a customer.
template <class ListsOf>
absl::StatusOr<RankingMetrics> Evaluate(int64_t items, const ListsOf& lists_of, const CsrView& mask,
                                        const CsrView& test, int k) {
  if (mask.rows() != test.rows() || mask.cols != test.cols || test.cols != items) {
    return InvalidArgument("evaluate: mask is ", mask.rows(), " x ", mask.cols, ", test ",
                           test.rows(), " x ", test.cols, ", and there are ", items,
                           " items: rows and columns must be the same");
  }
  std::vector<int64_t> customers;
  for (int64_t u = 0; u < test.rows(); ++u) {
    if (!test.row_columns(u).empty()) customers.push_back(u);
  }
  RankingAccumulator accumulator(k);
  std::vector<uint32_t> ranked;
  for (size_t begin = 0; begin < customers.size(); begin += kCustomerBatch) {
    const auto batch =
        std::span(customers).subspan(begin, std::min(kCustomerBatch, customers.size() - begin));
    BURGEON_ASSIGN_OR_RETURN(const TopKResult lists, lists_of(batch));
    for (size_t q = 0; q < batch.size(); ++q) {
      ranked.clear();
      for (const ScoredItem& entry : lists.list(static_cast<int64_t>(q))) {
        ranked.push_back(entry.item.value);
      }
      accumulator.Add(ranked, test.row_columns(batch[q]));
    }
  }
  return accumulator.Mean();
}

}  // namespace

absl::StatusOr<RankingMetrics> EvaluateModel(ExecutionContext& context,
                                             const RecommenderModel& model,
                                             const CsrView& histories, const CsrView& mask,
                                             const CsrView& test, int k) {
  for (const int64_t rows : {model.customer_embeddings.rows(), histories.rows()}) {
    if (rows != test.rows()) {
      return InvalidArgument("evaluate: the model or its histories have ", rows,
                             " customers, test ", test.rows(), ": they must be as many");
    }
  }
  const auto lists_of = [&](std::span<const int64_t> batch) {
    FloatMatrix queries(std::ssize(batch), model.dim());
    for (size_t q = 0; q < batch.size(); ++q) {
      std::ranges::copy(model.customer_embeddings.row(batch[q]),
                        queries.row(static_cast<int64_t>(q)).begin());
    }
    const CsrMatrix excluded = SelectRows(mask, batch);
    const CsrMatrix selected = model.has_operator() ? SelectRows(histories, batch) : CsrMatrix();
    return ModelTopK(context, model,
                     {.embeddings = queries.view(),
                      .histories = selected.view(),
                      .excluded = excluded.view(),
                      .allowed = {}},
                     {.k = k});
  };
  return Evaluate(model.item_embeddings.rows(), lists_of, mask, test, k);
}

absl::StatusOr<RankingMetrics> EvaluatePopularity(ExecutionContext& context,
                                                  std::span<const float> popularity,
                                                  const CsrView& mask, const CsrView& test, int k) {
  // One dimension: every customer is 1, an item its popularity.
  const auto items = std::ssize(popularity);
  const auto lists_of = [&](std::span<const int64_t> batch) {
    FloatMatrix queries(std::ssize(batch), 1);
    std::ranges::fill(queries.values(), 1.0F);
    const CsrMatrix excluded = SelectRows(mask, batch);
    return TopK(context,
                {.queries = queries.view(),
                 .items = {popularity.data(), items, 1, 1},
                 .excluded = excluded.view(),
                 .allowed = {}},
                {.k = k});
  };
  return Evaluate(items, lists_of, mask, test, k);
}

}  // namespace burgeon
