// One row of an ALS half-step (engine/ops/als_step.h has the formula), by one team.
//
// Both solvers are one: for each block p of coordinates in turn,
//   H = a0 G_pp + sum_i w_i y_ip y_ip' + lambda I,
//   g = a0 G_p x + sum_i w_i (<x, y_i> - 1) y_ip + lambda x_p,   x_p := x_p - H^-1 g,
// from the current x; a single block from x = 0 is the exact solution.
#ifndef BURGEON_CUDA_ROW_SOLVER_H_
#define BURGEON_CUDA_ROW_SOLVER_H_

#include <cmath>
#include <cstdint>

#include "cuda/host_device.h"
#include "cuda/team.h"
#include "cuda/tiled_cholesky.h"

namespace burgeon::cuda {

// Entries whose fixed rows are held at hand at a time.
inline constexpr int kEntriesAtHand = kPanel;
// Products of a residual are summed in this many lanes, whatever the size of the team.
inline constexpr int kDotLanes = 16;
// Weights are summed in this many lanes, whatever the size of the team, so that the sum has one
// order.
inline constexpr int kWeightLanes = 32;

// What all rows of a half-step have in common.
struct RowProblem {
  const float* fixed = nullptr;  // [fixed_count, dim]
  int64_t fixed_count = 0;
  const float* gram = nullptr;  // [dim, dim]: fixed' fixed
  int dim = 0;
  int block_size = 0;  // 1 .. dim; dim: exact
  float unobserved_weight = 0;
  float regularization = 0;
  float regularization_exponent = 0;
};

// The entries of one row. `values` null: all 1.
struct RowEntries {
  const uint32_t* columns = nullptr;
  const float* values = nullptr;
  int64_t count = 0;
  BURGEON_HOST_DEVICE float weight(int64_t i) const { return values == nullptr ? 1.0F : values[i]; }
};

// Memory of one team, cut from one piece (RowScratchFloats), which must be aligned to 16 bytes.
struct RowScratch {
  double* lanes;     // [kWeightLanes]
  float* matrix;     // TiledFloats(block_size)
  float* step;       // [block_size]
  float* x;          // [dim]
  float* fixed;      // [kEntriesAtHand, stride], and a tile's edge past it
  float* weights;    // [kEntriesAtHand]
  float* residuals;  // [kEntriesAtHand]
  float* dots;       // [kEntriesAtHand, kDotLanes]
  float* square;     // [kPanel, kPanel]
  float* lower;      // [kPanel, kPanel]
  float* inverses;   // [kPanel]
  int stride;        // RoundUpToEdge(dim)
};

// A multiple of four, so that pieces side by side stay aligned; so is each part.
BURGEON_HOST_DEVICE inline int64_t RowScratchFloats(int dim, int block_size) {
  return 2 * kWeightLanes + int64_t{TiledFloats(block_size)} + RoundUpToEdge(block_size) +
         RoundUpToEdge(dim) + int64_t{kEntriesAtHand} * RoundUpToEdge(dim) + kEdge +
         2 * kEntriesAtHand + kEntriesAtHand * kDotLanes + 2 * kPanel * kPanel + kPanel;
}

BURGEON_HOST_DEVICE inline RowScratch CutRowScratch(float* memory, int dim, int block_size) {
  RowScratch scratch;
  scratch.stride = RoundUpToEdge(dim);
  scratch.lanes = reinterpret_cast<double*>(memory);
  scratch.matrix = memory + 2 * kWeightLanes;
  scratch.step = scratch.matrix + TiledFloats(block_size);
  scratch.x = scratch.step + RoundUpToEdge(block_size);
  scratch.fixed = scratch.x + scratch.stride;
  scratch.weights = scratch.fixed + int64_t{kEntriesAtHand} * scratch.stride + kEdge;
  scratch.residuals = scratch.weights + kEntriesAtHand;
  scratch.dots = scratch.residuals + kEntriesAtHand;
  scratch.square = scratch.dots + kEntriesAtHand * kDotLanes;
  scratch.lower = scratch.square + kPanel * kPanel;
  scratch.inverses = scratch.lower + kPanel * kPanel;
  return scratch;
}

// lambda_u of the row.
template <class Team>
BURGEON_HOST_DEVICE float RowRegularization(const Team& team, const RowProblem& problem,
                                            const RowEntries& entries, double* lanes) {
  for (int lane = team.rank(); lane < kWeightLanes; lane += team.size()) {
    double sum = 0;
    for (int64_t i = lane; i < entries.count; i += kWeightLanes) sum += entries.weight(i);
    lanes[lane] = sum;
  }
  team.Sync();
  double frequency =
      static_cast<double>(problem.unobserved_weight) * static_cast<double>(problem.fixed_count);
  for (int lane = 0; lane < kWeightLanes; ++lane) frequency += lanes[lane];
  const double scale = pow(frequency, static_cast<double>(problem.regularization_exponent));
  return static_cast<float>(static_cast<double>(problem.regularization) * scale);
}

// The part of H and g that does not depend on the entries. Past `size`, up to a whole tile, H is
// the identity.
template <class Team>
BURGEON_HOST_DEVICE void StartBlock(const Team& team, const RowProblem& problem, float lambda,
                                    int begin, int size, const RowScratch& s) {
  const float a0 = problem.unobserved_weight;
  const TiledMatrix matrix = {s.matrix, size};
  for (int e = team.rank(); e < PackedSize(matrix.edge()); e += team.size()) {
    const int tile_row = PackedRow(e);
    const int tile_column = e - PackedIndex(tile_row, 0);
    for (int r = 0; r < kEdge; ++r) {
      const int i = tile_row * kEdge + r;
      Four four;
      for (int k = 0; k < kEdge; ++k) {
        const int j = tile_column * kEdge + k;
        const float diagonal = i == j ? (i < size ? lambda : 1.0F) : 0.0F;
        const int64_t at = int64_t{begin + i} * problem.dim + begin + j;
        four.v[k] = diagonal + (i < size && j < size ? a0 * problem.gram[at] : 0.0F);
      }
      matrix.four(i, tile_column) = four;
    }
  }
  const bool from_zero = size == problem.dim;  // x is 0
  for (int i = team.rank(); i < size; i += team.size()) {
    float sum = 0;
    for (int j = 0; !from_zero && j < problem.dim; ++j) {  // G is symmetric: read along its rows
      sum += problem.gram[int64_t{j} * problem.dim + begin + i] * s.x[j];
    }
    s.step[i] = a0 * sum + lambda * s.x[begin + i];
  }
}

// Brings `count` entries to hand: their fixed rows, weights, and residuals <x, y> - 1.
template <class Team>
BURGEON_HOST_DEVICE void FetchEntries(const Team& team, const RowProblem& problem,
                                      const RowEntries& entries, int64_t first, int count,
                                      const RowScratch& s) {
  const bool by_four =
      problem.dim % kEdge == 0 && reinterpret_cast<uintptr_t>(problem.fixed) % sizeof(Four) == 0;
  if (by_four) {
    const int fours = s.stride / kEdge;
    for (int e = team.rank(); e < count * fours; e += team.size()) {
      const int64_t column = entries.columns[first + e / fours];
      reinterpret_cast<Four*>(s.fixed)[e] =
          LoadFour<true>(problem.fixed + column * problem.dim + e % fours * kEdge);
    }
  } else {
    for (int e = team.rank(); e < count * s.stride; e += team.size()) {
      const int64_t column = entries.columns[first + e / s.stride];
      const int j = e % s.stride;
      s.fixed[e] = j < problem.dim ? problem.fixed[column * problem.dim + j] : 0.0F;
    }
  }
  for (int c = team.rank(); c < count; c += team.size()) {
    s.weights[c] = entries.weight(first + c);
    s.residuals[c] = -1.0F;
  }
  if (team.rank() == 0) {
    for (int i = 0; i < kEdge; ++i) s.fixed[count * s.stride + i] = 0.0F;
  }
  team.Sync();
  if (problem.block_size == problem.dim) return;  // x is 0
  for (int e = team.rank(); e < count * kDotLanes; e += team.size()) {
    const float* const y = s.fixed + e / kDotLanes * s.stride;
    float sum = 0;
    for (int j = e % kDotLanes; j < problem.dim; j += kDotLanes) sum += s.x[j] * y[j];
    s.dots[e] = sum;
  }
  team.Sync();
  for (int c = team.rank(); c < count; c += team.size()) {
    float sum = 0;
    for (int lane = 0; lane < kDotLanes; ++lane) sum += s.dots[c * kDotLanes + lane];
    s.residuals[c] = sum - 1.0F;
  }
  team.Sync();
}

// Adds the entries at hand to H and g.
template <class Team>
BURGEON_HOST_DEVICE void AddEntries(const Team& team, int begin, int size, int count,
                                    const RowScratch& s) {
  const auto weight = [&s](int c) { return s.weights[c]; };
  if (begin % kEdge == 0) {
    AddOuter<true>(team, TiledMatrix{s.matrix, size}, 0, count, s.fixed + begin, s.stride, weight);
  } else {
    AddOuter<false>(team, TiledMatrix{s.matrix, size}, 0, count, s.fixed + begin, s.stride, weight);
  }
  for (int i = team.rank(); i < size; i += team.size()) {
    float sum = s.step[i];
    for (int c = 0; c < count; ++c) {
      sum += s.weights[c] * s.residuals[c] * s.fixed[c * s.stride + begin + i];
    }
    s.step[i] = sum;
  }
  team.Sync();
}

// New factors of one row. False, for every thread, when H is not positive definite.
template <class Team>
BURGEON_HOST_DEVICE bool SolveRow(const Team& team, const RowProblem& problem,
                                  const RowEntries& entries, const RowScratch& s, float* factors) {
  const int dim = problem.dim;
  const bool exact = problem.block_size == dim;
  const bool empty = entries.count == 0;
  for (int j = team.rank(); j < dim; j += team.size()) {
    s.x[j] = exact || empty ? 0.0F : factors[j];
  }
  team.Sync();
  if (!empty) {
    const float lambda = RowRegularization(team, problem, entries, s.lanes);
    for (int begin = 0; begin < dim; begin += problem.block_size) {
      const int size = problem.block_size < dim - begin ? problem.block_size : dim - begin;
      StartBlock(team, problem, lambda, begin, size, s);
      for (int64_t first = 0; first < entries.count; first += kEntriesAtHand) {
        const int64_t left = entries.count - first;
        const int count = left < kEntriesAtHand ? static_cast<int>(left) : kEntriesAtHand;
        FetchEntries(team, problem, entries, first, count, s);
        AddEntries(team, begin, size, count, s);
      }
      const TiledMatrix matrix = {s.matrix, size};
      const PanelScratch panel = {s.fixed, s.stride, s.square, s.lower, s.inverses};
      if (!TiledCholesky(team, matrix, panel, s.step)) return false;
      BackSubstitute(team, matrix, s.step);
      for (int i = team.rank(); i < size; i += team.size()) s.x[begin + i] -= s.step[i];
      team.Sync();
    }
  }
  for (int j = team.rank(); j < dim; j += team.size()) factors[j] = s.x[j];
  team.Sync();  // the scratch may be used again
  return true;
}

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_ROW_SOLVER_H_
