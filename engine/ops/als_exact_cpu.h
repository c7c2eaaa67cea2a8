// The exact form of engine/ops/als_step.h on the CPU, in the basis where the shared part of all
// systems is diagonal.
//
// With a0 Y'Y = V diag(s) V', a row's system in x~ = V'x is  (diag(s + lambda_u) + Z'Z) x~ = Z'r,
// where Z holds the row's items in that basis, times the roots of their weights r. A row of n items
// with n < dim is then solved through n unknowns (Woodbury's identity), with E = Z D^-1/2:
//   x~ = D^-1/2 E' (I + E E')^-1 r,  D = diag(s + lambda_u),
// which takes n^2 dim / 2 products in place of n dim^2 / 2 and dim^3 / 6.
#ifndef BURGEON_ENGINE_OPS_ALS_EXACT_CPU_H_
#define BURGEON_ENGINE_OPS_ALS_EXACT_CPU_H_

#include <functional>

#include "engine/ops/als_step.h"

namespace burgeon {

// Solves a row in another way: its number, its place in the answer; false when it has no solution.
using AlsRowFallback = std::function<bool(int64_t row, std::span<float> factors)>;

// gram: Y'Y. A row whose D is too uneven for fp32 goes to a fallback, made once a block of rows.
// Parallel over fixed blocks of rows; a row's bits depend on that row alone.
absl::Status AlsExactCpu(ExecutionContext& context, const CsrView& rows,
                         MatrixView<const float> fixed, const DoubleMatrix& gram,
                         const AlsStepParams& params,
                         const std::function<AlsRowFallback()>& make_fallback,
                         MatrixView<float> factors);

// regularization * (sum of weights + a0 * rows(fixed))^exponent.
double AlsRowRegularization(size_t count, std::span<const float> weights, int64_t fixed_rows,
                            const AlsStepParams& params);
// The error of a row without a solution.
absl::Status NoAlsSolution(int64_t row, const AlsStepParams& params);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_ALS_EXACT_CPU_H_
