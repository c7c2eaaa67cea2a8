// A few rows times one square matrix, by one team: into the basis of an ALS half-step and back.
#ifndef BURGEON_CUDA_ROTATE_TILE_H_
#define BURGEON_CUDA_ROTATE_TILE_H_

#include <cstdint>

#include "cuda/host_device.h"
#include "cuda/item_solver.h"
#include "cuda/team.h"

namespace burgeon::cuda {

inline constexpr int kRotatedRows = 32;  // of a tile
inline constexpr int kRowsEach = 8;      // of a thread, by kEdge columns

// Rows lie ItemStride(width) apart, zeros past dim and past the rows there are.
BURGEON_HOST_DEVICE constexpr int RotateTileFloats(int width) {
  return kRotatedRows * ItemStride(width);
}

// v := L'^-1 v, from the last coordinate on, for one row of the tile; cuda/tridiagonal.h has L as
// `roots` and `beside`.
BURGEON_HOST_DEVICE inline void SolveBidiagonal(const float* roots, const float* beside, int width,
                                                float* row) {
  float after = 0;
  BURGEON_UNROLL_FOUR
  for (int k = width - kEdge; k >= 0; k -= kEdge) {
    auto* const place = reinterpret_cast<Four*>(row + k);
    Four four = *place;
    const Four root = LoadFour<true>(roots + k);
    const Four ratio = LoadFour<true>(beside + k);
    BURGEON_UNROLL
    for (int j = kEdge - 1; j >= 0; --j) {
      after = root.v[j] * (four.v[j] - ratio.v[j] * root.v[j] * after);
      four.v[j] = after;
    }
    *place = four;
  }
}

// to(i, j, four) gets columns j .. j + 3 of row i of  tile * matrix,  matrix: [width, width], of
// the first `count` rows. Call after a Sync(); ends with none.
template <class Team, class To>
BURGEON_HOST_DEVICE void MultiplyTile(const Team& team, const float* tile, const float* matrix,
                                      int width, int count, const To& to) {
  const int stride = ItemStride(width);
  const int fours = width / kEdge;
  for (int e = team.rank(); e < kRotatedRows / kRowsEach * fours; e += team.size()) {
    const int first = e / fours * kRowsEach;
    const int column = e % fours * kEdge;
    if (first >= count) continue;
    Four sums[kRowsEach] = {};
    for (int k = 0; k < width; k += kEdge) {
      Four from[kEdge];
      BURGEON_UNROLL
      for (int j = 0; j < kEdge; ++j) {
        from[j] = LoadFour<true>(matrix + (k + j) * width + column);
      }
      BURGEON_UNROLL
      for (int i = 0; i < kRowsEach; ++i) {
        const Four left = LoadRowFour(tile, first + i, stride, k);
        BURGEON_UNROLL
        for (int j = 0; j < kEdge; ++j) {
          BURGEON_UNROLL
          for (int c = 0; c < kEdge; ++c) sums[i].v[c] += left.v[j] * from[j].v[c];
        }
      }
    }
    BURGEON_UNROLL
    for (int i = 0; i < kRowsEach; ++i) {
      if (first + i < count) to(first + i, column, sums[i]);
    }
  }
}

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_ROTATE_TILE_H_
