#include "engine/ops/sampled_softmax_cpu.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/ops/blas.h"

namespace burgeon {
namespace {

constexpr int64_t kBlockRows = 64;  // fixed: bits do not depend on the number of threads
constexpr int64_t kTileColumns = 512;
constexpr float kNever = -std::numeric_limits<float>::infinity();

float Value(std::span<const float> values, int64_t i, float otherwise) {
  return values.empty() ? otherwise : values[static_cast<size_t>(i)];
}

struct Softmax {
  const SampledSoftmaxInput& input;
  float inverse_temperature;
  const SampledSoftmaxOutput& output;
  bool gradients;
  std::vector<float> log_sums;  // of each query, its positive among them

  // scores = rows columns' / T.
  MatrixView<float> Multiply(MatrixView<const float> rows, MatrixView<const float> columns,
                             std::vector<float>& memory) const {
    const MatrixView<float> scores{memory.data(), rows.rows, columns.rows, columns.rows};
    blas::Gemm(Transposed::kNo, Transposed::kYes, inverse_temperature, rows, columns, 0, scores);
    return scores;
  }

  // The logit of a product of `query` and `candidate` over T.
  float Logit(float product, int64_t query, int64_t candidate) const {
    if (!input.positive_ids.empty() && input.positive_ids[static_cast<size_t>(query)] ==
                                           input.candidate_ids[static_cast<size_t>(candidate)]) {
      return kNever;
    }
    return product - Value(input.candidate_log_q, candidate, 0);
  }

  float PositiveLogit(int64_t query) const {
    double sum = 0;
    const auto q = input.queries.row(query);
    const auto p = input.positives.row(query);
    for (size_t k = 0; k < q.size(); ++k) sum += static_cast<double>(q[k]) * p[k];
    return static_cast<float>(sum * static_cast<double>(inverse_temperature)) -
           Value(input.positive_log_q, query, 0);
  }

  void FinishQuery(int64_t query, float maximum, double sum);
  void QueryBlock(int64_t begin, int64_t end);
  void CandidateBlock(int64_t begin, int64_t end) const;
};

// Of a row of scores, which become exp(score - maximum): raises the maximum, and adds to the sum.
// Returns what earlier sums are to be multiplied by.
float AddScores(std::span<float> scores, float& maximum, double& sum) {
  const float before = maximum;
  for (const float s : scores) maximum = std::max(maximum, s);
  if (maximum == kNever) {
    std::ranges::fill(scores, 0.0F);
    return 1;
  }
  const float factor = std::exp(before - maximum);
  sum *= static_cast<double>(factor);
  for (float& s : scores) {
    s = std::exp(s - maximum);
    sum += static_cast<double>(s);
  }
  return factor;
}

// The query's gradient holds sum_j exp(s_ij - maximum) c_j.
void Softmax::FinishQuery(int64_t query, float maximum, double sum) {
  const float positive = PositiveLogit(query);
  const float top = std::max(maximum, positive);
  const double total = sum * std::exp(static_cast<double>(maximum) - static_cast<double>(top)) +
                       std::exp(static_cast<double>(positive) - static_cast<double>(top));
  const double log_total = std::log(total);
  log_sums[static_cast<size_t>(query)] = static_cast<float>(static_cast<double>(top) + log_total);
  output.losses[static_cast<size_t>(query)] =
      static_cast<float>(static_cast<double>(top) - static_cast<double>(positive) + log_total);
  if (!gradients) return;
  const auto q = input.queries.row(query);
  const auto p = input.positives.row(query);
  const auto of_query = output.query_gradient.row(query);
  const auto of_positive = output.positive_gradient.row(query);
  const float weight = inverse_temperature * Value(input.weights, query, 1);
  const float others = maximum == kNever
                           ? 0.0F
                           : static_cast<float>(std::exp(static_cast<double>(maximum) -
                                                         static_cast<double>(top) - log_total));
  // 1 - P_i0, without cancellation.
  const auto missed = static_cast<float>(static_cast<double>(others) * sum);
  for (size_t k = 0; k < q.size(); ++k) {
    of_query[k] = weight * (others * of_query[k] - missed * p[k]);
    of_positive[k] = -weight * missed * q[k];
  }
}

void Softmax::QueryBlock(int64_t begin, int64_t end) {
  const auto rows = input.queries.Rows(begin, end);
  std::vector<float> memory(static_cast<size_t>(kBlockRows * kTileColumns));
  std::vector<float> maxima(static_cast<size_t>(rows.rows), kNever);
  std::vector<double> sums(static_cast<size_t>(rows.rows), 0.0);
  if (gradients) {
    for (int64_t i = begin; i < end; ++i) std::ranges::fill(output.query_gradient.row(i), 0.0F);
  }
  for (int64_t first = 0; first < input.candidates.rows; first += kTileColumns) {
    const auto tile =
        input.candidates.Rows(first, std::min(input.candidates.rows, first + kTileColumns));
    const MatrixView<float> scores = Multiply(rows, tile, memory);
    for (int64_t i = 0; i < rows.rows; ++i) {
      const auto row = scores.row(i);
      for (size_t j = 0; j < row.size(); ++j) {
        row[j] = Logit(row[j], begin + i, first + static_cast<int64_t>(j));
      }
      const auto k = static_cast<size_t>(i);
      const float factor = AddScores(row, maxima[k], sums[k]);
      if (!gradients || factor == 1) continue;
      for (float& x : output.query_gradient.row(begin + i)) x *= factor;
    }
    if (!gradients) continue;
    blas::Gemm(Transposed::kNo, Transposed::kNo, 1, scores, tile, 1,
               output.query_gradient.Rows(begin, end));
  }
  for (int64_t i = begin; i < end; ++i) {
    const auto k = static_cast<size_t>(i - begin);
    FinishQuery(i, maxima[k], sums[k]);
  }
}

void Softmax::CandidateBlock(int64_t begin, int64_t end) const {
  const auto rows = input.candidates.Rows(begin, end);
  const auto gradient = output.candidate_gradient.Rows(begin, end);
  std::vector<float> memory(static_cast<size_t>(kBlockRows * kTileColumns));
  for (int64_t j = 0; j < gradient.rows; ++j) std::ranges::fill(gradient.row(j), 0.0F);
  for (int64_t first = 0; first < input.queries.rows; first += kTileColumns) {
    const auto tile = input.queries.Rows(first, std::min(input.queries.rows, first + kTileColumns));
    const MatrixView<float> scores = Multiply(rows, tile, memory);
    for (int64_t j = 0; j < rows.rows; ++j) {
      const auto row = scores.row(j);
      for (size_t i = 0; i < row.size(); ++i) {
        const int64_t query = first + static_cast<int64_t>(i);
        const float logit = Logit(row[i], query, begin + j);
        row[i] = inverse_temperature * Value(input.weights, query, 1) *
                 std::exp(logit - log_sums[static_cast<size_t>(query)]);
      }
    }
    blas::Gemm(Transposed::kNo, Transposed::kNo, 1, scores, tile, 1, gradient);
  }
}

}  // namespace

void SampledSoftmaxCpu(ExecutionContext& context, const SampledSoftmaxInput& input,
                       const SampledSoftmaxParams& params, const SampledSoftmaxOutput& output) {
  Softmax softmax{.input = input,
                  .inverse_temperature = 1 / params.temperature,
                  .output = output,
                  .gradients = output.query_gradient.rows > 0,
                  .log_sums = std::vector<float>(static_cast<size_t>(input.queries.rows))};
  context.pool().ParallelFor(input.queries.rows, kBlockRows,
                             [&](int64_t begin, int64_t end) { softmax.QueryBlock(begin, end); });
  if (output.candidate_gradient.rows == 0) return;
  context.pool().ParallelFor(input.candidates.rows, kBlockRows, [&](int64_t begin, int64_t end) {
    softmax.CandidateBlock(begin, end);
  });
}

}  // namespace burgeon
