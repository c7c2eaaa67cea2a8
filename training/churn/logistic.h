// Logistic regression with ridge, by Newton's method in double (iteratively reweighted least
// squares; McCullagh and Nelder, Generalized Linear Models, 2nd ed., section 2.5).
//
//   BURGEON_ASSIGN_OR_RETURN(const LogisticFit fit, FitLogistic(pool, x.view(), y, /*l2=*/100));
//   logit = fit.intercept + sum_j fit.weight[j] x_j
#ifndef BURGEON_TRAINING_CHURN_LOGISTIC_H_
#define BURGEON_TRAINING_CHURN_LOGISTIC_H_

#include <span>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/base/thread_pool.h"

namespace burgeon {

struct LogisticFit {
  std::vector<double> weight;
  double intercept = 0;
  int iterations = 0;
};

// Minimises  -sum_i [y_i log p_i + (1 - y_i) log(1 - p_i)] + l2 / 2 |weight|^2;  the intercept is
// not penalised. target: in [0, 1], with both sides present. l2 > 0, so there is one minimum, even
// for classes that a plane separates. The same bits for any number of threads.
// kFailedPrecondition when all targets are 0, or all are 1.
absl::StatusOr<LogisticFit> FitLogistic(ThreadPool& pool, MatrixView<const float> features,
                                        std::span<const double> target, double l2);

// Platt's scaling (Platt 1999): a, b of sigmoid(a * logit + b), fitted with his smoothed targets
// (N+ + 1) / (N+ + 2) and 1 / (N- + 2).
struct PlattScale {
  double a = 1;
  double b = 0;
};
absl::StatusOr<PlattScale> FitPlatt(ThreadPool& pool, std::span<const double> logit,
                                    std::span<const uint8_t> label);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_CHURN_LOGISTIC_H_
