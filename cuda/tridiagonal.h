// The basis in which what all rows of an exact ALS half-step share is tridiagonal:
//   A = a0 Y'Y = Q T Q',  Q orthogonal.
// A row's D = A + lambda_u I is then Q (T + lambda_u I) Q', and its Cholesky factor is bidiagonal,
// with the same few operations a coordinate for any lambda_u. (An eigenbasis would make D diagonal;
// it takes an iteration that does not suit a GPU, where this takes a fixed number of steps.)
//
// Householder's method (Golub and Van Loan, "Matrix Computations", 4th ed., algorithm 8.3.1), in
// double, by one team.
#ifndef BURGEON_CUDA_TRIDIAGONAL_H_
#define BURGEON_CUDA_TRIDIAGONAL_H_

#include <cmath>
#include <cstdint>

#include "cuda/host_device.h"
#include "cuda/team.h"

namespace burgeon::cuda {

// Sums over a vector have this many lanes, whatever the size of the team, so that they have one
// order.
inline constexpr int kVectorLanes = 32;
// Products of a matrix and a vector are cut into this many parts.
inline constexpr int kProductParts = 4;
// Of the greatest that the diagonal of D can be: when its least is below, fp32 loses too much in a
// basis that is scaled by it.
inline constexpr double kMostUneven = 1e-5;

// Device memory, in double. Rows of `reflectors` are the vectors u of I - beta u u'.
struct Tridiagonal {
  int dim = 0;
  double* matrix = nullptr;      // [dim, dim]: A; destroyed
  double* reflectors = nullptr;  // [dim, dim]
  double* betas = nullptr;       // [dim]
  double* diagonal = nullptr;    // [dim]
  double* beside = nullptr;      // [dim]: T(k + 1, k), and 0 last
  double* bound = nullptr;       // [1]: no eigenvalue of T is greater
};

// Of a team.
struct TridiagonalScratch {
  double* lanes;   // [kVectorLanes]
  double* vector;  // [dim]
  double* other;   // [dim]
  double* parts;   // [kProductParts, dim]
};
BURGEON_HOST_DEVICE constexpr int TridiagonalScratchDoubles(int dim) {
  return kVectorLanes + (2 + kProductParts) * dim;
}
BURGEON_HOST_DEVICE inline TridiagonalScratch CutTridiagonalScratch(double* memory, int dim) {
  double* const vector = memory + kVectorLanes;
  return {memory, vector, vector + dim, vector + 2 * dim};
}

// a'b over [begin, end), the same on every thread. Call after a Sync(); ends with none: the lanes
// may be written again after the next.
template <class Team>
BURGEON_HOST_DEVICE double DotInLanes(const Team& team, const double* a, const double* b, int begin,
                                      int end, double* lanes) {
  for (int lane = team.rank(); lane < kVectorLanes; lane += team.size()) {
    double sum = 0;
    for (int i = begin + lane; i < end; i += kVectorLanes) sum += a[i] * b[i];
    lanes[lane] = sum;
  }
  team.Sync();
  double sum = 0;
  for (int lane = 0; lane < kVectorLanes; ++lane) sum += lanes[lane];
  return sum;
}

// One step: makes column k of the matrix zero below its second element. `k` < dim - 2.
template <class Team>
BURGEON_HOST_DEVICE void ReduceColumn(const Team& team, const Tridiagonal& t, int k,
                                      const TridiagonalScratch& s) {
  const int n = t.dim;
  const int first = k + 1;
  double* const u = s.vector;
  double* const w = s.other;
  for (int i = first + team.rank(); i < n; i += team.size()) {
    u[i] = t.matrix[int64_t{k} * n + i];  // symmetric: row k is column k
  }
  team.Sync();
  const double square = DotInLanes(team, u, u, first, n, s.lanes);
  const double head = u[first];
  const double norm = sqrt(square);
  const double alpha = head > 0 ? -norm : norm;
  // u'u = 2 (square - alpha head), and |head - alpha| = |head| + norm loses nothing.
  const double beta = square > 0 ? 1 / (square - alpha * head) : 0.0;
  team.Sync();  // all have read u[first]
  if (team.rank() == 0) {
    u[first] = square > 0 ? head - alpha : 0.0;
    t.diagonal[k] = t.matrix[int64_t{k} * n + k];
    t.beside[k] = alpha;
    t.betas[k] = beta;
  }
  team.Sync();
  for (int i = team.rank(); i < n; i += team.size()) {
    t.reflectors[int64_t{k} * n + i] = i < first ? 0.0 : u[i];
  }
  for (int e = team.rank(); e < kProductParts * n; e += team.size()) {
    const int i = e % n;
    if (i < first) continue;
    double sum = 0;
    BURGEON_UNROLL_FOUR
    for (int j = first + e / n; j < n; j += kProductParts) {
      sum += t.matrix[int64_t{j} * n + i] * u[j];
    }
    s.parts[e] = sum;
  }
  team.Sync();
  for (int i = first + team.rank(); i < n; i += team.size()) {
    double sum = 0;
    for (int part = 0; part < kProductParts; ++part) sum += s.parts[part * n + i];
    w[i] = beta * sum;
  }
  team.Sync();
  const double half = 0.5 * beta * DotInLanes(team, u, w, first, n, s.lanes);
  for (int i = first + team.rank(); i < n; i += team.size()) w[i] -= half * u[i];
  team.Sync();
  for (int e = team.rank(); e < kProductParts * n; e += team.size()) {
    const int i = e % n;
    if (i < first) continue;
    const double u_i = u[i];
    const double w_i = w[i];
    BURGEON_UNROLL_FOUR
    for (int j = first + e / n; j < n; j += kProductParts) {
      t.matrix[int64_t{j} * n + i] -= u[j] * w_i + w[j] * u_i;
    }
  }
  team.Sync();
}

// All of `t` but its matrix, which must be symmetric. Ends with a Sync().
template <class Team>
BURGEON_HOST_DEVICE void Tridiagonalize(const Team& team, const Tridiagonal& t,
                                        const TridiagonalScratch& s) {
  const int n = t.dim;
  for (int k = 0; k + 2 < n; ++k) ReduceColumn(team, t, k, s);
  if (team.rank() == 0) {
    for (int k = n < 2 ? 0 : n - 2; k < n; ++k) {
      t.diagonal[k] = t.matrix[int64_t{k} * n + k];
      t.beside[k] = k + 1 < n ? t.matrix[int64_t{k} * n + k + 1] : 0.0;
    }
    double bound = 0;  // Gershgorin's
    for (int k = 0; k < n; ++k) {
      const double before = k > 0 ? fabs(t.beside[k - 1]) : 0.0;
      bound = fmax(bound, t.diagonal[k] + before + fabs(t.beside[k]));
    }
    *t.bound = bound;
  }
  team.Sync();
}

// Column `column` of Q, to `vector` of the scratch. Ends with a Sync().
template <class Team>
BURGEON_HOST_DEVICE void BasisColumn(const Team& team, const Tridiagonal& t, int column,
                                     const TridiagonalScratch& s) {
  const int n = t.dim;
  double* const q = s.vector;
  for (int i = team.rank(); i < n; i += team.size()) q[i] = i == column ? 1.0 : 0.0;
  team.Sync();
  for (int k = n - 3; k >= 0; --k) {
    const double* const u = t.reflectors + int64_t{k} * n;
    const double scale = t.betas[k] * DotInLanes(team, q, u, k + 1, n, s.lanes);
    for (int i = k + 1 + team.rank(); i < n; i += team.size()) q[i] -= scale * u[i];
    team.Sync();
  }
}

// Whether T + shift I is positive definite: its pivots are all positive (Sylvester).
BURGEON_HOST_DEVICE inline bool IsPositive(const Tridiagonal& t, double shift) {
  double pivot = 1;
  double beside = 0;
  for (int k = 0; k < t.dim; ++k) {
    pivot = t.diagonal[k] + shift - beside * beside / pivot;
    if (!(pivot > 0)) return false;
    beside = t.beside[k];
  }
  return true;
}

// Whether a row of this lambda can be solved in the basis scaled by the root of D.
BURGEON_HOST_DEVICE inline bool IsEven(const Tridiagonal& t, double lambda) {
  return IsPositive(t, lambda - kMostUneven * (*t.bound + lambda));
}

// Of L L' = T + lambda I, L lower bidiagonal: roots[k] = 1 / L(k, k), zeros from dim to `width`.
// L(k + 1, k) is beside[k] * roots[k]. T + lambda I must be positive definite.
BURGEON_HOST_DEVICE inline void InverseRoots(const Tridiagonal& t, double lambda, int width,
                                             float* roots) {
  double pivot = 1;
  double beside = 0;
  for (int k = 0; k < t.dim; ++k) {
    pivot = t.diagonal[k] + lambda - beside * beside / pivot;
    beside = t.beside[k];
    roots[k] = static_cast<float>(1 / sqrt(pivot));
  }
  for (int k = t.dim; k < width; ++k) roots[k] = 0;
}

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_TRIDIAGONAL_H_
