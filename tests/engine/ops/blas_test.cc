#include "engine/ops/blas.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <thread>

#include "engine/base/philox.h"
#include "engine/ops/simd.h"

namespace burgeon {
namespace {

FloatMatrix Normal(int64_t rows, int64_t cols, uint64_t seed) {
  const Philox random(seed, 1);
  FloatMatrix m(rows, cols);
  for (size_t i = 0; i < m.values().size(); ++i) {
    m.values()[i] = static_cast<float>(random.Normal(i));
  }
  return m;
}

TEST(BlasTest, GemmTransposes) {
  const FloatMatrix a(2, 3, {1, 2, 3, 4, 5, 6});
  const FloatMatrix b(3, 2, {1, 0, 0, 1, 1, 1});
  FloatMatrix c(2, 2);
  blas::Gemm(Transposed::kNo, Transposed::kNo, 1, a.view(), b.view(), 0, c.view());
  EXPECT_EQ(c.values(), (std::vector<float>{4, 5, 10, 11}));
  blas::Gemm(Transposed::kNo, Transposed::kYes, 2, a.view(), a.view(), 0, c.view());
  EXPECT_EQ(c.values(), (std::vector<float>{28, 64, 64, 154}));
  FloatMatrix d(3, 3);
  blas::Gemm(Transposed::kYes, Transposed::kYes, 1, a.view(), b.view(), 0, d.view());
  EXPECT_EQ(d.values(), (std::vector<float>{1, 4, 5, 2, 5, 7, 3, 6, 9}));
}

TEST(BlasTest, CholeskyAndInverse) {
  // a = u'u with u = {{2, 1}, {0, 3}}.
  FloatMatrix a(2, 2, {4, 2, -99, 10});
  EXPECT_EQ(blas::CholeskyUpper(a.view()), 0);
  EXPECT_EQ(a.values(), (std::vector<float>{2, 1, -99, 3}));
  std::vector<float> b = {8, 14};
  blas::CholeskySolve(a.view(), b);
  EXPECT_NEAR(b[0], 52.0 / 36, 1e-6);
  EXPECT_NEAR(b[1], 40.0 / 36, 1e-6);

  DoubleMatrix d(2, 2, {4, 2, -99, 10});
  EXPECT_EQ(blas::CholeskyUpper(d.view()), 0);
  EXPECT_EQ(blas::InvertUpper(d.view()), 0);
  EXPECT_DOUBLE_EQ(d.at(0, 0), 0.5);
  EXPECT_DOUBLE_EQ(d.at(0, 1), -1.0 / 6);
  EXPECT_DOUBLE_EQ(d.at(1, 1), 1.0 / 3);

  DoubleMatrix indefinite(2, 2, {1, 2, 0, 1});
  EXPECT_EQ(blas::CholeskyUpper(indefinite.view()), 2);
}

TEST(BlasTest, SymmetricEigenGivesRowsAscending) {
  DoubleMatrix a(2, 2, {2, 1, 0, 2});
  std::vector<double> values(2);
  ASSERT_EQ(blas::SymmetricEigen(a.view(), values), 0);
  EXPECT_NEAR(values[0], 1, 1e-12);
  EXPECT_NEAR(values[1], 3, 1e-12);
  EXPECT_NEAR(a.at(0, 0), -a.at(0, 1), 1e-12);
  EXPECT_NEAR(a.at(1, 0), a.at(1, 1), 1e-12);
}

// The kernels for this CPU, not those of the oldest one OpenBLAS knows.
TEST(BlasTest, UsesTheInstructionsOfThisCpu) {
  if (std::getenv("OPENBLAS_CORETYPE") == nullptr) GTEST_FAIL() << "the core type was not chosen";
  EXPECT_THAT(blas::Name(), testing::HasSubstr(std::getenv("OPENBLAS_CORETYPE")));
}

// Debian's serial OpenBLAS now and then gives two calls at the same time the same buffer, unless
// its allocator is locked (blas.cc). Each thread has its own matrix, so that it would see
// another's.
TEST(BlasTest, CallsMayRunSideBySide) {
  std::vector<int> wrong(4);
  std::vector<std::thread> threads;
  for (size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&wrong, t] {
      const FloatMatrix a = Normal(100, 48, t);
      FloatMatrix want(48, 48);
      blas::SyrkUpper(1, a.view(), want.view());
      for (int i = 0; i < 10'000; ++i) {
        FloatMatrix got(48, 48);
        blas::SyrkUpper(1, a.view(), got.view());
        if (got.values() != want.values()) ++wrong[t];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4));
}

}  // namespace
}  // namespace burgeon
