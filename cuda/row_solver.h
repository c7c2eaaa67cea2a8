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
#include "cuda/packed_cholesky.h"
#include "cuda/team.h"

namespace burgeon::cuda {

// Entries whose fixed rows are held at hand at a time.
inline constexpr int kEntriesAtHand = 16;
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

// Memory of one team, cut from one piece (RowScratchFloats), which must be aligned for a double.
struct RowScratch {
  double* lanes;     // [kWeightLanes]
  float* matrix;     // packed, block_size
  float* step;       // [block_size]
  float* x;          // [dim]
  float* fixed;      // [kEntriesAtHand, dim]
  float* weights;    // [kEntriesAtHand]
  float* residuals;  // [kEntriesAtHand]
};

// Even, so that pieces side by side stay aligned.
BURGEON_HOST_DEVICE inline int64_t RowScratchFloats(int dim, int block_size) {
  const int64_t floats = 2 * kWeightLanes + PackedSize(block_size) + block_size + dim +
                         int64_t{kEntriesAtHand} * dim + 2 * kEntriesAtHand;
  return floats + floats % 2;
}

BURGEON_HOST_DEVICE inline RowScratch CutRowScratch(float* memory, int dim, int block_size) {
  RowScratch scratch;
  scratch.lanes = reinterpret_cast<double*>(memory);
  scratch.matrix = memory + 2 * kWeightLanes;
  scratch.step = scratch.matrix + PackedSize(block_size);
  scratch.x = scratch.step + block_size;
  scratch.fixed = scratch.x + dim;
  scratch.weights = scratch.fixed + int64_t{kEntriesAtHand} * dim;
  scratch.residuals = scratch.weights + kEntriesAtHand;
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

// The part of H and g that does not depend on the entries.
template <class Team>
BURGEON_HOST_DEVICE void StartBlock(const Team& team, const RowProblem& problem, float lambda,
                                    int begin, int size, const RowScratch& s) {
  const float a0 = problem.unobserved_weight;
  for (int e = team.rank(); e < PackedSize(size); e += team.size()) {
    const int i = PackedRow(e);
    const int j = e - PackedIndex(i, 0);
    const int64_t at = int64_t{begin + i} * problem.dim + begin + j;
    s.matrix[e] = a0 * problem.gram[at] + (i == j ? lambda : 0.0F);
  }
  for (int i = team.rank(); i < size; i += team.size()) {
    const float* const gram = problem.gram + int64_t{begin + i} * problem.dim;
    float sum = 0;
    for (int j = 0; j < problem.dim; ++j) sum += gram[j] * s.x[j];
    s.step[i] = a0 * sum + lambda * s.x[begin + i];
  }
}

// Brings `count` entries to hand: their fixed rows, weights, and residuals <x, y> - 1.
template <class Team>
BURGEON_HOST_DEVICE void FetchEntries(const Team& team, const RowProblem& problem,
                                      const RowEntries& entries, int64_t first, int count,
                                      const RowScratch& s) {
  for (int e = team.rank(); e < count * problem.dim; e += team.size()) {
    const int64_t column = entries.columns[first + e / problem.dim];
    s.fixed[e] = problem.fixed[column * problem.dim + e % problem.dim];
  }
  team.Sync();
  for (int c = team.rank(); c < count; c += team.size()) {
    float sum = 0;
    for (int j = 0; j < problem.dim; ++j) sum += s.x[j] * s.fixed[c * problem.dim + j];
    s.weights[c] = entries.weight(first + c);
    s.residuals[c] = sum - 1.0F;
  }
  team.Sync();
}

// Adds the entries at hand to H and g.
template <class Team>
BURGEON_HOST_DEVICE void AddEntries(const Team& team, int dim, int begin, int size, int count,
                                    const RowScratch& s) {
  for (int e = team.rank(); e < PackedSize(size); e += team.size()) {
    const int i = PackedRow(e);
    const int j = e - PackedIndex(i, 0);
    float sum = s.matrix[e];
    for (int c = 0; c < count; ++c) {
      const float* const y = s.fixed + c * dim + begin;
      sum += s.weights[c] * y[i] * y[j];
    }
    s.matrix[e] = sum;
  }
  for (int i = team.rank(); i < size; i += team.size()) {
    float sum = s.step[i];
    for (int c = 0; c < count; ++c) {
      sum += s.weights[c] * s.residuals[c] * s.fixed[c * dim + begin + i];
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
        AddEntries(team, dim, begin, size, count, s);
      }
      if (!PackedCholesky(team, size, s.matrix)) return false;
      PackedSolve(team, size, s.matrix, s.step);
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
