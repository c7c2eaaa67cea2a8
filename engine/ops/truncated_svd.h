// The largest singular values of a sparse matrix and their right singular vectors.
//
//   BURGEON_ASSIGN_OR_RETURN(const TruncatedSvd svd,
//                            DecomposeTruncated(context, matrix.view(), {.rank = 512}));
//
// Block power iteration on A'A from a random start, orthonormalised by CholeskyQR, then
// Rayleigh-Ritz (Halko, Martinsson, Tropp, "Finding structure with randomness", SIAM Review 2011,
// algorithms 4.4 and 5.1). A fixed number of iterations: how far it has converged is in `lines`.
// Same bits for any number of threads. fp32 products, fp64 for what is small. On the host's CPU.
#ifndef BURGEON_ENGINE_OPS_TRUNCATED_SVD_H_
#define BURGEON_ENGINE_OPS_TRUNCATED_SVD_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/ops/execution_context.h"

namespace burgeon {

struct SvdIteration {
  int number = 0;     // from 1
  double change = 0;  // largest relative change of a singular value; 0 for the first
};

struct TruncatedSvdOptions {
  int rank = 512;       // >= 1; lowered, and said so, when the matrix has fewer directions
  int oversample = 64;  // more columns in the basis than asked for
  int iterations = 5;   // products with A'A
  // Products between two orthonormalisations, which cost more than the products. Past 1 the columns
  // drift together by the square of (largest / last singular value) each time: 3 is safe where that
  // ratio is below 5. The last iteration is always followed by one.
  int orthonormalize_every = 1;
  uint64_t seed = 1;  // of the random start
  // Called after each orthonormalisation; an error ends the work.
  std::function<absl::Status(const SvdIteration&)> watch = nullptr;
};

struct TruncatedSvd {
  std::vector<double> values;      // descending; those below 1e-3 of the largest are left out
  FloatMatrix right_vectors;       // [cols, values]; the largest entry of a column is positive
  std::vector<std::string> lines;  // what it did, for a person: changes, residuals, lowered rank
};

// matrix: [rows, cols], finite. kInvalidArgument for options out of range, an empty matrix or a
// value that is not finite.
absl::StatusOr<TruncatedSvd> DecomposeTruncated(ExecutionContext& context, const CsrView& matrix,
                                                const TruncatedSvdOptions& options);

// Bytes held at the highest point of each part, the matrix itself not among them. For the n x m
// matrix with z entries, B = min(rank + oversample, n, m) and K = min(rank, n - 1, m - 1):
//   the transposed matrix throughout, 8 (m + 1) + 8 z;
//   iterations: basis and image, 4 (m + n) B; Gram matrix, its factor (fp64) and the inverse, 20
//   B^2; eigenvectors: basis and image; Gram matrix and the work space of dsyevd, 8 B^2 + 8 (2 B^2
//   + 6 B); rotation: basis, eigenvectors, rotation and result, 4 m B + 8 B^2 + 4 K B + 4 m K.
struct TruncatedSvdMemory {
  int64_t iterations_bytes = 0;
  int64_t eigenvectors_bytes = 0;
  int64_t rotation_bytes = 0;
};
TruncatedSvdMemory PlanTruncatedSvd(int64_t rows, int64_t cols, int64_t entries,
                                    const TruncatedSvdOptions& options);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_TRUNCATED_SVD_H_
