// Cholesky factorisation and solution by one team, on a symmetric matrix packed as its lower
// triangle, row after row: element (i, j), j <= i, is at i (i + 1) / 2 + j. Packed, a matrix of 256
// fits the shared memory of one thread block of a Hopper or Ampere device.
//
// Plain right-looking form (Golub and Van Loan, "Matrix Computations", 4th ed., section 4.2).
#ifndef BURGEON_CUDA_PACKED_CHOLESKY_H_
#define BURGEON_CUDA_PACKED_CHOLESKY_H_

#include <cfloat>
#include <cmath>
#include <cstdint>

#include "cuda/host_device.h"
#include "cuda/team.h"

namespace burgeon::cuda {

BURGEON_HOST_DEVICE constexpr int PackedSize(int n) { return n * (n + 1) / 2; }
BURGEON_HOST_DEVICE constexpr int PackedIndex(int i, int j) { return i * (i + 1) / 2 + j; }

// The row of the element at `index`. The square root is only a first guess, as floats cannot hold
// large indexes exactly; the loops settle it.
BURGEON_HOST_DEVICE inline int PackedRow(int index) {
  int row = static_cast<int>((sqrtf(8.0F * static_cast<float>(index) + 1.0F) - 1.0F) * 0.5F);
  while (PackedIndex(row, 0) > index) --row;
  while (PackedIndex(row + 1, 0) <= index) ++row;
  return row;
}

// L with L L' = a, in place. False, for every thread of the team, when a pivot is not a positive
// finite number; a is then half-way. Call after a Sync(); ends with one.
template <class Team>
BURGEON_HOST_DEVICE bool PackedCholesky(const Team& team, int n, float* a) {
  for (int j = 0; j < n; ++j) {
    const float pivot = a[PackedIndex(j, j)];
    if (!(pivot > 0.0F && pivot <= FLT_MAX)) {
      team.Sync();
      return false;
    }
    const float root = sqrtf(pivot);
    team.Sync();  // all have read the pivot
    for (int i = j + team.rank(); i < n; i += team.size()) {
      float& element = a[PackedIndex(i, j)];
      element = i == j ? root : element / root;
    }
    team.Sync();
    const int left = n - j - 1;
    for (int e = team.rank(); e < PackedSize(left); e += team.size()) {
      const int row = PackedRow(e);
      const int i = j + 1 + row;
      const int k = j + 1 + e - PackedIndex(row, 0);
      a[PackedIndex(i, k)] -= a[PackedIndex(i, j)] * a[PackedIndex(k, j)];
    }
    team.Sync();
  }
  return true;
}

// Solves L L' x = b in place. Call after a Sync(); ends with one.
template <class Team>
BURGEON_HOST_DEVICE void PackedSolve(const Team& team, int n, const float* l, float* b) {
  for (int j = 0; j < n; ++j) {
    const float value = b[j] / l[PackedIndex(j, j)];
    team.Sync();  // all have read b[j]
    if (team.rank() == 0) b[j] = value;
    for (int i = j + 1 + team.rank(); i < n; i += team.size()) b[i] -= l[PackedIndex(i, j)] * value;
    team.Sync();
  }
  for (int j = n - 1; j >= 0; --j) {
    const float value = b[j] / l[PackedIndex(j, j)];
    team.Sync();
    if (team.rank() == 0) b[j] = value;
    for (int i = team.rank(); i < j; i += team.size()) b[i] -= l[PackedIndex(j, i)] * value;
    team.Sync();
  }
}

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_PACKED_CHOLESKY_H_
