#include "training/recommender/als_loss.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "engine/ops/dense.h"

namespace burgeon {
namespace {

constexpr int64_t kRowBlock = 512;

double Dot(std::span<const float> x, std::span<const float> y) {
  double sum = 0;
  for (size_t k = 0; k < x.size(); ++k) sum += static_cast<double>(x[k]) * y[k];
  return sum;
}

// sum over rows of term(row), in blocks that do not depend on the number of threads.
template <class Term>
double SumOverRows(ExecutionContext& context, int64_t rows, const Term& term) {
  std::vector<double> sums(static_cast<size_t>((rows + kRowBlock - 1) / kRowBlock));
  context.pool().ParallelFor(rows, kRowBlock, [&](int64_t begin, int64_t end) {
    double& sum = sums[static_cast<size_t>(begin / kRowBlock)];
    for (int64_t i = begin; i < end; ++i) sum += term(i);
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0);
}

// sum lambda_u |x_u|^2 of one side; `others`: rows of the other.
double Regularizer(ExecutionContext& context, const CsrView& rows, int64_t others,
                   MatrixView<const float> factors, const AlsStepParams& params) {
  const double unobserved =
      static_cast<double>(params.unobserved_weight) * static_cast<double>(others);
  return SumOverRows(context, rows.rows(), [&](int64_t u) {
    const auto weights = rows.row_values(u);
    double sum = weights.empty() ? static_cast<double>(rows.row_columns(u).size()) : 0;
    for (const float w : weights) sum += w;
    return params.regularization * std::pow(sum + unobserved, params.regularization_exponent) *
           Dot(factors.row(u), factors.row(u));
  });
}

double Observed(ExecutionContext& context, const AlsLossInput& input) {
  return SumOverRows(context, input.interactions.rows(), [&](int64_t u) {
    const auto columns = input.interactions.row_columns(u);
    const auto weights = input.interactions.row_values(u);
    double sum = 0;
    for (size_t k = 0; k < columns.size(); ++k) {
      const double error = 1 - Dot(input.customers.row(u), input.items.row(columns[k]));
      sum += (weights.empty() ? 1.0 : static_cast<double>(weights[k])) * error * error;
    }
    return sum;
  });
}

// sum_u sum_i <x_u, y_i>^2 = sum_jk (X'X)_jk (Y'Y)_jk.
double Everywhere(ExecutionContext& context, const AlsLossInput& input) {
  const DoubleMatrix of_customers = Gram(context, input.customers);
  const DoubleMatrix of_items = Gram(context, input.items);
  return std::inner_product(of_customers.values().begin(), of_customers.values().end(),
                            of_items.values().begin(), 0.0);
}

}  // namespace

double AlsLoss(ExecutionContext& context, const AlsLossInput& input, const AlsStepParams& params) {
  const double total =
      Observed(context, input) + params.unobserved_weight * Everywhere(context, input) +
      Regularizer(context, input.interactions, input.items.rows, input.customers, params) +
      Regularizer(context, input.transposed, input.customers.rows, input.items, params);
  return total / static_cast<double>(std::max<int64_t>(1, input.interactions.nonzeros()));
}

}  // namespace burgeon
