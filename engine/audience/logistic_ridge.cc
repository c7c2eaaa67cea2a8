#include "engine/audience/logistic_ridge.h"

#include <algorithm>
#include <cmath>

#include "engine/ops/dense.h"

namespace burgeon {

namespace {

constexpr int64_t kBlockRows = 512;
// Newton's decrement, relative to the objective, at which the minimum is reached: its error is
// about the square of what one more step would change.
constexpr double kTolerance = 1e-10;
constexpr int kMaxHalvings = 40;

double Sigmoid(double z) { return 1 / (1 + std::exp(-z)); }

// log(1 + exp(z)) without overflow.
double Softplus(double z) { return std::max(z, 0.0) + std::log1p(std::exp(-std::abs(z))); }

// <direction, (x_i, 1)> for every row; direction: [d + 1], the intercept last.
std::vector<double> Project(ExecutionContext& context, MatrixView<const float> inputs,
                            std::span<const double> direction) {
  std::vector<double> z(static_cast<size_t>(inputs.rows));
  context.pool().ParallelFor(inputs.rows, kBlockRows, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const std::span<const float> x = inputs.row(i);
      double sum = direction.back();
      for (size_t j = 0; j < x.size(); ++j) sum += direction[j] * static_cast<double>(x[j]);
      z[static_cast<size_t>(i)] = sum;
    }
  });
  return z;
}

double Objective(const LogisticProblem& problem, std::span<const double> beta,
                 std::span<const double> z) {
  double sum = 0;
  for (size_t i = 0; i < z.size(); ++i) {
    sum += problem.weights[i] * Softplus(problem.labels[i] != 0 ? -z[i] : z[i]);
  }
  double squares = 0;
  for (const double b : beta.first(beta.size() - 1)) squares += b * b;
  return sum + 0.5 * problem.l2 * squares;
}

// The gradient of the objective, [d + 1]; blocks are summed in order.
std::vector<double> Gradient(ExecutionContext& context, const LogisticProblem& problem,
                             std::span<const double> beta, std::span<const double> z) {
  const int64_t n = problem.inputs.rows;
  const size_t size = beta.size();
  const int64_t blocks = (n + kBlockRows - 1) / kBlockRows;
  DoubleMatrix partial(blocks, static_cast<int64_t>(size));
  context.pool().ParallelFor(n, kBlockRows, [&](int64_t begin, int64_t end) {
    const std::span<double> sum = partial.row(begin / kBlockRows);
    for (int64_t i = begin; i < end; ++i) {
      const auto k = static_cast<size_t>(i);
      const double residual =
          problem.weights[k] * (Sigmoid(z[k]) - (problem.labels[k] != 0 ? 1.0 : 0.0));
      const std::span<const float> x = problem.inputs.row(i);
      for (size_t j = 0; j < x.size(); ++j) sum[j] += residual * static_cast<double>(x[j]);
      sum.back() += residual;
    }
  });
  std::vector<double> gradient(size, 0);
  for (int64_t b = 0; b < blocks; ++b) {
    for (size_t j = 0; j < size; ++j) gradient[j] += partial.at(b, static_cast<int64_t>(j));
  }
  for (size_t j = 0; j + 1 < size; ++j) gradient[j] += problem.l2 * beta[j];
  return gradient;
}

// X' diag(w p (1 - p)) X + l2, with a column of ones for the intercept. In fp32 products: it only
// steers the step, the gradient decides where the minimum is.
DoubleMatrix Hessian(ExecutionContext& context, const LogisticProblem& problem,
                     std::span<const double> z) {
  const int64_t n = problem.inputs.rows;
  const int64_t d = problem.inputs.cols;
  FloatMatrix scaled(n, d + 1);
  context.pool().ParallelFor(n, kBlockRows, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const auto k = static_cast<size_t>(i);
      const double p = Sigmoid(z[k]);
      const auto root = static_cast<float>(std::sqrt(problem.weights[k] * p * (1 - p)));
      const std::span<const float> x = problem.inputs.row(i);
      const std::span<float> out = scaled.row(i);
      for (size_t j = 0; j < x.size(); ++j) out[j] = root * x[j];
      out.back() = root;
    }
  });
  DoubleMatrix hessian = Gram(context, scaled.view());
  for (int64_t j = 0; j < d; ++j) hessian.at(j, j) += problem.l2;
  // Where every row is certain the intercept has no curvature left.
  hessian.at(d, d) += 1e-9;
  return hessian;
}

// Solves u'u x = b in place, u in the upper triangle.
void SolveUpper(const DoubleMatrix& u, std::span<double> x) {
  const int64_t n = u.rows();
  for (int64_t i = 0; i < n; ++i) {
    x[i] /= u.at(i, i);
    for (int64_t j = i + 1; j < n; ++j) x[j] -= u.at(i, j) * x[i];
  }
  for (int64_t i = n - 1; i >= 0; --i) {
    for (int64_t j = i + 1; j < n; ++j) x[i] -= u.at(i, j) * x[j];
    x[i] /= u.at(i, i);
  }
}

absl::StatusOr<std::vector<double>> StartingPoint(const LogisticProblem& problem,
                                                  const LogisticFit* start) {
  double positive = 0;
  double negative = 0;
  for (size_t i = 0; i < problem.labels.size(); ++i) {
    (problem.labels[i] != 0 ? positive : negative) += problem.weights[i];
  }
  if (!(positive > 0) || !(negative > 0)) {
    return FailedPrecondition("logistic regression: the rows of label 1 weigh ", positive,
                              ", those of label 0 ", negative, "; both must be there");
  }
  std::vector<double> beta(static_cast<size_t>(problem.inputs.cols) + 1, 0);
  if (start != nullptr) {
    BURGEON_CHECK(start->coefficients.size() + 1 == beta.size());
    std::copy(start->coefficients.begin(), start->coefficients.end(), beta.begin());
    beta.back() = start->intercept;
  } else {
    beta.back() = std::log(positive / negative);
  }
  return beta;
}

// Goes along -step as far as the objective falls, halving; false when it falls nowhere, so that
// nothing is left to gain in double.
bool StepDown(ExecutionContext& context, const LogisticProblem& problem,
              std::span<const double> step, std::vector<double>* beta, std::vector<double>* z,
              double* objective) {
  const std::vector<double> along = Project(context, problem.inputs, step);
  double length = 1;
  for (int halving = 0; halving < kMaxHalvings; ++halving, length /= 2) {
    std::vector<double> next = *beta;
    for (size_t j = 0; j < next.size(); ++j) next[j] -= length * step[j];
    std::vector<double> next_z = *z;
    for (size_t i = 0; i < next_z.size(); ++i) next_z[i] -= length * along[i];
    const double value = Objective(problem, next, next_z);
    if (!(value < *objective)) continue;
    *beta = std::move(next);
    *z = std::move(next_z);
    *objective = value;
    return true;
  }
  return false;
}

}  // namespace

double LogOdds(const LogisticFit& fit, std::span<const float> input) {
  BURGEON_CHECK(input.size() == fit.coefficients.size());
  double sum = fit.intercept;
  for (size_t j = 0; j < input.size(); ++j) {
    sum += fit.coefficients[j] * static_cast<double>(input[j]);
  }
  return sum;
}

absl::StatusOr<LogisticFit> FitLogisticRidge(ExecutionContext& context,
                                             const LogisticProblem& problem,
                                             const LogisticFit* start) {
  BURGEON_CHECK(problem.l2 > 0 && problem.max_iterations > 0);
  BURGEON_CHECK(static_cast<int64_t>(problem.labels.size()) == problem.inputs.rows);
  BURGEON_CHECK(problem.weights.size() == problem.labels.size());
  BURGEON_ASSIGN_OR_RETURN(std::vector<double> beta, StartingPoint(problem, start));
  std::vector<double> z = Project(context, problem.inputs, beta);
  double objective = Objective(problem, beta, z);
  LogisticFit fit;
  for (; fit.iterations < problem.max_iterations; ++fit.iterations) {
    const std::vector<double> gradient = Gradient(context, problem, beta, z);
    DoubleMatrix hessian = Hessian(context, problem, z);
    const int bad_minor = blas::CholeskyUpper(hessian.view());
    if (bad_minor != 0) {
      return Internal("logistic regression: leading minor ", bad_minor, " of ", hessian.rows(),
                      " of the Hessian is not positive");
    }
    std::vector<double> step = gradient;
    SolveUpper(hessian, step);
    double decrement = 0;
    for (size_t j = 0; j < step.size(); ++j) decrement += step[j] * gradient[j];
    if (decrement <= kTolerance * (1 + std::abs(objective))) break;
    if (!StepDown(context, problem, step, &beta, &z, &objective)) break;
  }
  fit.intercept = beta.back();
  beta.pop_back();
  fit.coefficients = std::move(beta);
  return fit;
}

}  // namespace burgeon
