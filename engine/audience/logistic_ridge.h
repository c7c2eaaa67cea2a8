// Weighted logistic regression with a ridge, by Newton's method:
//   minimise  sum_i w_i log(1 + exp(-y_i z_i)) + l2/2 |b|^2,   z_i = b0 + <b, x_i>,  y_i = +-1;
// the intercept b0 is not penalised. (Hastie, Tibshirani, Friedman, "The Elements of Statistical
// Learning", 2nd edition, 4.4.1, with the penalty of 18.3.2.) The objective is convex; steps are
// halved until it falls, so the result is its minimum. Same bits for any number of threads.
#ifndef BURGEON_ENGINE_AUDIENCE_LOGISTIC_RIDGE_H_
#define BURGEON_ENGINE_AUDIENCE_LOGISTIC_RIDGE_H_

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/ops/execution_context.h"

namespace burgeon {

struct LogisticProblem {
  MatrixView<const float> inputs;   // [n, d], finite
  std::span<const uint8_t> labels;  // [n] 0 or 1
  std::span<const double> weights;  // [n] >= 0; a row of weight 0 is not there
  double l2 = 1;                    // > 0
  int max_iterations = 50;          // Newton steps
};

struct LogisticFit {
  std::vector<double> coefficients;  // [d]
  double intercept = 0;
  int iterations = 0;
};

// The log odds of one row.
double LogOdds(const LogisticFit& fit, std::span<const float> input);

// `start`: where to begin (a fit to nearly the same data), or nullptr. kFailedPrecondition when the
// weights of either label sum to 0, so that there is no minimum.
absl::StatusOr<LogisticFit> FitLogisticRidge(ExecutionContext& context,
                                             const LogisticProblem& problem,
                                             const LogisticFit* start);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_AUDIENCE_LOGISTIC_RIDGE_H_
