#include "engine/ops/dense.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/base/philox.h"

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

class DenseTest : public testing::Test {
 protected:
  ThreadPool one_{1};
  ThreadPool three_{3};
  ExecutionContext serial_{&one_};
  ExecutionContext parallel_{&three_};
};

TEST_F(DenseTest, GemmOverSeveralTiles) {
  const FloatMatrix a = Normal(1100, 37, 1);
  const FloatMatrix b = Normal(37, 2100, 2);
  FloatMatrix c = Normal(1100, 2100, 3);
  const FloatMatrix before = c;
  Gemm(parallel_, Transposed::kNo, Transposed::kNo, 2, a.view(), b.view(), 0.5F, c.view());
  for (int64_t i : {0, 511, 512, 1099}) {
    for (int64_t j : {0, 2047, 2048, 2099}) {
      double sum = 0.5 * static_cast<double>(before.at(i, j));
      for (int64_t k = 0; k < 37; ++k) {
        sum += 2.0 * static_cast<double>(a.at(i, k)) * static_cast<double>(b.at(k, j));
      }
      EXPECT_NEAR(c.at(i, j), sum, 1e-4) << i << ", " << j;
    }
  }
  FloatMatrix again = before;
  Gemm(serial_, Transposed::kNo, Transposed::kNo, 2, a.view(), b.view(), 0.5F, again.view());
  EXPECT_EQ(again.values(), c.values());
}

TEST_F(DenseTest, GemmTransposed) {
  const FloatMatrix a = Normal(37, 600, 1);
  const FloatMatrix b = Normal(2100, 37, 2);
  FloatMatrix c(600, 2100);
  Gemm(parallel_, Transposed::kYes, Transposed::kYes, 1, a.view(), b.view(), 0, c.view());
  for (int64_t i : {0, 511, 512, 599}) {
    for (int64_t j : {0, 2047, 2048, 2099}) {
      double sum = 0;
      for (int64_t k = 0; k < 37; ++k) {
        sum += static_cast<double>(a.at(k, i)) * static_cast<double>(b.at(j, k));
      }
      EXPECT_NEAR(c.at(i, j), sum, 1e-4) << i << ", " << j;
    }
  }
}

TEST_F(DenseTest, GramOfOneTileAndOfSeveral) {
  for (const int64_t cols : {1, 64, 256, 300}) {
    const FloatMatrix a = Normal(5000, cols, 4);
    const DoubleMatrix gram = Gram(parallel_, a.view());
    EXPECT_EQ(gram.values(), Gram(serial_, a.view()).values());
    for (int64_t i : {int64_t{0}, cols / 2, cols - 1}) {
      for (int64_t j : {int64_t{0}, cols - 1}) {
        double sum = 0;
        for (int64_t r = 0; r < 5000; ++r) {
          sum += static_cast<double>(a.at(r, i)) * static_cast<double>(a.at(r, j));
        }
        EXPECT_NEAR(gram.at(i, j), sum, 5e-3) << cols << " columns: " << i << ", " << j;
        EXPECT_EQ(gram.at(i, j), gram.at(j, i));
      }
    }
  }
  EXPECT_EQ(Gram(serial_, FloatMatrix(0, 3).view()).values(), std::vector<double>(9));
}

TEST_F(DenseTest, MultiplyByUpper) {
  const FloatMatrix u(2, 2, {2, 3, 99, 5});
  FloatMatrix b(600, 2);
  for (int64_t i = 0; i < 600; ++i) b.at(i, 0) = b.at(i, 1) = static_cast<float>(i);
  MultiplyByUpper(parallel_, u.view(), b.view());
  for (int64_t i = 0; i < 600; ++i) {
    EXPECT_EQ(b.at(i, 0), 2.0F * static_cast<float>(i));
    EXPECT_EQ(b.at(i, 1), 8.0F * static_cast<float>(i));
  }
}

TEST_F(DenseTest, SymmetricEigenDescends) {
  DoubleMatrix m(3, 3);
  m.at(0, 0) = 1;
  m.at(1, 1) = 5;
  m.at(2, 2) = 3;
  const auto eigen = SymmetricEigen(m);
  ASSERT_TRUE(eigen.ok()) << eigen.status();
  EXPECT_EQ(eigen->values, (std::vector<double>{5, 3, 1}));
  EXPECT_EQ(std::abs(eigen->vectors.at(0, 1)), 1);
  EXPECT_EQ(std::abs(eigen->vectors.at(1, 2)), 1);
  EXPECT_EQ(std::abs(eigen->vectors.at(2, 0)), 1);
}

}  // namespace
}  // namespace burgeon
