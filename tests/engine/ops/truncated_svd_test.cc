#include "engine/ops/truncated_svd.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "engine/base/philox.h"
#include "engine/ops/dense.h"

namespace burgeon {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

// A tenth of the entries, with a spectrum that falls off: column j is scaled by (j + 1)^-.5.
CsrMatrix Sparse(int64_t rows, int64_t cols) {
  const Philox random(3, 1);
  CsrMatrix m;
  m.cols = cols;
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < cols; ++j) {
      const double x = random.Normal(static_cast<uint64_t>(i * cols + j));
      if (std::abs(x) < 1.645) continue;
      m.columns.push_back(static_cast<uint32_t>(j));
      m.values.push_back(static_cast<float>(x / std::sqrt(static_cast<double>(j + 1))));
    }
    m.offsets.push_back(static_cast<int64_t>(m.columns.size()));
  }
  return m;
}

// A'A in double.
DoubleMatrix DenseGram(const CsrView& a) {
  DoubleMatrix gram(a.cols, a.cols);
  for (int64_t u = 0; u < a.rows(); ++u) {
    const auto columns = a.row_columns(u);
    const auto values = a.row_values(u);
    for (size_t i = 0; i < columns.size(); ++i) {
      for (size_t j = 0; j < columns.size(); ++j) {
        gram.at(columns[i], columns[j]) +=
            static_cast<double>(values[i]) * static_cast<double>(values[j]);
      }
    }
  }
  return gram;
}

class TruncatedSvdTest : public testing::Test {
 protected:
  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
};

TEST_F(TruncatedSvdTest, MatchesADenseDecomposition) {
  const CsrMatrix a = Sparse(300, 200);
  const auto dense = SymmetricEigen(DenseGram(a.view()));
  ASSERT_TRUE(dense.ok()) << dense.status();
  const auto svd =
      DecomposeTruncated(context_, a.view(), {.rank = 12, .oversample = 30, .iterations = 40});
  ASSERT_TRUE(svd.ok()) << svd.status();
  ASSERT_EQ(svd->values.size(), 12U);
  ASSERT_EQ(svd->right_vectors.rows(), 200);
  ASSERT_EQ(svd->right_vectors.cols(), 12);
  for (int64_t k = 0; k < 12; ++k) {
    const double value = std::sqrt(dense->values[static_cast<size_t>(k)]);
    EXPECT_NEAR(svd->values[static_cast<size_t>(k)], value, 1e-5 * value);
    double dot = 0;
    double largest = 0;
    for (int64_t i = 0; i < 200; ++i) {
      const double x = svd->right_vectors.at(i, k);
      dot += x * dense->vectors.at(k, i);
      if (std::abs(x) > std::abs(largest)) largest = x;
    }
    EXPECT_NEAR(std::abs(dot), 1, 1e-3) << k;
    EXPECT_GT(largest, 0);
  }
}

// The same subspace, orthonormalised less often: the same values but for rounding.
TEST_F(TruncatedSvdTest, OrthonormalizingLessOftenFindsTheSame) {
  const CsrMatrix a = Sparse(300, 200);
  TruncatedSvdOptions options = {.rank = 12, .oversample = 20, .iterations = 8};
  const auto often = DecomposeTruncated(context_, a.view(), options);
  ASSERT_TRUE(often.ok()) << often.status();
  for (const int every : {2, 3}) {
    options.orthonormalize_every = every;
    const auto seldom = DecomposeTruncated(context_, a.view(), options);
    ASSERT_TRUE(seldom.ok()) << seldom.status();
    ASSERT_EQ(seldom->values.size(), 12U);
    for (size_t k = 0; k < 12; ++k) {
      EXPECT_NEAR(seldom->values[k], often->values[k], 1e-3 * often->values[k]) << every;
    }
  }
}

TEST_F(TruncatedSvdTest, AWholeBasisNeedsNoIteration) {
  const CsrMatrix a = Sparse(90, 20);
  const auto svd = DecomposeTruncated(context_, a.view(), {.rank = 19, .oversample = 5});
  ASSERT_TRUE(svd.ok()) << svd.status();
  EXPECT_THAT(svd->lines, Contains(HasSubstr("no iteration")));
  const auto dense = SymmetricEigen(DenseGram(a.view()));
  ASSERT_TRUE(dense.ok()) << dense.status();
  for (size_t k = 0; k < svd->values.size(); ++k) {
    EXPECT_NEAR(svd->values[k], std::sqrt(dense->values[k]), 1e-5 * svd->values[0]);
  }
}

TEST_F(TruncatedSvdTest, SameBitsForAnyThreads) {
  const CsrMatrix a = Sparse(900, 400);
  const TruncatedSvdOptions options = {.rank = 30, .oversample = 10, .iterations = 3};
  const auto two = DecomposeTruncated(context_, a.view(), options);
  ASSERT_TRUE(two.ok()) << two.status();
  ThreadPool five(5);
  ExecutionContext other(&five);
  const auto again = DecomposeTruncated(other, a.view(), options);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->values, two->values);
  EXPECT_EQ(again->right_vectors.values(), two->right_vectors.values());
}

TEST_F(TruncatedSvdTest, RefusesWhatItCannotDecompose) {
  CsrMatrix a = Sparse(40, 30);
  const auto message = [&](const TruncatedSvdOptions& options) {
    const auto svd = DecomposeTruncated(context_, a.view(), options);
    EXPECT_EQ(svd.status().code(), absl::StatusCode::kInvalidArgument);
    return MessageOf(svd.status());
  };
  EXPECT_EQ(message({.rank = 0}), "truncated svd: rank 0 is not at least 1");
  EXPECT_EQ(message({.oversample = -1}), "truncated svd: oversample -1 is negative");
  EXPECT_EQ(message({.iterations = 0}), "truncated svd: iterations 0 is not at least 1");
  EXPECT_EQ(message({.orthonormalize_every = 0}),
            "truncated svd: orthonormalize_every 0 is not at least 1");
  a.values[5] = std::numeric_limits<float>::infinity();
  EXPECT_THAT(message({.rank = 4, .oversample = 2}), HasSubstr("not finite"));
  a = CsrMatrix{};
  a.cols = 30;
  EXPECT_EQ(message({}), "truncated svd: the matrix is empty, 0 x 30");
}

}  // namespace
}  // namespace burgeon
