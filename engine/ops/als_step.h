// One half-step of implicit alternating least squares: new factors for every row of `rows`, given
// the factors of the other side. The contract of both the CPU and the CUDA form.
//
// For row u with entries (i, w), i in row u:
//   minimise  sum_i w (1 - <x, y_i>)^2  +  a0 sum_j <x, y_j>^2  +  lambda_u |x|^2,
//   lambda_u = regularization * (sum_i w + a0 * rows(fixed))^regularization_exponent
// (Rendle, Krichene, Zhang, Koren, "Revisiting the Performance of iALS on Item Recommendation
// Benchmarks", RecSys 2022, eq. 3-5: frequency-scaled regularisation; nu is its exponent).
// The normal equations  (a0 Y'Y + sum_i w y_i y_i' + lambda_u I) x = sum_i w y_i  are solved
//  - exactly, by Cholesky, when block_size == 0 or block_size >= dim;
//  - else by one pass of block coordinate descent from the current x over blocks of block_size
//    (Rendle et al., "iALS++: Speeding up Matrix Factorization with Subspace Optimization", 2021).
// A row without entries gets zeros. Weights must be positive and finite.
#ifndef BURGEON_ENGINE_OPS_ALS_STEP_H_
#define BURGEON_ENGINE_OPS_ALS_STEP_H_

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/ops/execution_context.h"

namespace burgeon {

struct AlsStepParams {
  float unobserved_weight = 0.1F;        // a0 > 0
  float regularization = 0.003F;         // lambda >= 0
  float regularization_exponent = 1.0F;  // nu in [0, 1]; 1: fully scaled with frequency
  int block_size = 0;                    // 0: exact
};

// rows: [n, m] weights, m == fixed.rows; fixed: [m, dim]; factors: [n, dim], read as the start of
// the block solver and overwritten.
absl::Status AlsStep(ExecutionContext& context, const CsrView& rows, MatrixView<const float> fixed,
                     const AlsStepParams& params, MatrixView<float> factors);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_ALS_STEP_H_
