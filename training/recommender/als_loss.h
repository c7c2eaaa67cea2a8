// The objective that alternating least squares lowers with every half-step (Rendle, Krichene,
// Zhang, Koren, "Revisiting the Performance of iALS on Item Recommendation Benchmarks", RecSys
// 2022, eq. 3-5), to be shown while it trains:
//   sum_(u,i) w (1 - <x_u, y_i>)^2 + a0 sum_u sum_i <x_u, y_i>^2
//     + sum_u lambda_u |x_u|^2 + sum_i lambda_i |y_i|^2,
// lambda as in engine/ops/als_step.h, of either side.
#ifndef BURGEON_TRAINING_RECOMMENDER_ALS_LOSS_H_
#define BURGEON_TRAINING_RECOMMENDER_ALS_LOSS_H_

#include "engine/base/matrix.h"
#include "engine/ops/als_step.h"
#include "engine/ops/execution_context.h"

namespace burgeon {

struct AlsLossInput {
  CsrView interactions;               // [n, m] weights
  CsrView transposed;                 // the same, [m, n]
  MatrixView<const float> customers;  // [n, dim]
  MatrixView<const float> items;      // [m, dim]
};

// The mean over the interactions. In fp64; the same bits for any number of threads. On the CPU.
double AlsLoss(ExecutionContext& context, const AlsLossInput& input, const AlsStepParams& params);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_ALS_LOSS_H_
