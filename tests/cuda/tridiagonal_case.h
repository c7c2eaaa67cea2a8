// A matrix with all that cuda/tridiagonal.h needs, on the host.
#ifndef BURGEON_TESTS_CUDA_TRIDIAGONAL_CASE_H_
#define BURGEON_TESTS_CUDA_TRIDIAGONAL_CASE_H_

#include <cmath>
#include <limits>
#include <vector>

#include "cuda/tridiagonal.h"
#include "engine/base/philox.h"
#include "tests/cuda/thread_team.h"

namespace burgeon::cuda {

// Y'Y of a random [rows, n].
inline std::vector<double> RandomGram(int n, int rows) {
  const Philox random(8, static_cast<uint64_t>(n));
  std::vector<double> gram(static_cast<size_t>(n * n));
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j) {
      for (int r = 0; r < rows; ++r) {
        gram[static_cast<size_t>(i * n + j)] += random.Normal(static_cast<uint64_t>(r * n + i)) *
                                                random.Normal(static_cast<uint64_t>(r * n + j));
      }
    }
  }
  return gram;
}

struct TridiagonalCase {
  explicit TridiagonalCase(const std::vector<double>& matrix)
      : before(matrix), dim(static_cast<int>(std::lround(std::sqrt(matrix.size())))) {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    memory.assign(2 * matrix.size() + 3 * static_cast<size_t>(dim) + 1, 0);
    std::copy(matrix.begin(), matrix.end(), memory.begin());
    double* const vectors = memory.data() + 2 * matrix.size();
    t = {.dim = dim,
         .matrix = memory.data(),
         .reflectors = memory.data() + matrix.size(),
         .betas = vectors,
         .diagonal = vectors + dim,
         .beside = vectors + 2 * dim,
         .bound = vectors + 3 * dim};
    scratch.assign(static_cast<size_t>(TridiagonalScratchDoubles(dim)), nan);
  }
  void Reduce(int threads) {
    RunTeam(threads, [&](const ThreadTeam& team) {
      Tridiagonalize(team, t, CutTridiagonalScratch(scratch.data(), dim));
    });
  }
  // Q, [dim, dim], after Reduce.
  std::vector<double> Basis(int threads) {
    std::vector<double> q(before.size());
    for (int column = 0; column < dim; ++column) {
      const TridiagonalScratch s = CutTridiagonalScratch(scratch.data(), dim);
      RunTeam(threads, [&](const ThreadTeam& team) { BasisColumn(team, t, column, s); });
      for (int i = 0; i < dim; ++i) q[static_cast<size_t>(i * dim + column)] = s.vector[i];
    }
    return q;
  }
  std::vector<double> before;
  int dim;
  std::vector<double> memory;
  std::vector<double> scratch;
  Tridiagonal t;
};

}  // namespace burgeon::cuda

#endif  // BURGEON_TESTS_CUDA_TRIDIAGONAL_CASE_H_
