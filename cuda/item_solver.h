// One row of an exact ALS half-step (engine/ops/als_step.h has the formula) of n items, n small
// beside the dimension, through n unknowns, by one team.
//
// In the basis of cuda/tridiagonal.h, z = Q'y, D = T + lambda_u I = L L' with L lower bidiagonal,
// and r the roots of the weights; row i of E is r_i L^-1 z_i. Woodbury's identity:
//   Q'x = L^-T E' (I + E E')^-1 r,
// n^2 dim / 2 + n^3 / 6 products in place of n dim^2 / 2 + dim^3 / 6. I + E E' is better
// conditioned than the normal equations: its eigenvalues are 1 at least. The team leaves s = E'
// (...)^-1 r; RotateBack (cuda/als_basis.cu) goes on from it for many rows at once.
#ifndef BURGEON_CUDA_ITEM_SOLVER_H_
#define BURGEON_CUDA_ITEM_SOLVER_H_

#include <cmath>
#include <cstdint>

#include "cuda/host_device.h"
#include "cuda/row_solver.h"
#include "cuda/team.h"
#include "cuda/tiled_cholesky.h"

namespace burgeon::cuda {

// What all rows have in common.
struct ItemProblem {
  const float* rotated = nullptr;  // [fixed_count, width]: z, zeros from dim to width
  const float* beside = nullptr;   // [width]: T(k + 1, k), zeros from dim - 1 on
  int width = 0;                   // RoundUpToEdge(dim)
};

// Floats from one item's row of E to the next: an odd number of fours, so that eight threads that
// read the same four of eight rows side by side touch all banks.
BURGEON_HOST_DEVICE constexpr int ItemStride(int width) { return (width / kEdge | 1) * kEdge; }

// Memory of one team, for at most `items` items.
struct ItemScratch {
  float* rows;      // [items, stride]: z, then E
  float* matrix;    // TiledFloats(items): I + E E'
  float* right;     // [items]
  float* columns;   // [kPanel, items]
  float* square;    // [kPanel, kPanel]
  float* lower;     // [kPanel, kPanel]
  float* inverses;  // [kPanel]
  float* roots;     // [width]
  float* ratios;    // [width]: L(k, k - 1) / L(k, k)
};

// `items`: a multiple of kEdge. A multiple of four, so that the parts stay aligned.
BURGEON_HOST_DEVICE constexpr int64_t ItemScratchFloats(int width, int items) {
  return int64_t{items} * ItemStride(width) + TiledFloats(items) + items + kPanel * items +
         2 * kPanel * kPanel + kPanel + 2 * width;
}

BURGEON_HOST_DEVICE inline ItemScratch CutItemScratch(float* memory, int width, int items) {
  ItemScratch s;
  s.rows = memory;
  s.matrix = s.rows + int64_t{items} * ItemStride(width);
  s.right = s.matrix + TiledFloats(items);
  s.columns = s.right + items;
  s.square = s.columns + kPanel * items;
  s.lower = s.square + kPanel * kPanel;
  s.inverses = s.lower + kPanel * kPanel;
  s.roots = s.inverses + kPanel;
  s.ratios = s.roots + width;
  return s;
}

// The most items, a multiple of kEdge, whose scratch fits `bytes`; 0 when none do.
BURGEON_HOST_DEVICE inline int MostItems(int width, int64_t bytes) {
  int items = 0;
  while (ItemScratchFloats(width, items + kEdge) * static_cast<int64_t>(sizeof(float)) <= bytes) {
    items += kEdge;
  }
  return items;
}

// The place in `rows` of the item behind row `i` of the matrix, of `tiles` tiles an edge: rows of a
// tile lie `tiles` apart, so that tiles side by side read rows side by side. Places past the row's
// items hold zeros.
BURGEON_HOST_DEVICE constexpr int ItemPlace(int i, int tiles) {
  return i % kEdge * tiles + i / kEdge;
}

BURGEON_HOST_DEVICE inline Four LoadRowFour(const float* rows, int place, int stride, int k) {
  return *reinterpret_cast<const Four*>(rows + place * stride + k);
}

// Brings the rows of z, and L, to the scratch. Ends with a Sync().
template <class Team>
BURGEON_HOST_DEVICE void FetchItems(const Team& team, const ItemProblem& p,
                                    const RowEntries& entries, const float* roots, int places,
                                    const ItemScratch& s) {
  const int fours = p.width / kEdge;
  const int stride = ItemStride(p.width);
  const auto count = static_cast<int>(entries.count);
  BURGEON_UNROLL_FOUR
  for (int e = team.rank(); e < places * fours; e += team.size()) {
    const int i = e / fours;
    const int k = e % fours * kEdge;
    Four four = {{0.0F, 0.0F, 0.0F, 0.0F}};
    if (i < count) {
      four = LoadFour<true>(p.rotated + int64_t{entries.columns[i]} * p.width + k);
    }
    *reinterpret_cast<Four*>(s.rows + i * stride + k) = four;
  }
  for (int k = team.rank(); k < p.width; k += team.size()) {
    s.roots[k] = roots[k];
    s.ratios[k] = k > 0 ? p.beside[k - 1] * roots[k - 1] * roots[k] : 0.0F;
  }
  team.Sync();
}

// z to E, one thread an item: L e = r z from the first coordinate on. Ends with a Sync().
template <class Team>
BURGEON_HOST_DEVICE void ScaleItems(const Team& team, const ItemProblem& p,
                                    const RowEntries& entries, const ItemScratch& s) {
  const int stride = ItemStride(p.width);
  for (int i = team.rank(); i < static_cast<int>(entries.count); i += team.size()) {
    const float root = sqrtf(entries.weight(i));
    float e = 0;
    BURGEON_UNROLL_FOUR
    for (int k = 0; k < p.width; k += kEdge) {
      auto* const place = reinterpret_cast<Four*>(s.rows + i * stride + k);
      Four four = *place;
      const Four roots = *reinterpret_cast<const Four*>(s.roots + k);
      const Four ratios = *reinterpret_cast<const Four*>(s.ratios + k);
      BURGEON_UNROLL
      for (int j = 0; j < kEdge; ++j) {
        e = root * four.v[j] * roots.v[j] - ratios.v[j] * e;
        four.v[j] = e;
      }
      *place = four;
    }
  }
  team.Sync();
}

// I + E E' by tiles, a thread a tile. Ends with no Sync().
template <class Team>
BURGEON_HOST_DEVICE void MultiplyItems(const Team& team, int width, int tiles,
                                       const ItemScratch& s) {
  const TiledMatrix matrix = {s.matrix, tiles * kEdge};
  const int stride = ItemStride(width);
  for (int e = team.rank(); e < PackedSize(tiles); e += team.size()) {
    const int row = PackedRow(e);
    const int column = e - PackedIndex(row, 0);
    Four sums[kEdge];
    BURGEON_UNROLL
    for (int r = 0; r < kEdge; ++r) {
      BURGEON_UNROLL
      for (int c = 0; c < kEdge; ++c) sums[r].v[c] = row == column && r == c ? 1.0F : 0.0F;
    }
    for (int k = 0; k < width; k += kEdge) {
      Four left[kEdge];
      Four right[kEdge];
      BURGEON_UNROLL
      for (int r = 0; r < kEdge; ++r) {
        left[r] = LoadRowFour(s.rows, r * tiles + row, stride, k);
        right[r] = LoadRowFour(s.rows, r * tiles + column, stride, k);
      }
      BURGEON_UNROLL
      for (int j = 0; j < kEdge; ++j) {
        BURGEON_UNROLL
        for (int r = 0; r < kEdge; ++r) {
          BURGEON_UNROLL
          for (int c = 0; c < kEdge; ++c) sums[r].v[c] += left[r].v[j] * right[c].v[j];
        }
      }
    }
    BURGEON_UNROLL
    for (int r = 0; r < kEdge; ++r) matrix.four(row * kEdge + r, column) = sums[r];
  }
}

// s, to `sums` [dim]. entries.count: 1 .. the items of the scratch. False, for every thread, when
// I + E E' is not positive definite, which takes values that are not finite.
template <class Team>
BURGEON_HOST_DEVICE bool SolveThroughItems(const Team& team, const ItemProblem& p,
                                           const RowEntries& entries, const float* roots, int dim,
                                           const ItemScratch& s, float* sums) {
  const auto count = static_cast<int>(entries.count);
  const int tiles = (count + kEdge - 1) / kEdge;
  const int places = tiles * kEdge;
  const int stride = ItemStride(p.width);
  FetchItems(team, p, entries, roots, places, s);
  ScaleItems(team, p, entries, s);
  MultiplyItems(team, p.width, tiles, s);
  for (int i = team.rank(); i < places; i += team.size()) {
    const int place = ItemPlace(i, tiles);
    s.right[i] = place < count ? sqrtf(entries.weight(place)) : 0.0F;
  }
  team.Sync();
  const TiledMatrix matrix = {s.matrix, places};
  const PanelScratch panel = {s.columns, places, s.square, s.lower, s.inverses};
  if (!TiledCholesky(team, matrix, panel, s.right)) return false;
  BackSubstitute(team, matrix, s.right);
  for (int k = team.rank(); k < dim; k += team.size()) {
    float sum = 0;
    for (int i = 0; i < places; ++i) sum += s.right[i] * s.rows[ItemPlace(i, tiles) * stride + k];
    sums[k] = sum;
  }
  team.Sync();  // the scratch may be used again
  return true;
}

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_ITEM_SOLVER_H_
