#include "tests/support/sparse_cases.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "engine/base/philox.h"
#include "engine/base/sum_order.h"
#include "engine/ops/sparse_product.h"

namespace burgeon {
namespace {

// Row i has about lengths[i] entries of random weights.
CsrMatrix RowsOf(const std::vector<int64_t>& lengths, int64_t cols, uint64_t seed) {
  const Philox random(seed, 0);
  CsrMatrix matrix;
  matrix.cols = cols;
  for (size_t i = 0; i < lengths.size(); ++i) {
    const double share = static_cast<double>(lengths[i]) / static_cast<double>(cols);
    for (int64_t j = 0; j < cols; ++j) {
      const auto at = static_cast<uint64_t>(static_cast<int64_t>(i) * cols + j);
      if (random.Uniform(2 * at) >= share) continue;
      matrix.columns.push_back(static_cast<uint32_t>(j));
      matrix.values.push_back(static_cast<float>(random.Normal(2 * at + 1)));
    }
    matrix.offsets.push_back(static_cast<int64_t>(matrix.columns.size()));
  }
  return matrix;
}

float SumInOrder(std::span<const uint32_t> columns, std::span<const float> weights,
                 MatrixView<const float> x, int64_t j) {
  float total = 0;
  for (size_t begin = 0; begin < columns.size(); begin += kSumSegment) {
    float sum = 0;
    for (size_t k = begin; k < std::min(columns.size(), begin + kSumSegment); ++k) {
      const float product =
          (weights.empty() ? 1.0F : weights[k]) * x.row(columns[k])[static_cast<size_t>(j)];
      sum += product;
    }
    total = begin == 0 ? sum : total + sum;
  }
  return total;
}

void ExpectProduct(const CsrView& a, MatrixView<const float> x, MatrixView<const float> y,
                   const std::string& name) {
  for (int64_t i = 0; i < a.rows(); ++i) {
    const auto columns = a.row_columns(i);
    const auto weights = a.row_values(i);
    for (int64_t j = 0; j < x.cols; ++j) {
      const float found = y.row(i)[static_cast<size_t>(j)];
      const float wanted = SumInOrder(columns, weights, x, j);
      ASSERT_EQ(std::bit_cast<uint32_t>(found), std::bit_cast<uint32_t>(wanted))
          << name << ": row " << i << " of " << columns.size() << " entries, column " << j << ": "
          << found << ", wanted " << wanted;
      double exact = 0;
      double magnitude = 0;
      for (size_t k = 0; k < columns.size(); ++k) {
        const double product = (weights.empty() ? 1.0 : double{weights[k]}) *
                               double{x.row(columns[k])[static_cast<size_t>(j)]};
        exact += product;
        magnitude += std::abs(product);
      }
      ASSERT_LE(std::abs(found - exact), SumErrorBound(std::ssize(columns)) * magnitude)
          << name << ": row " << i << ", column " << j;
    }
  }
}

}  // namespace

CsrMatrix ZipfMatrix(int64_t rows, int64_t cols, int64_t longest, uint64_t seed) {
  std::vector<int64_t> lengths;
  for (int64_t i = 0; i < rows; ++i) lengths.push_back(longest / (i + 1));
  return RowsOf(lengths, cols, seed);
}

FloatMatrix NormalMatrix(int64_t rows, int64_t cols, uint64_t seed) {
  const Philox random(seed, 1);
  FloatMatrix matrix(rows, cols);
  for (size_t k = 0; k < matrix.values().size(); ++k) {
    matrix.values()[k] = static_cast<float>(random.Normal(k));
  }
  return matrix;
}

std::vector<SparseCase> SparseCases() {
  std::vector<SparseCase> cases;
  CsrMatrix none;
  none.cols = 7;
  cases.push_back({"no rows", none, {1, 128}});
  cases.push_back({"one entry", RowsOf({1}, 1, 1), {1, 4}});
  cases.push_back({"empty rows and columns", RowsOf({0, 3, 0, 0, 40, 0}, 90, 2), {1, 3, 33, 128}});
  cases.push_back({"around a warp",
                   RowsOf({31, 32, 33, 63, 64, 65, 7, 8, 9}, 200, 3),
                   {0, 5, 31, 32, 127, 128, 129, 256, 260}});
  SparseCase ones = {"no weights", RowsOf({10, 100, 1, 0, 50}, 150, 4), {2, 64, 130}};
  ones.matrix.values.clear();
  cases.push_back(std::move(ones));
  cases.push_back(
      {"segments", RowsOf({kSumSegment, 3, 9000, 2 * kSumSegment + 1}, 9000, 5), {4, 37}});
  cases.push_back({"Zipf", ZipfMatrix(300, 5000, 5000, 6), {64}});
  return cases;
}

void ExpectProductsMatch(ExecutionContext& context, const SparseCase& test_case) {
  const CsrView a = test_case.matrix.view();
  const CsrMatrix transposed = Transpose(a);
  const auto product = SparseProduct::Create(context, a);
  ASSERT_TRUE(product.ok()) << test_case.name << ": " << product.status();
  for (const int64_t width : test_case.widths) {
    const std::string name = Concat(test_case.name, ", width ", width);
    const FloatMatrix right = NormalMatrix(a.cols, width, 11);
    FloatMatrix y(a.rows(), width, std::vector<float>(static_cast<size_t>(a.rows() * width), 7));
    ASSERT_TRUE(product->Times(right.view(), y.view()).ok()) << name;
    ExpectProduct(a, right.view(), y.view(), name);
    const FloatMatrix left = NormalMatrix(a.rows(), width, 12);
    FloatMatrix z(a.cols, width, std::vector<float>(static_cast<size_t>(a.cols * width), 7));
    ASSERT_TRUE(product->TransposedTimes(left.view(), z.view()).ok()) << name;
    ExpectProduct(transposed.view(), left.view(), z.view(), name + ", transposed");
  }
}

}  // namespace burgeon
