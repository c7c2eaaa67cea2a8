#include "training/recommender/score_size.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/ops/dense.h"

namespace burgeon {
namespace {

constexpr int64_t kCustomerBlock = 64;

// sum_uj (c_u v_j)^2, c and v the rows of the two tables.
double SumOfSquares(ExecutionContext& context, const RecommenderModel& model) {
  const DoubleMatrix customers = Gram(context, model.customer_embeddings.view());
  const DoubleMatrix items = Gram(context, model.item_embeddings.view());
  double sum = 0;
  for (size_t i = 0; i < items.values().size(); ++i) {
    sum += customers.values()[i] * items.values()[i];
  }
  return sum;
}

// |X B|^2: blocks of customers, added in their order.
double SumOfSquares(ExecutionContext& context, const CsrView& interactions, const CsrView& b) {
  const int64_t rows = interactions.rows();
  std::vector<double> sums(static_cast<size_t>((rows + kCustomerBlock - 1) / kCustomerBlock), 0);
  context.pool().ParallelFor(rows, kCustomerBlock, [&](int64_t begin, int64_t end) {
    std::vector<double> scores(static_cast<size_t>(b.cols));
    double& sum = sums[static_cast<size_t>(begin / kCustomerBlock)];
    for (int64_t u = begin; u < end; ++u) {
      std::ranges::fill(scores, 0);
      const auto items = interactions.row_columns(u);
      const auto weights = interactions.row_values(u);
      for (size_t h = 0; h < items.size(); ++h) {
        const double weight = weights.empty() ? 1 : weights[h];
        const auto columns = b.row_columns(items[h]);
        const auto values = b.row_values(items[h]);
        for (size_t e = 0; e < columns.size(); ++e) scores[columns[e]] += weight * values[e];
      }
      for (const double score : scores) sum += score * score;
    }
  });
  double total = 0;
  for (const double sum : sums) total += sum;
  return total;
}

}  // namespace

double RootMeanSquareScore(ExecutionContext& context, const RecommenderModel& model,
                           const CsrView& interactions) {
  const double squares = model.has_operator()
                             ? SumOfSquares(context, interactions, model.item_operator.view())
                             : SumOfSquares(context, model);
  const double pairs =
      static_cast<double>(interactions.rows()) * static_cast<double>(interactions.cols);
  return std::sqrt(std::max(squares, 0.0) / pairs);
}

}  // namespace burgeon
