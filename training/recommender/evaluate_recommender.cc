#include "training/recommender/evaluate_recommender.h"

#include <algorithm>
#include <vector>

#include "engine/ops/top_k.h"

namespace burgeon {
namespace {

// Ranked at a time: bounds the copies of embeddings and the lists in memory.
constexpr size_t kCustomerBatch = 4096;

CsrMatrix SelectRows(const CsrView& matrix, std::span<const int64_t> rows) {
  CsrMatrix out;
  out.cols = matrix.cols;
  for (const int64_t row : rows) {
    const auto columns = matrix.row_columns(row);
    out.columns.insert(out.columns.end(), columns.begin(), columns.end());
    out.offsets.push_back(static_cast<int64_t>(out.columns.size()));
  }
  return out;
}

// embedding(row): the query of a customer.
template <class Embedding>
absl::StatusOr<RankingMetrics> Evaluate(ExecutionContext& context, MatrixView<const float> items,
                                        const Embedding& embedding, const CsrView& mask,
                                        const CsrView& test, int k) {
  if (mask.rows() != test.rows() || mask.cols != test.cols || test.cols != items.rows) {
    return InvalidArgument("evaluate: mask is ", mask.rows(), " x ", mask.cols, ", test ",
                           test.rows(), " x ", test.cols, ", and there are ", items.rows,
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
    FloatMatrix queries(static_cast<int64_t>(batch.size()), items.cols);
    for (size_t q = 0; q < batch.size(); ++q) {
      std::ranges::copy(embedding(batch[q]), queries.row(static_cast<int64_t>(q)).begin());
    }
    const CsrMatrix excluded = SelectRows(mask, batch);
    const TopKInput input = {
        .queries = queries.view(), .items = items, .excluded = excluded.view(), .allowed = {}};
    BURGEON_ASSIGN_OR_RETURN(const TopKResult lists, TopK(context, input, {.k = k}));
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
                                             const RecommenderModel& model, const CsrView& mask,
                                             const CsrView& test, int k) {
  if (model.customer_embeddings.rows() != test.rows()) {
    return InvalidArgument("evaluate: the model has ", model.customer_embeddings.rows(),
                           " customers, test ", test.rows(), ": they must be as many");
  }
  return Evaluate(
      context, model.item_embeddings.view(),
      [&](int64_t u) { return model.customer_embeddings.row(u); }, mask, test, k);
}

absl::StatusOr<RankingMetrics> EvaluatePopularity(ExecutionContext& context,
                                                  std::span<const float> popularity,
                                                  const CsrView& mask, const CsrView& test, int k) {
  // One dimension: every customer is 1, an item its popularity.
  const float one = 1;
  const MatrixView<const float> items = {popularity.data(), static_cast<int64_t>(popularity.size()),
                                         1, 1};
  return Evaluate(
      context, items, [&](int64_t) { return std::span(&one, 1); }, mask, test, k);
}

}  // namespace burgeon
