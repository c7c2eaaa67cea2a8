#include "cuda/tiled_cholesky.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include "engine/base/philox.h"
#include "tests/cuda/thread_team.h"

namespace burgeon::cuda {
namespace {

constexpr int kSizes[] = {1, 2, 4, 15, 16, 17, 31, 33, 48, 65};

// A matrix with all that a factorisation needs; its memory holds NaNs where nothing was written.
struct Problem {
  explicit Problem(int n) : memory(static_cast<size_t>(TiledFloats(n) / kEdge)), right(Some(n)) {
    matrix = {reinterpret_cast<float*>(memory.data()), n};
    const int stride = RoundUpToEdge(n);
    const float nan = std::nanf("");
    columns.assign(static_cast<size_t>(kPanel * stride / kEdge), Four{{nan, nan, nan, nan}});
    squares.assign(2 * kPanel * kPanel / kEdge, Four{{nan, nan, nan, nan}});
    auto* const square = reinterpret_cast<float*>(squares.data());
    scratch = {reinterpret_cast<float*>(columns.data()), stride, square, square + kPanel * kPanel,
               inverses};
    // B B' + n I of a random B: its condition number is small.
    const Philox random(3, 0);
    std::vector<double> b(static_cast<size_t>(n * n));
    for (size_t i = 0; i < b.size(); ++i) b[i] = random.Normal(i);
    for (int i = 0; i < stride; ++i) {
      for (int j = 0; j < RoundUpToEdge(i + 1); ++j) {
        double sum = i == j ? n : 0;
        for (int k = 0; i < n && j < n && k < n; ++k) {
          sum += b[static_cast<size_t>(i * n + k)] * b[static_cast<size_t>(j * n + k)];
        }
        matrix.at(i, j) = static_cast<float>(sum);
      }
    }
  }
  static std::vector<float> Some(int n) {
    std::vector<float> values(static_cast<size_t>(n));
    for (int i = 0; i < n; ++i) values[static_cast<size_t>(i)] = static_cast<float>(i % 5 - 2);
    return values;
  }
  float at(int i, int j) const { return i >= j ? matrix.at(i, j) : matrix.at(j, i); }
  std::vector<Four> memory;
  std::vector<float> right;
  std::vector<Four> columns;
  std::vector<Four> squares;
  float inverses[kPanel];
  TiledMatrix matrix;
  PanelScratch scratch;
};

TEST(PackedIndexTest, RowsComeBackFromEveryIndex) {
  int index = 0;
  for (int i = 0; i < 2000; ++i) {
    ASSERT_EQ(PackedIndex(i, 0), index);
    ASSERT_EQ(PackedRow(index), i);
    index += i + 1;
    ASSERT_EQ(PackedRow(index - 1), i);
    ASSERT_EQ(PackedSize(i + 1), index);
  }
  // The largest that als_step.cu allows, where floats are coarse.
  for (int i = 45'900; i < 46'000; ++i) {
    ASSERT_EQ(PackedRow(PackedIndex(i, 0)), i);
    ASSERT_EQ(PackedRow(PackedIndex(i, i)), i);
  }
}

TEST(TiledMatrixTest, EveryElementHasItsPlace) {
  for (const int n : {1, 4, 5, 18}) {
    std::vector<Four> memory(static_cast<size_t>(TiledFloats(n) / kEdge));
    const TiledMatrix matrix = {reinterpret_cast<float*>(memory.data()), n};
    std::set<int64_t> places;
    for (int i = 0; i < RoundUpToEdge(n); ++i) {
      for (int j = 0; j < RoundUpToEdge(i + 1); ++j) {
        places.insert(&matrix.at(i, j) - matrix.data);
      }
    }
    EXPECT_EQ(static_cast<int>(places.size()), TiledFloats(n)) << n;
    EXPECT_EQ(*places.begin(), 0);
    EXPECT_EQ(*places.rbegin(), TiledFloats(n) - 1);
  }
}

TEST(AddOuterTest, AddsToTheTilesItIsTold) {
  constexpr int kSize = 11;
  Problem p(kSize);
  const Problem before(kSize);
  std::vector<float> rows(3 * 12 + 4);
  for (size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<float>(i * 5 % 7) - 3;
  AddOuter<false>(SoloTeam{}, p.matrix, 1, 3, rows.data() + 1, 12,
                  [](int c) { return static_cast<float>(c + 1); });
  for (int i = 0; i < kSize; ++i) {
    for (int j = 0; j <= i; ++j) {
      float sum = before.at(i, j);
      for (int c = 0; j >= 4 && c < 3; ++c) {
        sum += static_cast<float>(c + 1) * rows[static_cast<size_t>(c * 12 + 1 + i)] *
               rows[static_cast<size_t>(c * 12 + 1 + j)];
      }
      EXPECT_NEAR(p.at(i, j), sum, 1e-4) << i << ", " << j;
    }
  }
}

TEST(TiledCholeskyTest, TheFactorGivesTheMatrixBack) {
  for (const int n : kSizes) {
    Problem p(n);
    const Problem before(n);
    ASSERT_TRUE(TiledCholesky(SoloTeam{}, p.matrix, p.scratch, p.right.data())) << n;
    for (int i = 0; i < n; ++i) {
      for (int j = 0; j <= i; ++j) {
        double sum = 0;
        for (int k = 0; k <= j; ++k) sum += static_cast<double>(p.at(i, k)) * p.at(j, k);
        ASSERT_NEAR(sum, before.at(i, j), 1e-5 * n) << n << ": " << i << ", " << j;
      }
    }
  }
}

TEST(TiledCholeskyTest, SolvesToASmallResidual) {
  for (const int n : kSizes) {
    Problem p(n);
    const Problem before(n);
    ASSERT_TRUE(TiledCholesky(SoloTeam{}, p.matrix, p.scratch, p.right.data()));
    BackSubstitute(SoloTeam{}, p.matrix, p.right.data());
    for (int i = 0; i < n; ++i) {
      double sum = 0;
      for (int j = 0; j < n; ++j) {
        sum += static_cast<double>(before.at(i, j)) * p.right[static_cast<size_t>(j)];
      }
      ASSERT_NEAR(sum, before.right[static_cast<size_t>(i)], 1e-4) << n << ": " << i;
    }
  }
}

TEST(TiledCholeskyTest, AnyTeamGivesTheSameBits) {
  constexpr int kSize = 37;
  Problem alone(kSize);
  ASSERT_TRUE(TiledCholesky(SoloTeam{}, alone.matrix, alone.scratch, alone.right.data()));
  BackSubstitute(SoloTeam{}, alone.matrix, alone.right.data());
  for (const int threads : {2, 3, 8, 40}) {
    Problem p(kSize);
    RunTeam(threads, [&](const ThreadTeam& team) {
      EXPECT_TRUE(TiledCholesky(team, p.matrix, p.scratch, p.right.data()));
      BackSubstitute(team, p.matrix, p.right.data());
    });
    EXPECT_EQ(p.right, alone.right) << threads;
    for (int i = 0; i < kSize; ++i) {
      for (int j = 0; j <= i; ++j) EXPECT_EQ(p.at(i, j), alone.at(i, j)) << threads;
    }
  }
}

TEST(TiledCholeskyTest, RefusesWhatIsNotPositiveDefiniteOnEveryThread) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  for (const float bad : {0.0F, -1.0F, nan, infinity}) {
    for (const int where : {5, 18}) {
      Problem p(19);
      p.matrix.at(where, where) = bad;
      RunTeam(3, [&](const ThreadTeam& team) {
        EXPECT_FALSE(TiledCholesky(team, p.matrix, p.scratch, p.right.data())) << bad;
      });
    }
  }
  Problem indefinite(2);  // eigenvalues 3 and -1
  indefinite.matrix.at(0, 0) = indefinite.matrix.at(1, 1) = 1;
  indefinite.matrix.at(1, 0) = 2;
  EXPECT_FALSE(
      TiledCholesky(SoloTeam{}, indefinite.matrix, indefinite.scratch, indefinite.right.data()));
}

}  // namespace
}  // namespace burgeon::cuda
