// Orthonormal columns by CholeskyQR, twice (Yamamoto, Nakatsukasa, Yanagisawa, Fukaya, "Roundoff
// error analysis of the CholeskyQR2 algorithm", ETNA 44, 2015), in parallel and with the same bits
// for any number of threads. Runs on the host's CPU, whatever device the context has.
//
// When a factorisation breaks down, because columns are dependent to fp32's precision, the Gram
// matrix is shifted (Fukaya, Kannan, Nakatsukasa, Yamamoto, Yanagisawa, "Shifted CholeskyQR for
// computing the QR factorization of ill-conditioned matrices", SISC 42, 2020) after a little noise
// was added, which gives dependent columns a direction of their own; then two plain rounds follow.
#ifndef BURGEON_ENGINE_OPS_ORTHONORMALIZE_H_
#define BURGEON_ENGINE_OPS_ORTHONORMALIZE_H_

#include <cstdint>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/ops/execution_context.h"

namespace burgeon {

struct OrthonormalizeReport {
  int shifted_rounds = 0;        // 0: no breakdown
  std::vector<double> diagonal;  // of R, where a = Q R
};

// a: [m, n], m >= n; its columns become orthonormal and span what they spanned. The noise, if any,
// is drawn from `seed`. kInvalidArgument for a NaN or infinity; kInternal when the rounds do not
// end.
absl::StatusOr<OrthonormalizeReport> OrthonormalizeColumns(ExecutionContext& context,
                                                           MatrixView<float> a, uint64_t seed);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_ORTHONORMALIZE_H_
