#include "cuda/sort_key.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace burgeon::cuda {
namespace {

using Float = std::numeric_limits<float>;

TEST(SortKeyTest, GreaterKeysAreHigherScores) {
  const std::vector<float> ascending = {
      -Float::infinity(),  Float::lowest(), -1.5F, -1,   -Float::min(), -Float::denorm_min(), 0,
      Float::denorm_min(), Float::min(),    1,     1.5F, Float::max(),  Float::infinity()};
  for (size_t i = 1; i < ascending.size(); ++i) {
    EXPECT_LT(SortKey(ascending[i - 1], 0), SortKey(ascending[i], 4'000'000'000U))
        << ascending[i - 1] << " and " << ascending[i];
  }
}

TEST(SortKeyTest, AmongEqualScoresTheLowerRowIsGreater) {
  EXPECT_GT(SortKey(2.5F, 3), SortKey(2.5F, 4));
  EXPECT_GT(SortKey(2.5F, 0), SortKey(2.5F, ~uint32_t{0}));
  EXPECT_GT(SortKey(-0.0F, 3), SortKey(0.0F, 4));
  EXPECT_GT(SortKey(0.0F, 3), SortKey(-0.0F, 4));
}

TEST(SortKeyTest, TheRowComesBack) {
  for (const uint32_t row : {0U, 1U, 0x7FFFFFFFU, 0x80000000U, 0xFFFFFFFFU}) {
    for (const float score : {-Float::infinity(), -1.0F, 0.0F, Float::infinity()}) {
      EXPECT_EQ(RowOfKey(SortKey(score, row)), row);
    }
  }
}

TEST(SortKeyTest, NoScoreHasTheKeyOfARowLeftOut) {
  EXPECT_GT(SortKey(-Float::infinity(), ~uint32_t{0}), kNoKey);
}

}  // namespace
}  // namespace burgeon::cuda
