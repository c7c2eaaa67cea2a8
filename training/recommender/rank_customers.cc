#include "training/recommender/rank_customers.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "engine/models/model_top_k.h"
#include "training/recommender/select_rows.h"

namespace burgeon {
namespace {

// Ranked at a time: bounds the copies of embeddings and the lists in memory.
constexpr size_t kCustomerBatch = 4096;

absl::Status CheckShapes(int64_t items, const RankingTask& task) {
  const CsrView& mask = task.mask;
  const CsrView& test = task.test;
  if (mask.rows() == test.rows() && mask.cols == test.cols && test.cols == items) {
    return absl::OkStatus();
  }
  return InvalidArgument("evaluate: mask is ", mask.rows(), " x ", mask.cols, ", test ",
                         test.rows(), " x ", test.cols, ", and there are ", items,
                         " items: rows and columns must be the same");
}

std::vector<int64_t> CustomersWithItems(const CsrView& test) {
  std::vector<int64_t> customers;
  for (int64_t u = 0; u < test.rows(); ++u) {
    if (!test.row_columns(u).empty()) customers.push_back(u);
  }
  return customers;
}

absl::StatusOr<TopKResult> ListsOf(ExecutionContext& context, const RecommenderModel& model,
                                   const RankingTask& task, std::span<const int64_t> batch) {
  FloatMatrix queries(std::ssize(batch), model.dim());
  for (size_t q = 0; q < batch.size(); ++q) {
    std::ranges::copy(model.customer_embeddings.row(batch[q]),
                      queries.row(static_cast<int64_t>(q)).begin());
  }
  const CsrMatrix excluded = SelectRows(task.mask, batch);
  const CsrMatrix histories =
      model.lists_by_history() ? SelectRows(task.histories, batch) : CsrMatrix();
  return ModelTopK(context, model,
                   {.embeddings = queries.view(),
                    .histories = histories.view(),
                    .excluded = excluded.view(),
                    .allowed = {}},
                   {.k = task.k});
}

}  // namespace

absl::StatusOr<RankedLists> RankByModel(ExecutionContext& context, const RecommenderModel& model,
                                        const RankingTask& task) {
  for (const int64_t rows : {model.customer_embeddings.rows(), task.histories.rows()}) {
    if (rows != task.test.rows()) {
      return InvalidArgument("evaluate: the model or its histories have ", rows,
                             " customers, test ", task.test.rows(), ": they must be as many");
    }
  }
  BURGEON_RETURN_IF_ERROR(CheckShapes(model.item_embeddings.rows(), task));
  const std::vector<int64_t> customers = CustomersWithItems(task.test);
  RankedLists lists;
  for (size_t begin = 0; begin < customers.size(); begin += kCustomerBatch) {
    const auto batch =
        std::span(customers).subspan(begin, std::min(kCustomerBatch, customers.size() - begin));
    BURGEON_ASSIGN_OR_RETURN(const TopKResult top, ListsOf(context, model, task, batch));
    for (size_t q = 0; q < batch.size(); ++q) {
      while (lists.size() < batch[q]) lists.EndList();
      for (const ScoredItem& entry : top.list(static_cast<int64_t>(q))) {
        lists.items.push_back(entry.item.value);
      }
      lists.EndList();
    }
  }
  while (lists.size() < task.test.rows()) lists.EndList();
  return lists;
}

absl::StatusOr<RankedLists> RankByScore(std::span<const float> scores, const RankingTask& task) {
  BURGEON_RETURN_IF_ERROR(CheckShapes(std::ssize(scores), task));
  std::vector<uint32_t> order(scores.size());
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, [&](uint32_t a, uint32_t b) { return scores[a] > scores[b]; });
  RankedLists lists;
  for (int64_t u = 0; u < task.test.rows(); ++u) {
    if (!task.test.row_columns(u).empty()) {
      const auto mask = task.mask.row_columns(u);
      int listed = 0;
      for (size_t i = 0; i < order.size() && listed < task.k; ++i) {
        if (std::ranges::binary_search(mask, order[i])) continue;
        lists.items.push_back(order[i]);
        ++listed;
      }
    }
    lists.EndList();
  }
  return lists;
}

}  // namespace burgeon
