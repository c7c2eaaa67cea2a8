// The source of the ALS kernel, run by the host compiler on the cases that hold both forms.
#include "cuda/row_solver.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "tests/cuda/thread_team.h"
#include "tests/support/als_step_cases.h"

namespace burgeon::cuda {
namespace {

std::vector<float> GramOf(const FloatMatrix& fixed) {
  std::vector<float> gram;
  for (int64_t i = 0; i < fixed.cols(); ++i) {
    for (int64_t j = 0; j < fixed.cols(); ++j) {
      double sum = 0;
      for (int64_t row = 0; row < fixed.rows(); ++row) {
        sum += static_cast<double>(fixed.at(row, i)) * fixed.at(row, j);
      }
      gram.push_back(static_cast<float>(sum));
    }
  }
  return gram;
}

// What als_step.cu does with one thread block of `threads` threads.
FloatMatrix Solve(const AlsStepCase& c, int threads) {
  const int dim = static_cast<int>(c.fixed.cols());
  const std::vector<float> gram = GramOf(c.fixed);
  const RowProblem problem = {
      .fixed = c.fixed.data(),
      .fixed_count = c.fixed.rows(),
      .gram = gram.data(),
      .dim = dim,
      .block_size = c.params.block_size == 0 ? dim : std::min(c.params.block_size, dim),
      .unobserved_weight = c.params.unobserved_weight,
      .regularization = c.params.regularization,
      .regularization_exponent = c.params.regularization_exponent};
  const int64_t floats = RowScratchFloats(dim, problem.block_size);
  std::vector<double> memory(static_cast<size_t>(floats / 2), std::nan(""));
  const RowScratch scratch =
      CutRowScratch(reinterpret_cast<float*>(memory.data()), dim, problem.block_size);
  FloatMatrix factors = c.start;
  const CsrView rows = c.rows.view();
  RunTeam(threads, [&](const ThreadTeam& team) {
    for (int64_t row = 0; row < rows.rows(); ++row) {
      const RowEntries entries = {rows.row_columns(row).data(),
                                  rows.values.empty() ? nullptr : rows.row_values(row).data(),
                                  static_cast<int64_t>(rows.row_columns(row).size())};
      EXPECT_TRUE(SolveRow(team, problem, entries, scratch, &factors.at(row, 0)))
          << c.name << " row " << row;
    }
  });
  return factors;
}

TEST(RowScratchTest, PiecesFillTheMemoryWithoutOverlap) {
  for (const int dim : {1, 2, 31, 64, 257}) {
    for (const int block : {1, dim}) {
      const int64_t floats = RowScratchFloats(dim, block);
      EXPECT_EQ(floats % 4, 0);
      std::vector<double> memory(static_cast<size_t>(floats / 2));
      auto* const begin = reinterpret_cast<float*>(memory.data());
      const RowScratch s = CutRowScratch(begin, dim, block);
      EXPECT_EQ(s.stride, (dim + 3) / 4 * 4);
      EXPECT_EQ(s.matrix - begin, 2 * kWeightLanes);
      EXPECT_EQ(s.step - s.matrix, TiledFloats(block));
      EXPECT_GE(s.x - s.step, block);
      EXPECT_GE(s.fixed - s.x, dim);
      EXPECT_GE(s.weights - s.fixed, kEntriesAtHand * s.stride + 3);
      EXPECT_EQ(s.residuals - s.weights, kEntriesAtHand);
      EXPECT_EQ(s.dots - s.residuals, kEntriesAtHand);
      EXPECT_EQ(s.square - s.dots, kEntriesAtHand * kDotLanes);
      EXPECT_EQ(s.lower - s.square, kPanel * kPanel);
      EXPECT_EQ(s.inverses - s.lower, kPanel * kPanel);
      EXPECT_EQ(s.inverses + kPanel - begin, floats);
      for (const float* piece : {s.matrix, s.fixed, s.square, s.lower}) {
        EXPECT_EQ((piece - begin) % 4, 0);
      }
    }
  }
}

TEST(SolveRowTest, MatchesTheReference) {
  for (const AlsStepCase& c : AlsStepCases()) {
    if (c.rows.rows() == 0) continue;
    const FloatMatrix factors = Solve(c, 1);
    const DoubleMatrix reference = ReferenceAlsStep(c);
    for (int64_t row = 0; row < factors.rows(); ++row) {
      double largest = 0;
      for (const double x : reference.row(row)) largest = std::max(largest, std::abs(x));
      for (int64_t j = 0; j < factors.cols(); ++j) {
        ASSERT_NEAR(factors.at(row, j), reference.at(row, j), 5e-4 * largest)
            << c.name << ": row " << row << ", dimension " << j;
      }
    }
  }
}

TEST(SolveRowTest, AnyTeamGivesTheSameBits) {
  int compared = 0;
  for (const AlsStepCase& c : AlsStepCases()) {
    if (c.name != "weights" && c.name != "blocks") continue;
    EXPECT_EQ(Solve(c, 3).values(), Solve(c, 1).values()) << c.name;
    ++compared;
  }
  EXPECT_EQ(compared, 2);
}

TEST(SolveRowTest, SaysWhenTheEquationsAreSingular) {
  const std::vector<float> zeros(4);
  const uint32_t column = 0;
  const RowProblem problem = {.fixed = zeros.data(),
                              .fixed_count = 2,
                              .gram = zeros.data(),
                              .dim = 2,
                              .block_size = 2,
                              .unobserved_weight = 1};
  std::vector<double> memory(static_cast<size_t>(RowScratchFloats(2, 2) / 2));
  const RowScratch scratch = CutRowScratch(reinterpret_cast<float*>(memory.data()), 2, 2);
  std::vector<float> factors(2, 1.0F);
  EXPECT_FALSE(SolveRow(SoloTeam{}, problem, {&column, nullptr, 1}, scratch, factors.data()));
  // Without entries there are no equations.
  EXPECT_TRUE(SolveRow(SoloTeam{}, problem, {&column, nullptr, 0}, scratch, factors.data()));
  EXPECT_EQ(factors, std::vector<float>(2, 0.0F));
}

}  // namespace
}  // namespace burgeon::cuda
