#include "cuda/als_rows.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace burgeon::cuda {
namespace {

constexpr int64_t kHopper = 232'448;  // shared memory of a block

TEST(PlanItemsTest, ClassesGrowAndStayBelowTheDimension) {
  for (int dim = 1; dim <= 256; ++dim) {
    const ItemLimits limits = PlanItems(dim, kHopper);
    EXPECT_TRUE(std::is_sorted(std::begin(limits.longest), std::end(limits.longest))) << dim;
    EXPECT_LE(limits.most(), dim * 3 / 4);
    EXPECT_GE(limits.most(), std::min(dim * 3 / 4, 140)) << dim;
    for (int c = 0; c < kItemClasses; ++c) {
      if (limits.longest[c] == 0) continue;
      const int items = RoundUpToEdge(limits.longest[c]);
      EXPECT_LE(kItemBlocks[c] * 4 * ItemScratchFloats(RoundUpToEdge(dim), items), kHopper) << dim;
    }
  }
}

TEST(PlanItemsTest, LittleMemoryMeansNoItems) { EXPECT_EQ(PlanItems(256, 1'000).most(), 0); }

TEST(ItemClassTest, ARowGoesToTheFirstClassThatHoldsIt) {
  const ItemLimits limits = PlanItems(256, kHopper);
  for (int count = 1; count <= limits.most(); ++count) {
    const int c = ItemClass(limits, count);
    ASSERT_LT(c, kItemClasses);
    EXPECT_LE(count, limits.longest[c]);
    if (c > 0) {
      EXPECT_GT(count, limits.longest[c - 1]);
    }
  }
}

TEST(FactorClassTest, LongerRowsComeFirst) {
  EXPECT_EQ(FactorClass(0), kRowClasses - 1);
  EXPECT_EQ(FactorClass(1), kRowClasses - 1);
  EXPECT_EQ(FactorClass(2), kRowClasses - 2);
  EXPECT_EQ(FactorClass(int64_t{1} << 50), kItemClasses);
  for (int64_t count = 1; count < 100'000; ++count) {
    ASSERT_LE(FactorClass(count), FactorClass(count - 1));
    ASSERT_GE(FactorClass(count), kItemClasses);
  }
}

}  // namespace
}  // namespace burgeon::cuda
