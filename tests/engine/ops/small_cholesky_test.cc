#include "engine/ops/small_cholesky.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/base/philox.h"

namespace burgeon {
namespace {

FloatMatrix Normal(int64_t rows, int64_t cols, int64_t stride, uint64_t seed) {
  const Philox random(seed, 1);
  FloatMatrix m(rows, stride);
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < cols; ++j) {
      m.at(i, j) = static_cast<float>(random.Normal(static_cast<uint64_t>(i * cols + j)));
    }
  }
  return m;
}

// The residual of the system in fp64 says whether it was solved.
TEST(SmallCholeskyTest, SolvesEveryWidth) {
  SmallCholesky solver;
  for (int64_t width = 1; width < 70; ++width) {
    for (const int64_t count : {0, 1, 5, 40}) {
      const int64_t stride = PaddedWidth(width);
      const FloatMatrix rows = Normal(count, width, stride, 7);
      std::vector<float> base(static_cast<size_t>(width));
      std::vector<float> right(static_cast<size_t>(stride));
      for (size_t j = 0; j < base.size(); ++j) {
        base[j] = 1.5F + static_cast<float>(j % 3);
        right[j] = static_cast<float>(static_cast<int>(j * 5 % 11) - 5);
      }
      ASSERT_TRUE(solver.Factor(base, {rows.data(), count, width, stride}));
      std::vector<float> x = right;
      solver.Solve(x);
      double largest = 0;
      for (const float value : x) largest = std::max(largest, std::abs(static_cast<double>(value)));
      for (int64_t i = 0; i < width; ++i) {
        double sum = static_cast<double>(base[static_cast<size_t>(i)]) *
                     static_cast<double>(x[static_cast<size_t>(i)]);
        double terms = std::abs(sum);
        for (int64_t k = 0; k < count; ++k) {
          for (int64_t j = 0; j < width; ++j) {
            const double term = static_cast<double>(rows.at(k, i)) *
                                static_cast<double>(rows.at(k, j)) *
                                static_cast<double>(x[static_cast<size_t>(j)]);
            sum += term;
            terms += std::abs(term);
          }
        }
        ASSERT_NEAR(sum, right[static_cast<size_t>(i)], 2e-5 * (terms + largest) + 1e-6)
            << "width " << width << " rows " << count << " unknown " << i;
      }
    }
  }
}

TEST(SmallCholeskyTest, RefusesWhatIsNotPositiveDefinite) {
  SmallCholesky solver;
  const FloatMatrix rows(3, 16);
  const std::vector<float> base = {1, 1, 0, 1};
  EXPECT_FALSE(solver.Factor(base, {rows.data(), 3, 4, 16}));
  const std::vector<float> nan = {1, std::nanf(""), 1, 1};
  EXPECT_FALSE(solver.Factor(nan, {rows.data(), 3, 4, 16}));
}

TEST(SmallCholeskyTest, MultiplyRowsIsTheProductAndARowIsTheSameAlone) {
  for (const int64_t width : {1, 16, 33, 64}) {
    const int64_t padded = PaddedWidth(width);
    const FloatMatrix x = Normal(21, 37, 37, 1);
    const FloatMatrix m = Normal(37, width, padded, 2);
    FloatMatrix out(21, padded);
    const MatrixView<const float> right{m.data(), 37, width, padded};
    MultiplyRows(x.view(), right, {out.data(), 21, width, padded});
    for (int64_t i = 0; i < 21; ++i) {
      FloatMatrix alone(1, padded);
      MultiplyRows(x.view().Rows(i, i + 1), right, {alone.data(), 1, width, padded});
      for (int64_t j = 0; j < width; ++j) {
        double sum = 0;
        for (int64_t k = 0; k < 37; ++k) sum += static_cast<double>(x.at(i, k)) * m.at(k, j);
        ASSERT_NEAR(out.at(i, j), sum, 1e-4);
        ASSERT_EQ(out.at(i, j), alone.at(0, j));
      }
    }
  }
}

TEST(SmallCholeskyTest, SumsAndTransposesRows) {
  const FloatMatrix m = Normal(16, 96, 96, 3);
  std::vector<const float*> rows;
  std::vector<float> weights;
  std::vector<float> columns(96);
  for (int64_t i = 0; i < 16; ++i) {
    rows.push_back(m.data() + i * 96);
    weights.push_back(0.5F * static_cast<float>(i + 1));
  }
  for (size_t k = 0; k < 96; ++k) columns[k] = 0.25F * static_cast<float>(k % 9);
  std::vector<float> sum(96);
  SumWeightedRows(rows, weights, 96, sum.data());
  std::vector<float> transposed(96 * 24, -1.0F);
  TransposeScaled(rows, weights, columns, 96, 24, transposed.data());
  std::vector<float> gathered(16 * 96);
  GatherScaled(rows, weights, 96, gathered.data());
  std::vector<float> roots(40, -1.0F);
  InverseRoots(weights, roots);
  for (size_t i = 0; i < 16; ++i) {
    EXPECT_EQ(gathered[i * 96 + 95], weights[i] * rows[i][95]);
    EXPECT_NEAR(roots[i], 1 / std::sqrt(static_cast<double>(weights[i])), 1e-6);
  }
  EXPECT_EQ(roots[16], -1.0F);  // past the values
  for (size_t k = 0; k < 96; ++k) {
    double want = 0;
    for (size_t i = 0; i < 16; ++i) {
      want += static_cast<double>(weights[i]) * rows[i][k];
      EXPECT_NEAR(transposed[k * 24 + i], weights[i] * columns[k] * rows[i][k], 1e-5);
    }
    EXPECT_NEAR(sum[k], want, 1e-4);
    EXPECT_EQ(transposed[k * 24 + 16], -1.0F);  // past the rows
  }
}

}  // namespace
}  // namespace burgeon
