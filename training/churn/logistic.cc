#include "training/churn/logistic.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace burgeon {
namespace {

constexpr int64_t kRowsPerBlock = 2048;
constexpr int kMaxIterations = 100;
constexpr int kMaxHalvings = 40;
constexpr double kTolerance = 1e-10;  // of a step, relative to 1 + |parameter|

struct Problem {
  MatrixView<const float> features;
  std::span<const double> target;
  double l2 = 0;
  size_t width() const { return static_cast<size_t>(features.cols) + 1; }  // the intercept last
};

double Linear(const Problem& problem, int64_t i, const std::vector<double>& w) {
  const auto x = problem.features.row(i);
  double z = w.back();
  for (size_t j = 0; j < x.size(); ++j) z += w[j] * x[j];
  return z;
}

// log(1 + e^z) without overflow.
double SoftPlus(double z) { return std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z))); }

double Ridge(const Problem& problem, const std::vector<double>& w) {
  double sum = 0;
  for (size_t j = 0; j + 1 < w.size(); ++j) sum += w[j] * w[j];
  return 0.5 * problem.l2 * sum;
}

// Sums `add(row, partial)` over rows into vectors of `size`: a block a partial, partials in order.
template <class Add>
std::vector<double> BlockSum(ThreadPool& pool, int64_t rows, size_t size, const Add& add) {
  const int64_t blocks = (rows + kRowsPerBlock - 1) / kRowsPerBlock;
  std::vector<std::vector<double>> partial(static_cast<size_t>(blocks));
  pool.ParallelFor(rows, kRowsPerBlock, [&](int64_t begin, int64_t end) {
    std::vector<double> sum(size, 0.0);
    for (int64_t i = begin; i < end; ++i) add(i, &sum);
    partial[static_cast<size_t>(begin / kRowsPerBlock)] = std::move(sum);
  });
  std::vector<double> total(size, 0.0);
  for (const std::vector<double>& one : partial) {
    for (size_t k = 0; k < size; ++k) total[k] += one[k];
  }
  return total;
}

double Objective(ThreadPool& pool, const Problem& problem, const std::vector<double>& w) {
  const auto add = [&](int64_t i, std::vector<double>* sum) {
    const double z = Linear(problem, i, w);
    (*sum)[0] += SoftPlus(z) - problem.target[static_cast<size_t>(i)] * z;
  };
  const auto loss = BlockSum(pool, problem.features.rows, 1, add);
  return loss[0] + Ridge(problem, w);
}

// The gradient, then the lower triangle of the Hessian row by row.
std::vector<double> Derivatives(ThreadPool& pool, const Problem& problem,
                                const std::vector<double>& w) {
  const size_t n = problem.width();
  auto sums = BlockSum(
      pool, problem.features.rows, n + n * (n + 1) / 2, [&](int64_t i, std::vector<double>* sum) {
        const double z = Linear(problem, i, w);
        const double p = 1 / (1 + std::exp(-z));
        const double residual = p - problem.target[static_cast<size_t>(i)];
        const double curvature = p * (1 - p);
        const auto x = problem.features.row(i);
        const auto value = [&](size_t j) { return j + 1 == n ? 1.0 : static_cast<double>(x[j]); };
        size_t k = n;
        for (size_t j = 0; j < n; ++j) {
          (*sum)[j] += residual * value(j);
          const double scaled = curvature * value(j);
          for (size_t l = 0; l <= j; ++l) (*sum)[k++] += scaled * value(l);
        }
      });
  size_t diagonal = n;
  for (size_t j = 0; j + 1 < n; ++j) {
    sums[j] += problem.l2 * w[j];
    sums[diagonal] += problem.l2;
    diagonal += j + 2;
  }
  return sums;
}

// Solves H step = gradient by Cholesky; false when H is not positive definite.
bool Solve(const std::vector<double>& derivatives, size_t n, std::vector<double>* step) {
  std::vector<double> lower(derivatives.begin() + static_cast<int64_t>(n), derivatives.end());
  const auto at = [&](size_t i, size_t j) -> double& { return lower[i * (i + 1) / 2 + j]; };
  for (size_t i = 0; i < n; ++i) {
    for (size_t j = 0; j <= i; ++j) {
      double sum = at(i, j);
      for (size_t k = 0; k < j; ++k) sum -= at(i, k) * at(j, k);
      if (i == j && !(sum > 0)) return false;
      at(i, j) = i == j ? std::sqrt(sum) : sum / at(j, j);
    }
  }
  step->assign(derivatives.begin(), derivatives.begin() + static_cast<int64_t>(n));
  for (size_t i = 0; i < n; ++i) {
    for (size_t k = 0; k < i; ++k) (*step)[i] -= at(i, k) * (*step)[k];
    (*step)[i] /= at(i, i);
  }
  for (size_t i = n; i-- > 0;) {
    for (size_t k = i + 1; k < n; ++k) (*step)[i] -= at(k, i) * (*step)[k];
    (*step)[i] /= at(i, i);
  }
  return true;
}

absl::Status CheckProblem(const Problem& problem) {
  if (problem.features.rows != static_cast<int64_t>(problem.target.size())) {
    return InvalidArgument("logistic regression: ", problem.features.rows, " rows for ",
                           problem.target.size(), " targets");
  }
  if (!(problem.l2 > 0)) {
    return InvalidArgument("logistic regression: l2 ", problem.l2, " is not above 0");
  }
  double sum = 0;
  for (const double target : problem.target) sum += target;
  if (!(sum > 0 && sum < static_cast<double>(problem.target.size()))) {
    return FailedPrecondition("logistic regression: the targets of ", problem.target.size(),
                              " rows sum to ", sum, "; both kinds are needed");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<LogisticFit> FitLogistic(ThreadPool& pool, MatrixView<const float> features,
                                        std::span<const double> target, double l2) {
  const Problem problem{features, target, l2};
  BURGEON_RETURN_IF_ERROR(CheckProblem(problem));
  const size_t n = problem.width();
  std::vector<double> w(n, 0.0);
  double objective = Objective(pool, problem, w);
  LogisticFit fit;
  for (fit.iterations = 1; fit.iterations <= kMaxIterations; ++fit.iterations) {
    std::vector<double> step;
    if (!Solve(Derivatives(pool, problem, w), n, &step)) {
      return Internal("logistic regression: the Hessian is not positive definite; are there values",
                      " that are not finite among the features?");
    }
    double largest = 0;
    for (size_t j = 0; j < n; ++j) {
      largest = std::max(largest, std::abs(step[j]) / (1 + std::abs(w[j])));
    }
    // Newton's step, halved until the objective does not grow.
    double fraction = 1;
    for (int half = 0; half < kMaxHalvings; ++half, fraction /= 2) {
      std::vector<double> next = w;
      for (size_t j = 0; j < n; ++j) next[j] -= fraction * step[j];
      const double value = Objective(pool, problem, next);
      if (value > objective) continue;
      w = std::move(next);
      objective = value;
      break;
    }
    if (largest < kTolerance || fraction < 1e-9) break;
  }
  fit.intercept = w.back();
  w.pop_back();
  fit.weight = std::move(w);
  return fit;
}

absl::StatusOr<PlattScale> FitPlatt(ThreadPool& pool, std::span<const double> logit,
                                    std::span<const uint8_t> label) {
  const auto positives = static_cast<double>(std::count(label.begin(), label.end(), 1));
  const double negatives = static_cast<double>(label.size()) - positives;
  FloatMatrix features(static_cast<int64_t>(logit.size()), 1,
                       std::vector<float>(logit.begin(), logit.end()));
  std::vector<double> target;
  for (const uint8_t y : label) {
    target.push_back(y == 1 ? (positives + 1) / (positives + 2) : 1 / (negatives + 2));
  }
  BURGEON_ASSIGN_OR_RETURN(const LogisticFit fit,
                           FitLogistic(pool, features.view(), target, /*l2=*/1e-6));
  return PlattScale{fit.weight[0], fit.intercept};
}

}  // namespace burgeon
