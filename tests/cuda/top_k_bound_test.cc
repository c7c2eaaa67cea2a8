#include "cuda/top_k_bound.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/base/philox.h"

namespace burgeon::cuda {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();

TEST(Bf16BitsTest, RoundsToNearestEven) {
  EXPECT_EQ(Bf16Bits(1.0F), 0x3F80);
  EXPECT_EQ(Bf16Bits(-2.0F), 0xC000);
  EXPECT_EQ(Bf16Bits(1.0F + 0x1p-8F), 0x3F80);             // halfway: to even, down
  EXPECT_EQ(Bf16Bits(1.0F + 3 * 0x1p-8F), 0x3F82);         // halfway: to even, up
  EXPECT_EQ(Bf16Bits(1.0F + 0x1p-8F + 0x1p-20F), 0x3F81);  // past halfway
  EXPECT_EQ(Bf16Bits(0x1p-127F), 0);                       // below the normal range
  EXPECT_EQ(Bf16Bits(0x1p-126F), 0x0080);
  for (const float x : {1.0F, -3.5F, 1e30F, -1e-30F}) {
    EXPECT_LE(std::abs(FloatOfBf16(Bf16Bits(x)) - x), std::abs(x) * 0x1p-8F);
  }
}

TEST(OrderedBitsTest, KeepOrderAndComeBack) {
  std::vector<float> floats = {-kInfinity, -1e30F, -1.0F, -1e-40F,  0.0F,
                               1e-40F,     2.0F,   1e30F, kInfinity};
  for (size_t i = 0; i < floats.size(); ++i) {
    EXPECT_EQ(FloatOfOrderedBits(OrderedBits(floats[i])), floats[i]);
    if (i > 0) {
      EXPECT_GT(OrderedBits(floats[i]), OrderedBits(floats[i - 1]));
    }
  }
}

// Bounds against what rounding and a sum in any order really do, for vectors of many scales; the
// sum here cuts off instead of rounding, as tensor cores do.
float CutToFloat(double x) {
  auto f = static_cast<float>(x);
  if (std::abs(static_cast<double>(f)) > std::abs(x)) f = std::nextafter(f, 0.0F);
  return f;
}

TEST(TopKBoundTest, HoldsForRoundedVectors) {
  const Philox random(5, /*stream=*/0);
  uint64_t at = 0;
  double closest = 0;
  for (const int64_t dim : {1, 16, 64, 128, 1000}) {
    for (int trial = 0; trial < 300; ++trial) {
      const double scale = std::pow(10.0, random.Uniform(at++) * 40 - 20);
      double squares[2] = {};
      double lost[2] = {};
      double exact = 0;
      float sum = 0;
      for (int64_t j = 0; j < dim; ++j) {
        float rounded[2];
        float values[2];
        for (int side = 0; side < 2; ++side) {
          values[side] = static_cast<float>(random.Normal(at++) * (side == 0 ? scale : 1 / scale));
          rounded[side] = FloatOfBf16(Bf16Bits(values[side]));
          const double gone = static_cast<double>(values[side]) - rounded[side];
          squares[side] += static_cast<double>(values[side]) * values[side];
          lost[side] += gone * gone;
        }
        exact += static_cast<double>(values[0]) * values[1];
        sum = CutToFloat(static_cast<double>(sum) + static_cast<double>(rounded[0]) * rounded[1]);
      }
      const QueryBound query = BoundOfQuery(BoundOfVector(squares[0], lost[0]), dim);
      const float error = ErrorOf(query, BoundOfVector(squares[1], lost[1]));
      const auto canonical = static_cast<float>(exact);
      ASSERT_LE(std::abs(static_cast<double>(sum) - exact), static_cast<double>(error));
      EXPECT_LE(LeastScore(sum, error), canonical);
      EXPECT_GE(MostScore(sum, error), canonical);
      EXPECT_GE(MostOfLeast(sum, LeastScore(sum, error)), canonical);
      EXPECT_GE(sum, CandidateThreshold(canonical, error));
      closest = std::max(closest, std::abs(static_cast<double>(sum) - exact) / error);
    }
  }
  EXPECT_GT(closest, 0.1);  // of use: not a bound that anything keeps
}

TEST(TopKBoundTest, NoBoundForWhatBf16Holds) {
  // 3 * 4 is exact: only the allowance for sums is left.
  const QueryBound query = BoundOfQuery(BoundOfVector(9, 0), 1);
  EXPECT_LT(ErrorOf(query, BoundOfVector(16, 0)), 12 * 4 * 0x1p-22F);
}

TEST(CandidateThresholdTest, InfinitiesStay) {
  EXPECT_EQ(CandidateThreshold(-kInfinity, 1), -kInfinity);
  EXPECT_EQ(CandidateThreshold(kInfinity, 1), kInfinity);
  EXPECT_LT(CandidateThreshold(5, 1), 4);
  EXPECT_GT(CandidateThreshold(5, 1), 3.99F);
}

}  // namespace
}  // namespace burgeon::cuda
