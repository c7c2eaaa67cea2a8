#include "cuda/packed_cholesky.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "engine/base/philox.h"
#include "tests/cuda/thread_team.h"

namespace burgeon::cuda {
namespace {

constexpr int kSizes[] = {1, 2, 31, 32, 33, 65};

// B B' + n I of a random B, packed; its condition number is small.
std::vector<float> PositiveDefinite(int n) {
  const Philox random(3, 0);
  std::vector<float> b(static_cast<size_t>(n * n));
  for (size_t i = 0; i < b.size(); ++i) b[i] = static_cast<float>(random.Normal(i));
  std::vector<float> a;
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j <= i; ++j) {
      double sum = i == j ? n : 0;
      for (int k = 0; k < n; ++k) {
        sum += static_cast<double>(b[static_cast<size_t>(i * n + k)]) *
               b[static_cast<size_t>(j * n + k)];
      }
      a.push_back(static_cast<float>(sum));
    }
  }
  return a;
}

float At(const std::vector<float>& packed, int i, int j) {
  return packed[static_cast<size_t>(i >= j ? PackedIndex(i, j) : PackedIndex(j, i))];
}

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

TEST(PackedCholeskyTest, TheFactorGivesTheMatrixBack) {
  for (const int n : kSizes) {
    const std::vector<float> a = PositiveDefinite(n);
    std::vector<float> l = a;
    ASSERT_TRUE(PackedCholesky(SoloTeam{}, n, l.data())) << n;
    for (int i = 0; i < n; ++i) {
      for (int j = 0; j <= i; ++j) {
        double sum = 0;
        for (int k = 0; k <= j; ++k) sum += static_cast<double>(At(l, i, k)) * At(l, j, k);
        ASSERT_NEAR(sum, At(a, i, j), 1e-5 * n) << n << ": " << i << ", " << j;
      }
    }
  }
}

TEST(PackedCholeskyTest, SolvesToASmallResidual) {
  for (const int n : kSizes) {
    const std::vector<float> a = PositiveDefinite(n);
    std::vector<float> l = a;
    std::vector<float> x(static_cast<size_t>(n));
    for (int i = 0; i < n; ++i) x[static_cast<size_t>(i)] = static_cast<float>(i % 5 - 2);
    const std::vector<float> right = x;
    ASSERT_TRUE(PackedCholesky(SoloTeam{}, n, l.data()));
    PackedSolve(SoloTeam{}, n, l.data(), x.data());
    for (int i = 0; i < n; ++i) {
      double sum = 0;
      for (int j = 0; j < n; ++j) {
        sum += static_cast<double>(At(a, i, j)) * x[static_cast<size_t>(j)];
      }
      ASSERT_NEAR(sum, right[static_cast<size_t>(i)], 1e-4) << n << ": " << i;
    }
  }
}

TEST(PackedCholeskyTest, AnyTeamGivesTheSameBits) {
  constexpr int kSize = 33;
  std::vector<float> l = PositiveDefinite(kSize);
  std::vector<float> x(kSize, 1.0F);
  ASSERT_TRUE(PackedCholesky(SoloTeam{}, kSize, l.data()));
  PackedSolve(SoloTeam{}, kSize, l.data(), x.data());
  for (const int threads : {2, 3, 8, 40}) {
    std::vector<float> team_l = PositiveDefinite(kSize);
    std::vector<float> team_x(kSize, 1.0F);
    RunTeam(threads, [&](const ThreadTeam& team) {
      EXPECT_TRUE(PackedCholesky(team, kSize, team_l.data()));
      PackedSolve(team, kSize, team_l.data(), team_x.data());
    });
    EXPECT_EQ(team_l, l) << threads;
    EXPECT_EQ(team_x, x) << threads;
  }
}

TEST(PackedCholeskyTest, RefusesWhatIsNotPositiveDefiniteOnEveryThread) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  for (const float bad : {0.0F, -1.0F, nan, infinity}) {
    std::vector<float> a = PositiveDefinite(9);
    a[static_cast<size_t>(PackedIndex(5, 5))] = bad;
    RunTeam(
        3, [&](const ThreadTeam& team) { EXPECT_FALSE(PackedCholesky(team, 9, a.data())) << bad; });
  }
  std::vector<float> indefinite = {1, 2, 1};  // eigenvalues 3 and -1
  EXPECT_FALSE(PackedCholesky(SoloTeam{}, 2, indefinite.data()));
}

}  // namespace
}  // namespace burgeon::cuda
