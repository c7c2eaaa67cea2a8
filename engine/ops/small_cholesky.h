// Many small positive definite systems (diag(base) + R'R) x = b, one after another on one thread.
//
//   SmallCholesky solver(width);
//   if (!solver.Factor(base, rows)) ...;    // not positive definite
//   solver.Solve(x);                        // x: right-hand side, then the solution
//
// The sum R'R is never stored: a panel of eight rows of the factor is summed in registers, less
// what the panels before it take away (left-looking Cholesky), factored, and written once. For
// systems of tens to a few hundred unknowns, where calls of BLAS and LAPACK cost more than the
// arithmetic. The bits depend on the arguments and the instruction set alone. Not thread-safe.
#ifndef BURGEON_ENGINE_OPS_SMALL_CHOLESKY_H_
#define BURGEON_ENGINE_OPS_SMALL_CHOLESKY_H_

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/matrix.h"

namespace burgeon {

// A row that kernels may read past its end, up to a whole vector.
inline int64_t PaddedWidth(int64_t width) { return (width + 15) / 16 * 16; }

class SmallCholesky {
 public:
  // base: [n] diagonal; rows: [m, n] with a stride of at least PaddedWidth(n), zeros in columns
  // past n. False when a pivot is not positive.
  bool Factor(std::span<const float> base, MatrixView<const float> rows);
  // x: [PaddedWidth(n)], zeros past n.
  void Solve(std::span<float> x);

 private:
  int64_t width_ = 0;
  int64_t stride_ = 0;
  std::vector<float> factor_;   // upper triangular, zeros left of the diagonal, [n, stride]
  std::vector<float> inverse_;  // of its diagonal
  std::vector<float> forward_;
};

// out = x m: every element is a sum over k ascending, so a row has the same bits alone and beside
// others. x: [n, d]; m: [d, c]; out: [n, c]; strides of m and out at least PaddedWidth(c), and
// their padding is read and written.
void MultiplyRows(MatrixView<const float> x, MatrixView<const float> m, MatrixView<float> out);

// out = sum_i weights[i] rows[i], i ascending; width floats, a multiple of 16.
void SumWeightedRows(std::span<const float* const> rows, std::span<const float> weights,
                     int64_t width, float* out);

// out[k][i] = row_scale[i] column_scale[k] rows[i][k], k < width (a multiple of 8), i < rows.size()
// (a multiple of 8); out has the stride given.
void TransposeScaled(std::span<const float* const> rows, std::span<const float> row_scale,
                     std::span<const float> column_scale, int64_t width, int64_t stride,
                     float* out);

// out[i] = scale[i] rows[i], one after another, width floats each (a multiple of 16).
void GatherScaled(std::span<const float* const> rows, std::span<const float> scale, int64_t width,
                  float* out);

// out[k] = 1 / sqrt(x[k]); out may be longer.
void InverseRoots(std::span<const float> x, std::span<float> out);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_SMALL_CHOLESKY_H_
