#include "cuda/tridiagonal.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "tests/cuda/tridiagonal_case.h"

namespace burgeon::cuda {
namespace {

TEST(TridiagonalTest, TheBasisIsOrthogonalAndGivesTheMatrixBack) {
  for (const int n : {1, 2, 3, 4, 17, 40}) {
    TridiagonalCase c(RandomGram(n, 2 * n));
    c.Reduce(1);
    const std::vector<double> q = c.Basis(1);
    for (int i = 0; i < n; ++i) {
      for (int j = 0; j < n; ++j) {
        double identity = 0;
        double back = 0;
        for (int k = 0; k < n; ++k) {
          identity += q[i * n + k] * q[j * n + k];
          back += q[i * n + k] * c.t.diagonal[k] * q[j * n + k];
          if (k + 1 == n) continue;
          back +=
              c.t.beside[k] * (q[i * n + k] * q[j * n + k + 1] + q[i * n + k + 1] * q[j * n + k]);
        }
        ASSERT_NEAR(identity, i == j ? 1.0 : 0.0, 1e-12) << n;
        ASSERT_NEAR(back, c.before[i * n + j], 1e-11 * n) << n << ": " << i << ", " << j;
      }
    }
  }
}

TEST(TridiagonalTest, ZeroAndDiagonalMatricesStayFinite) {
  for (const double value : {0.0, 3.0}) {
    std::vector<double> matrix(25);
    for (int i = 0; i < 5; ++i) matrix[i * 6] = value * i;
    TridiagonalCase c(matrix);
    c.Reduce(1);
    for (int i = 0; i < 5; ++i) {
      EXPECT_EQ(c.t.diagonal[i], value * i);
      EXPECT_EQ(c.t.beside[i], 0.0);
      EXPECT_EQ(c.Basis(1)[i * 6], 1.0);
    }
    EXPECT_EQ(*c.t.bound, 4 * value);
  }
}

TEST(TridiagonalTest, AnyTeamGivesTheSameBits) {
  TridiagonalCase alone(RandomGram(19, 40));
  alone.Reduce(1);
  for (const int threads : {2, 5, 40}) {
    TridiagonalCase c(RandomGram(19, 40));
    c.Reduce(threads);
    EXPECT_EQ(c.memory, alone.memory) << threads;
    EXPECT_EQ(c.Basis(threads), alone.Basis(1)) << threads;
  }
}

TEST(TridiagonalTest, TheBoundIsAboveTheLargestEigenvalue) {
  TridiagonalCase c(RandomGram(23, 50));
  c.Reduce(1);
  EXPECT_FALSE(IsPositive(c.t, -0.5 * *c.t.bound));
  for (double& value : c.memory) value = -value;  // -T + bound I
  const double bound = -*c.t.bound;
  EXPECT_TRUE(IsPositive(c.t, bound * (1 + 1e-9)));
}

TEST(TridiagonalTest, RowsThatFp32CannotCarryAreUneven) {
  TridiagonalCase c(RandomGram(12, 5));  // of rank 5: the least eigenvalue is 0
  c.Reduce(1);
  EXPECT_TRUE(IsEven(c.t, 2e-5 * *c.t.bound));
  EXPECT_FALSE(IsEven(c.t, 0.5e-5 * *c.t.bound));
  EXPECT_FALSE(IsEven(c.t, 0.0));
  EXPECT_FALSE(IsEven(c.t, std::numeric_limits<double>::quiet_NaN()));
  EXPECT_FALSE(IsEven(c.t, std::numeric_limits<double>::infinity()));
}

TEST(TridiagonalTest, RootsAreThoseOfTheCholeskyFactor) {
  constexpr int kDim = 13;
  constexpr double kLambda = 0.7;
  TridiagonalCase c(RandomGram(kDim, 30));
  c.Reduce(1);
  std::vector<float> roots(16, -1.0F);
  InverseRoots(c.t, kLambda, 16, roots.data());
  for (int k = 0; k < kDim; ++k) {
    // (L L')(k, k) and (L L')(k, k - 1).
    const double before = k > 0 ? c.t.beside[k - 1] * roots[k - 1] : 0;
    const double sum = before * before + 1 / (static_cast<double>(roots[k]) * roots[k]);
    EXPECT_NEAR(sum, c.t.diagonal[k] + kLambda, 1e-5 * sum);
  }
  for (int k = kDim; k < 16; ++k) EXPECT_EQ(roots[k], 0.0F);
}

}  // namespace
}  // namespace burgeon::cuda
