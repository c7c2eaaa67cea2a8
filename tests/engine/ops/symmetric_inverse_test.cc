#include "engine/ops/symmetric_inverse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/philox.h"

namespace burgeon {
namespace {

// x'x + I of a random x: positive definite, not far from well conditioned.
FloatMatrix Positive(int64_t n, uint64_t seed) {
  const Philox random(seed, 0);
  FloatMatrix x(n / 2 + 3, n);
  for (size_t k = 0; k < x.values().size(); ++k) {
    x.values()[k] = static_cast<float>(random.Normal(k)) * 0.25F;
  }
  FloatMatrix a(n, n);
  for (int64_t i = 0; i < n; ++i) {
    for (int64_t j = 0; j < n; ++j) {
      double sum = i == j ? 1.0 : 0.0;
      for (int64_t r = 0; r < x.rows(); ++r) sum += double{x.at(r, i)} * double{x.at(r, j)};
      a.at(i, j) = static_cast<float>(sum);
    }
  }
  return a;
}

TEST(SymmetricInverseTest, TimesTheMatrixIsTheIdentity) {
  ThreadPool pool(2);
  ExecutionContext context(&pool);
  // Below, at and past the size of a block, and several blocks.
  for (const int64_t n : {1, 2, 17, 256, 257, 520, 700}) {
    const FloatMatrix a = Positive(n, 5);
    FloatMatrix inverse = a;
    for (int64_t i = 0; i < n; ++i) {  // the lower triangle is not read
      for (int64_t j = 0; j < i; ++j) inverse.at(i, j) = -7;
    }
    ASSERT_TRUE(InvertPositiveDefinite(context, &inverse).ok()) << n;
    double worst = 0;
    for (int64_t i = 0; i < n; ++i) {
      for (int64_t j = 0; j < n; ++j) {
        double sum = 0;
        for (int64_t k = 0; k < n; ++k) sum += double{a.at(i, k)} * double{inverse.at(k, j)};
        worst = std::max(worst, std::abs(sum - (i == j ? 1.0 : 0.0)));
        ASSERT_EQ(inverse.at(i, j), inverse.at(j, i)) << n << " " << i << " " << j;
      }
    }
    EXPECT_LT(worst, 2e-4) << n;
  }
}

TEST(SymmetricInverseTest, ByHand) {
  ThreadPool pool(1);
  ExecutionContext context(&pool);
  FloatMatrix a(2, 2, {2, 1, 0, 2});  // the lower triangle is not read
  ASSERT_TRUE(InvertPositiveDefinite(context, &a).ok());
  EXPECT_NEAR(a.at(0, 0), 2.0 / 3, 1e-6);
  EXPECT_NEAR(a.at(0, 1), -1.0 / 3, 1e-6);
  EXPECT_NEAR(a.at(1, 0), -1.0 / 3, 1e-6);
  EXPECT_NEAR(a.at(1, 1), 2.0 / 3, 1e-6);
}

TEST(SymmetricInverseTest, SameBitsForAnyThreads) {
  ThreadPool one(1);
  ThreadPool three(3);
  ExecutionContext a(&one);
  ExecutionContext b(&three);
  FloatMatrix x = Positive(600, 9);
  FloatMatrix y = x;
  ASSERT_TRUE(InvertPositiveDefinite(a, &x).ok());
  ASSERT_TRUE(InvertPositiveDefinite(b, &y).ok());
  EXPECT_EQ(x.values(), y.values());
}

TEST(SymmetricInverseTest, NotPositiveDefiniteIsSaid) {
  ThreadPool pool(1);
  ExecutionContext context(&pool);
  FloatMatrix a = Positive(300, 1);
  a.at(290, 290) = -1;
  const absl::Status status = InvertPositiveDefinite(context, &a);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(MessageOf(status), testing::HasSubstr("not positive definite at row 290"));
}

}  // namespace
}  // namespace burgeon
