// The BLAS and LAPACK of this room: a serial OpenBLAS, linked statically, its symbols hidden from
// torch and FAISS (docs/architecture.md, "BLAS"). One call runs on one thread, and its bits depend
// on its arguments and on the CPU's instruction set alone; calls may run side by side. Parallel
// forms on fixed tiles are in engine/ops/dense.h: other rooms use those.
//
// Matrices are row-major. Sizes of one call must fit an int: BURGEON_CHECK.
#ifndef BURGEON_ENGINE_OPS_BLAS_H_
#define BURGEON_ENGINE_OPS_BLAS_H_

#include <span>
#include <string>

#include "engine/base/matrix.h"

namespace burgeon {

enum class Transposed { kNo, kYes };
enum class Triangle { kLower, kUpper };

namespace blas {

// c = alpha op(a) op(b) + beta c.
void Gemm(Transposed transpose_a, Transposed transpose_b, float alpha, MatrixView<const float> a,
          MatrixView<const float> b, float beta, MatrixView<float> c);
// The upper triangle of c += alpha a'a, a: [m, n], c: [n, n].
void SyrkUpper(float alpha, MatrixView<const float> a, MatrixView<float> c);
// b = b u, u upper triangular [n, n], b: [m, n].
void MultiplyByUpper(MatrixView<const float> u, MatrixView<float> b);
// a = u'u in place, in the upper triangle; the lower one is neither read nor written. Returns 0, or
// the 1-based number of the first leading minor that is not positive.
int CholeskyUpper(MatrixView<float> a);
int CholeskyUpper(MatrixView<double> a);
// Solves u'u x = b in place.
void CholeskySolve(MatrixView<const float> u, std::span<float> b);
// The inverse of an upper triangular matrix, in place. Returns 0, or the 1-based number of the
// first zero on the diagonal.
int InvertUpper(MatrixView<double> u);
// Eigenvalues, ascending, and eigenvectors of the symmetric matrix in the upper triangle of a: row
// k of a becomes the vector of value k. Returns 0 or LAPACK's info.
int SymmetricEigen(MatrixView<double> a, std::span<double> values);

// "OpenBLAS 0.3.21 ... SkylakeX ...", as it names itself.
std::string Name();

}  // namespace blas
}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_BLAS_H_
