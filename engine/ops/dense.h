// Dense algebra in parallel: fixed output tiles, one serial BLAS call a tile, so that results have
// the same bits for any number of threads. Runs on the host's CPU, whatever device the context has.
//
//   Gemm(context, Transposed::kNo, Transposed::kYes, 1, a.view(), b.view(), 0, c.view());
//
// Shapes that do not fit are bugs (BURGEON_CHECK).
#ifndef BURGEON_ENGINE_OPS_DENSE_H_
#define BURGEON_ENGINE_OPS_DENSE_H_

#include <vector>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/ops/blas.h"
#include "engine/ops/execution_context.h"

namespace burgeon {

// c = alpha op(a) op(b) + beta c.
void Gemm(ExecutionContext& context, Transposed transpose_a, Transposed transpose_b, float alpha,
          MatrixView<const float> a, MatrixView<const float> b, float beta, MatrixView<float> c);

// a'a, both triangles, a: [m, n]. Sums of fixed blocks of rows in fp32, of blocks in fp64.
DoubleMatrix Gram(ExecutionContext& context, MatrixView<const float> a);

// b = b u, u upper triangular [n, n], b: [m, n].
void MultiplyByUpper(ExecutionContext& context, MatrixView<const float> u, MatrixView<float> b);

// Eigenvalues, descending, of a symmetric matrix, and its eigenvectors: row k belongs to value k.
struct Eigen {
  std::vector<double> values;
  DoubleMatrix vectors;
};
// kInternal when LAPACK's iteration does not converge; reads the upper triangle.
absl::StatusOr<Eigen> SymmetricEigen(DoubleMatrix matrix);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_DENSE_H_
