#include "engine/ops/orthonormalize.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/base/philox.h"

namespace burgeon {
namespace {

FloatMatrix Normal(int64_t rows, int64_t cols) {
  const Philox random(7, 1);
  FloatMatrix m(rows, cols);
  for (size_t i = 0; i < m.values().size(); ++i) {
    m.values()[i] = static_cast<float>(random.Normal(i));
  }
  return m;
}

double Dot(const FloatMatrix& a, int64_t i, const FloatMatrix& b, int64_t j) {
  double sum = 0;
  for (int64_t r = 0; r < a.rows(); ++r) {
    sum += static_cast<double>(a.at(r, i)) * static_cast<double>(b.at(r, j));
  }
  return sum;
}

void ExpectOrthonormal(const FloatMatrix& q) {
  for (int64_t i = 0; i < q.cols(); ++i) {
    for (int64_t j = i; j < q.cols(); ++j) {
      ASSERT_NEAR(Dot(q, i, q, j), i == j ? 1 : 0, 2e-5) << i << ", " << j;
    }
  }
}

// What of column j of `a` lies outside the columns of q, relative to its length.
double Outside(const FloatMatrix& a, int64_t j, const FloatMatrix& q) {
  double inside = 0;
  for (int64_t k = 0; k < q.cols(); ++k) inside += std::pow(Dot(a, j, q, k), 2);
  return std::sqrt(std::max(0.0, 1 - inside / Dot(a, j, a, j)));
}

class OrthonormalizeTest : public testing::Test {
 protected:
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
};

TEST_F(OrthonormalizeTest, KeepsTheSpan) {
  const FloatMatrix a = Normal(700, 40);
  FloatMatrix q = a;
  const auto report = OrthonormalizeColumns(context_, q.view(), 1);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->shifted_rounds, 0);
  ExpectOrthonormal(q);
  for (int64_t j = 0; j < 40; ++j) EXPECT_LT(Outside(a, j, q), 2e-3) << j;
  // The first column of Q is that of A, scaled; R's first entry is its length.
  EXPECT_NEAR(report->diagonal[0], std::sqrt(Dot(a, 0, a, 0)), 1e-3);
}

TEST_F(OrthonormalizeTest, DependentAndZeroColumns) {
  FloatMatrix a = Normal(500, 30);
  for (int64_t r = 0; r < 500; ++r) {
    a.at(r, 7) = 2 * a.at(r, 3);
    a.at(r, 11) = a.at(r, 3) - a.at(r, 4);
    a.at(r, 12) = 0;
    a.at(r, 29) = 0;
  }
  FloatMatrix q = a;
  const auto report = OrthonormalizeColumns(context_, q.view(), 1);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_GT(report->shifted_rounds, 0);
  ExpectOrthonormal(q);
  for (int64_t j = 0; j < 30; ++j) {
    if (j == 12 || j == 29) continue;
    EXPECT_LT(Outside(a, j, q), 3e-3) << j;
  }
}

TEST_F(OrthonormalizeTest, ColumnsOfVeryDifferentLength) {
  FloatMatrix a = Normal(500, 12);
  for (int64_t r = 0; r < 500; ++r) {
    for (int64_t j = 0; j < 12; ++j) a.at(r, j) *= std::pow(10.0F, static_cast<float>(-j));
  }
  const auto report = OrthonormalizeColumns(context_, a.view(), 1);
  ASSERT_TRUE(report.ok()) << report.status();
  ExpectOrthonormal(a);
}

TEST_F(OrthonormalizeTest, AllZerosAndSquare) {
  FloatMatrix zeros(50, 5);
  ASSERT_TRUE(OrthonormalizeColumns(context_, zeros.view(), 1).ok());
  ExpectOrthonormal(zeros);
  FloatMatrix square = Normal(33, 33);
  ASSERT_TRUE(OrthonormalizeColumns(context_, square.view(), 1).ok());
  ExpectOrthonormal(square);
  FloatMatrix none(10, 0);
  EXPECT_TRUE(OrthonormalizeColumns(context_, none.view(), 1).ok());
}

TEST_F(OrthonormalizeTest, SameBitsForAnyThreads) {
  FloatMatrix a = Normal(3000, 70);
  for (int64_t r = 0; r < 3000; ++r) a.at(r, 1) = a.at(r, 0);
  FloatMatrix b = a;
  ThreadPool one(1);
  ExecutionContext serial(&one);
  ASSERT_TRUE(OrthonormalizeColumns(context_, a.view(), 1).ok());
  ASSERT_TRUE(OrthonormalizeColumns(serial, b.view(), 1).ok());
  EXPECT_EQ(a.values(), b.values());
}

TEST_F(OrthonormalizeTest, RefusesNaN) {
  FloatMatrix a = Normal(50, 5);
  a.at(3, 3) = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(OrthonormalizeColumns(context_, a.view(), 1).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace burgeon
