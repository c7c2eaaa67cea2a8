// Cholesky factorisation and solution by one team, on the lower triangle of a symmetric matrix in
// tiles of 4 x 4. A thread holds a tile in registers while sixteen rank-one terms are added, so
// that shared memory is read two times for sixteen products; the same function adds the entries of
// a row (cuda/row_solver.h) and, in panels of sixteen columns, what Cholesky takes off.
//
// Right-looking by panels (Golub and Van Loan, "Matrix Computations", 4th ed., section 4.2.5), with
// the right side as one more row, which leaves only the back substitution. A matrix of 256 fits the
// shared memory of one thread block of a Hopper or Ampere device.
#ifndef BURGEON_CUDA_TILED_CHOLESKY_H_
#define BURGEON_CUDA_TILED_CHOLESKY_H_

#include <cfloat>
#include <cmath>
#include <cstdint>

#include "cuda/host_device.h"
#include "cuda/team.h"

namespace burgeon::cuda {

// Triangles: element (i, j), j <= i, is at i (i + 1) / 2 + j.
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

inline constexpr int kEdge = 4;    // of a tile
inline constexpr int kPanel = 16;  // columns factored together, and terms added together

BURGEON_HOST_DEVICE constexpr int RoundUpToEdge(int n) { return (n + kEdge - 1) / kEdge * kEdge; }

struct alignas(16) Four {
  float v[kEdge];
};

// Rows of a tile lie apart, in four planes with one Four a tile: threads that work on tiles side by
// side then read memory side by side. Rows and columns past n, up to a whole tile, are there and
// must be finite.
struct TiledMatrix {
  float* data = nullptr;  // TiledFloats(n), aligned to 16 bytes
  int n = 0;

  BURGEON_HOST_DEVICE int edge() const { return (n + kEdge - 1) / kEdge; }
  BURGEON_HOST_DEVICE Four& four(int i, int tile_column) const {
    const int tile = PackedIndex(i / kEdge, tile_column);
    return reinterpret_cast<Four*>(data)[i % kEdge * PackedSize(edge()) + tile];
  }
  BURGEON_HOST_DEVICE float& at(int i, int j) const { return four(i, j / kEdge).v[j % kEdge]; }
};

BURGEON_HOST_DEVICE constexpr int TiledFloats(int n) {
  return PackedSize((n + kEdge - 1) / kEdge) * kEdge * kEdge;
}

template <bool kAligned>
BURGEON_HOST_DEVICE Four LoadFour(const float* from) {
  if (kAligned) return *reinterpret_cast<const Four*>(from);
  return {{from[0], from[1], from[2], from[3]}};
}

// matrix += sum_c weight(c) y_c y_c', for its tiles from row and column 4 first_tile on; y_c is at
// rows + c * stride, the place of matrix row 0 first, and is read up to whole tiles.
template <bool kAligned, class Team, class Weight>
BURGEON_HOST_DEVICE void AddOuter(const Team& team, const TiledMatrix& matrix, int first_tile,
                                  int count, const float* rows, int stride, Weight weight) {
  const int left = matrix.edge() - first_tile;
  for (int e = team.rank(); e < PackedSize(left); e += team.size()) {
    const int row = PackedRow(e);
    const int tile_row = first_tile + row;
    const int tile_column = first_tile + e - PackedIndex(row, 0);
    Four sums[kEdge];
    BURGEON_UNROLL
    for (int r = 0; r < kEdge; ++r) sums[r] = matrix.four(tile_row * kEdge + r, tile_column);
    for (int c = 0; c < count; ++c) {
      const Four y = LoadFour<kAligned>(rows + c * stride + tile_row * kEdge);
      const Four z = LoadFour<kAligned>(rows + c * stride + tile_column * kEdge);
      const float w = weight(c);
      BURGEON_UNROLL
      for (int r = 0; r < kEdge; ++r) {
        const float scaled = w * y.v[r];
        BURGEON_UNROLL
        for (int k = 0; k < kEdge; ++k) sums[r].v[k] += scaled * z.v[k];
      }
    }
    BURGEON_UNROLL
    for (int r = 0; r < kEdge; ++r) matrix.four(tile_row * kEdge + r, tile_column) = sums[r];
  }
}

// Memory of a factorisation.
struct PanelScratch {
  float* columns = nullptr;   // [kPanel, stride], stride >= RoundUpToEdge(n), aligned to 16 bytes
  int stride = 0;             // a multiple of kEdge
  float* square = nullptr;    // [kPanel, kPanel]
  float* lower = nullptr;     // [kPanel, kPanel], transposed, aligned to 16 bytes
  float* inverses = nullptr;  // [kPanel]: of its diagonal
};

// L of the square at `begin`, to the matrix and to scratch. False, for every thread, when a pivot
// is not a positive finite number.
template <class Team>
BURGEON_HOST_DEVICE bool FactorSquare(const Team& team, const TiledMatrix& a, int begin, int width,
                                      const PanelScratch& s) {
  for (int e = team.rank(); e < kPanel * kPanel; e += team.size()) {
    const int i = e / kPanel;
    const int j = e % kPanel;
    const bool inside = i < width && j <= i;
    s.square[e] = inside ? a.at(begin + i, begin + j) : (i == j ? 1.0F : 0.0F);
  }
  team.Sync();
  // Columns stay unscaled until all are done, so that one Sync() a column is enough.
  for (int j = 0; j < width; ++j) {
    const float pivot = s.square[j * kPanel + j];
    if (!(pivot > 0.0F && pivot <= FLT_MAX)) {
      team.Sync();
      return false;
    }
    const float inverse = 1.0F / pivot;
    for (int e = team.rank(); e < kPanel * kPanel; e += team.size()) {
      const int i = e / kPanel;
      const int k = e % kPanel;
      if (k <= j || i < k) continue;
      s.square[e] -= s.square[i * kPanel + j] * (s.square[k * kPanel + j] * inverse);
    }
    team.Sync();
  }
  for (int e = team.rank(); e < kPanel * kPanel; e += team.size()) {
    const int i = e / kPanel;
    const int j = e % kPanel;
    const float root = sqrtf(s.square[j * kPanel + j]);
    const float value = i == j ? root : (i > j ? s.square[e] / root : 0.0F);
    s.lower[j * kPanel + i] = value;
    if (i == j) s.inverses[j] = 1.0F / root;
    if (i < width && j <= i) a.at(begin + i, begin + j) = value;
  }
  team.Sync();
  return true;
}

// r := r L^-T for one row of the panel, in registers.
BURGEON_HOST_DEVICE inline void SolvePanelRow(const PanelScratch& s, float (&r)[kPanel]) {
  BURGEON_UNROLL
  for (int k = 0; k < kPanel; ++k) {
    r[k] *= s.inverses[k];
    BURGEON_UNROLL
    for (int q = k / kEdge; q < kPanel / kEdge; ++q) {
      const Four l = LoadFour<true>(s.lower + k * kPanel + q * kEdge);
      BURGEON_UNROLL
      for (int j = 0; j < kEdge; ++j) {
        if (q * kEdge + j > k) r[q * kEdge + j] -= l.v[j] * r[k];
      }
    }
  }
}

// The rows of the panel below its square, and the right side, row n.
template <class Team>
BURGEON_HOST_DEVICE void SolvePanel(const Team& team, const TiledMatrix& a, int begin, int width,
                                    const PanelScratch& s, float* right) {
  for (int i = begin + width + team.rank(); i <= a.n; i += team.size()) {
    float r[kPanel];
    if (i < a.n) {  // then the panel is of full width
      BURGEON_UNROLL
      for (int q = 0; q < kPanel / kEdge; ++q) {
        const Four four = a.four(i, begin / kEdge + q);
        BURGEON_UNROLL
        for (int j = 0; j < kEdge; ++j) r[q * kEdge + j] = four.v[j];
      }
    } else {
      BURGEON_UNROLL
      for (int c = 0; c < kPanel; ++c) r[c] = c < width ? right[begin + c] : 0.0F;
    }
    SolvePanelRow(s, r);
    if (i < a.n) {
      BURGEON_UNROLL
      for (int q = 0; q < kPanel / kEdge; ++q) {
        Four four;
        BURGEON_UNROLL
        for (int j = 0; j < kEdge; ++j) {
          four.v[j] = r[q * kEdge + j];
          s.columns[(q * kEdge + j) * s.stride + i] = four.v[j];
        }
        a.four(i, begin / kEdge + q) = four;
      }
    } else {
      BURGEON_UNROLL
      for (int c = 0; c < kPanel; ++c) {
        if (c < width) right[begin + c] = r[c];
      }
    }
  }
  team.Sync();
}

// L with L L' = a, in place, and right := L^-1 right. False, for every thread, when a pivot is not
// a positive finite number; both are then half-way. Call after a Sync(); ends with one.
template <class Team>
BURGEON_HOST_DEVICE bool TiledCholesky(const Team& team, const TiledMatrix& a,
                                       const PanelScratch& s, float* right) {
  const int past = RoundUpToEdge(a.n) - a.n;
  for (int e = team.rank(); e < kPanel * past; e += team.size()) {
    s.columns[e / past * s.stride + a.n + e % past] = 0.0F;
  }
  for (int begin = 0; begin < a.n; begin += kPanel) {
    const int width = a.n - begin < kPanel ? a.n - begin : kPanel;
    if (!FactorSquare(team, a, begin, width, s)) return false;
    SolvePanel(team, a, begin, width, s, right);
    const int next = begin + width;
    if (next == a.n) break;
    AddOuter<true>(team, a, next / kEdge, kPanel, s.columns, s.stride, [](int) { return -1.0F; });
    for (int i = next + team.rank(); i < a.n; i += team.size()) {
      float sum = right[i];
      for (int c = 0; c < kPanel; ++c) sum -= s.columns[c * s.stride + i] * right[begin + c];
      right[i] = sum;
    }
    team.Sync();
  }
  return true;
}

// right := L^-T right. Call after a Sync(); ends with one.
template <class Team>
BURGEON_HOST_DEVICE void BackSubstitute(const Team& team, const TiledMatrix& l, float* right) {
  for (int begin = (l.n - 1) / kPanel * kPanel; begin >= 0; begin -= kPanel) {
    const int width = l.n - begin < kPanel ? l.n - begin : kPanel;
    float x[kPanel];  // every thread solves the square for itself
    BURGEON_UNROLL
    for (int c = 0; c < kPanel; ++c) x[c] = c < width ? right[begin + c] : 0.0F;
    BURGEON_UNROLL
    for (int k = kPanel - 1; k >= 0; --k) {
      if (k >= width) continue;
      x[k] /= l.at(begin + k, begin + k);
      BURGEON_UNROLL
      for (int q = 0; q <= k / kEdge; ++q) {
        const Four row = l.four(begin + k, begin / kEdge + q);
        BURGEON_UNROLL
        for (int j = 0; j < kEdge; ++j) {
          if (q * kEdge + j < k) x[q * kEdge + j] -= row.v[j] * x[k];
        }
      }
    }
    team.Sync();  // all have read
    BURGEON_UNROLL
    for (int c = 0; c < kPanel; ++c) {
      if (team.rank() == 0 && c < width) right[begin + c] = x[c];
    }
    for (int j = team.rank(); j < begin; j += team.size()) {
      float sum = right[j];
      BURGEON_UNROLL
      for (int c = 0; c < kPanel; ++c) {
        if (c < width) sum -= l.at(begin + c, j) * x[c];
      }
      right[j] = sum;
    }
    team.Sync();
  }
}

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_TILED_CHOLESKY_H_
