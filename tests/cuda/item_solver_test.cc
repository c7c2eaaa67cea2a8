// The source of the kernels that solve short rows through their items, run by the host compiler on
// the cases that hold all forms.
#include "cuda/item_solver.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "cuda/rotate_tile.h"
#include "tests/cuda/thread_team.h"
#include "tests/cuda/tridiagonal_case.h"
#include "tests/support/als_step_cases.h"

namespace burgeon::cuda {
namespace {

using Fours = std::vector<Four>;

Fours Memory(int64_t floats) {
  const float nan = std::nanf("");
  return Fours(static_cast<size_t>((floats + kEdge - 1) / kEdge), Four{{nan, nan, nan, nan}});
}
float* FloatsOf(Fours& memory) { return reinterpret_cast<float*>(memory.data()); }

std::vector<double> SharedPart(const AlsStepCase& c) {
  std::vector<double> matrix;
  for (int64_t i = 0; i < c.fixed.cols(); ++i) {
    for (int64_t j = 0; j < c.fixed.cols(); ++j) {
      double sum = 0;
      for (int64_t row = 0; row < c.fixed.rows(); ++row) {
        sum += static_cast<double>(c.fixed.at(row, i)) * static_cast<double>(c.fixed.at(row, j));
      }
      matrix.push_back(static_cast<double>(c.params.unobserved_weight) * sum);
    }
  }
  return matrix;
}

// A half-step as als_items.cu does it, with one team of `threads`.
struct ItemStep {
  explicit ItemStep(const AlsStepCase& c)
      : dim(static_cast<int>(c.fixed.cols())), width(RoundUpToEdge(dim)), basis(SharedPart(c)) {
    basis.Reduce(1);
    q = basis.Basis(1);
    rotated = Memory(c.fixed.rows() * width);
    beside = Memory(width);
    back = Memory(width * width);
    for (Fours* zero : {&rotated, &beside, &back}) {
      std::fill(zero->begin(), zero->end(), Four{});
    }
    for (int k = 0; k < dim; ++k) FloatsOf(beside)[k] = static_cast<float>(basis.t.beside[k]);
    for (int64_t row = 0; row < c.fixed.rows(); ++row) {
      for (int k = 0; k < dim; ++k) {
        double sum = 0;
        for (int i = 0; i < dim; ++i) sum += static_cast<double>(c.fixed.at(row, i)) * Q(i, k);
        FloatsOf(rotated)[row * width + k] = static_cast<float>(sum);
      }
    }
    for (int i = 0; i < dim; ++i) {
      for (int k = 0; k < dim; ++k) FloatsOf(back)[k * width + i] = static_cast<float>(Q(i, k));
    }
  }
  double Q(int i, int k) const { return q[static_cast<size_t>(i * dim + k)]; }

  std::vector<float> Solve(const AlsStepCase& c, int64_t row, int threads) {
    const CsrView rows = c.rows.view();
    const RowEntries entries = {rows.row_columns(row).data(),
                                rows.values.empty() ? nullptr : rows.row_values(row).data(),
                                static_cast<int64_t>(rows.row_columns(row).size())};
    const RowProblem problem = {.fixed_count = c.fixed.rows(),
                                .dim = dim,
                                .unobserved_weight = c.params.unobserved_weight,
                                .regularization = c.params.regularization,
                                .regularization_exponent = c.params.regularization_exponent};
    double lanes[kWeightLanes];
    const float lambda = RowRegularization(SoloTeam{}, problem, entries, lanes);
    EXPECT_TRUE(IsEven(basis.t, static_cast<double>(lambda))) << c.name << " row " << row;
    Fours roots = Memory(width);
    InverseRoots(basis.t, static_cast<double>(lambda), width, FloatsOf(roots));
    const int items = RoundUpToEdge(static_cast<int>(entries.count));
    Fours memory = Memory(ItemScratchFloats(width, items));
    const ItemScratch scratch = CutItemScratch(FloatsOf(memory), width, items);
    Fours tile = Memory(RotateTileFloats(width));
    std::fill(tile.begin(), tile.end(), Four{});
    const ItemProblem item_problem = {FloatsOf(rotated), FloatsOf(beside), width};
    std::vector<float> x(static_cast<size_t>(dim));
    RunTeam(threads, [&](const ThreadTeam& team) {
      EXPECT_TRUE(SolveThroughItems(team, item_problem, entries, FloatsOf(roots), dim, scratch,
                                    FloatsOf(tile)));
      if (team.rank() == 0) {
        SolveBidiagonal(FloatsOf(roots), FloatsOf(beside), width, FloatsOf(tile));
      }
      team.Sync();
      MultiplyTile(team, FloatsOf(tile), FloatsOf(back), width, 1,
                   [&](int i, int j, const Four& four) {
                     EXPECT_EQ(i, 0);
                     for (int k = 0; k < kEdge && j + k < dim; ++k) x[j + k] = four.v[k];
                   });
    });
    return x;
  }

  int dim;
  int width;
  TridiagonalCase basis;
  std::vector<double> q;
  Fours rotated;
  Fours beside;
  Fours back;
};

TEST(ItemScratchTest, PiecesFillTheMemoryWithoutOverlap) {
  for (const int width : {4, 32, 36, 256}) {
    for (const int items : {4, 20, 88}) {
      Fours memory = Memory(ItemScratchFloats(width, items));
      const float* const begin = FloatsOf(memory);
      const ItemScratch s = CutItemScratch(FloatsOf(memory), width, items);
      EXPECT_GE(ItemStride(width), width);
      EXPECT_EQ(ItemStride(width) / kEdge % 2, 1);
      EXPECT_EQ(s.rows, begin);
      EXPECT_EQ(s.matrix - s.rows, items * ItemStride(width));
      EXPECT_EQ(s.right - s.matrix, TiledFloats(items));
      EXPECT_EQ(s.columns - s.right, items);
      EXPECT_EQ(s.square - s.columns, kPanel * items);
      EXPECT_EQ(s.lower - s.square, kPanel * kPanel);
      EXPECT_EQ(s.inverses - s.lower, kPanel * kPanel);
      EXPECT_EQ(s.roots - s.inverses, kPanel);
      EXPECT_EQ(s.ratios - s.roots, width);
      EXPECT_EQ(s.ratios + width - begin, ItemScratchFloats(width, items));
      for (const float* piece :
           {s.rows, s.matrix, s.columns, s.square, s.lower, s.roots, s.ratios}) {
        EXPECT_EQ((piece - begin) % kEdge, 0);
      }
    }
  }
}

TEST(ItemScratchTest, TheMostItemsFitAndOneTileMoreDoesNot) {
  for (const int width : {4, 64, 256}) {
    for (const int64_t bytes : {1'000, 50'000, 232'448}) {
      const int items = MostItems(width, bytes);
      EXPECT_EQ(items % kEdge, 0);
      if (items > 0) {
        EXPECT_LE(4 * ItemScratchFloats(width, items), bytes);
      }
      EXPECT_GT(4 * ItemScratchFloats(width, items + kEdge), bytes);
    }
  }
}

TEST(ItemPlaceTest, EveryRowOfTheMatrixHasAPlaceOfItsOwn) {
  for (int tiles = 1; tiles < 60; ++tiles) {
    std::set<int> places;
    for (int i = 0; i < tiles * kEdge; ++i) places.insert(ItemPlace(i, tiles));
    EXPECT_EQ(static_cast<int>(places.size()), tiles * kEdge);
    EXPECT_EQ(*places.rbegin(), tiles * kEdge - 1);
  }
}

TEST(SolveThroughItemsTest, MatchesTheReference) {
  int solved = 0;
  for (const AlsStepCase& c : AlsStepCases()) {
    if (c.params.block_size != 0 || c.rows.rows() == 0) continue;
    ItemStep step(c);
    const DoubleMatrix reference = ReferenceAlsStep(c);
    for (int64_t row = 0; row < c.rows.rows(); ++row) {
      if (c.rows.view().row_columns(row).empty()) continue;
      const std::vector<float> x = step.Solve(c, row, 1);
      double largest = 0;
      for (const double want : reference.row(row)) largest = std::max(largest, std::abs(want));
      for (int64_t j = 0; j < c.fixed.cols(); ++j) {
        ASSERT_NEAR(x[static_cast<size_t>(j)], reference.at(row, j), 5e-4 * largest)
            << c.name << ": row " << row << ", dimension " << j;
      }
      ++solved;
    }
  }
  EXPECT_GT(solved, 100);
}

TEST(SolveThroughItemsTest, AnyTeamGivesTheSameBits) {
  int compared = 0;
  for (const AlsStepCase& c : AlsStepCases()) {
    if (c.name != "weights" && c.name != "exponent a half") continue;
    ItemStep step(c);
    for (const int64_t row : {0, 2, 3}) {
      const std::vector<float> alone = step.Solve(c, row, 1);
      for (const int threads : {3, 16}) EXPECT_EQ(step.Solve(c, row, threads), alone) << c.name;
      ++compared;
    }
  }
  EXPECT_EQ(compared, 6);
}

TEST(SolveThroughItemsTest, SaysWhenValuesAreNotFinite) {
  AlsStepCase c = AlsStepCases()[2];
  ItemStep step(c);
  for (Four& four : step.rotated) four.v[0] = std::nanf("");
  const CsrView rows = c.rows.view();
  const RowEntries entries = {rows.row_columns(0).data(), nullptr, 3};
  Fours roots = Memory(step.width);
  InverseRoots(step.basis.t, 1.0, step.width, FloatsOf(roots));
  Fours memory = Memory(ItemScratchFloats(step.width, kEdge));
  std::vector<float> sums(static_cast<size_t>(step.dim));
  EXPECT_FALSE(SolveThroughItems(
      SoloTeam{}, {FloatsOf(step.rotated), FloatsOf(step.beside), step.width}, entries,
      FloatsOf(roots), step.dim, CutItemScratch(FloatsOf(memory), step.width, kEdge), sums.data()));
}

}  // namespace
}  // namespace burgeon::cuda
