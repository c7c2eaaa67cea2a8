#include "training/run/memory_plan.h"

#include <gtest/gtest.h>

namespace burgeon {
namespace {

TEST(MemoryPlanTest, ThePeakIsTheLargestPhase) {
  EXPECT_EQ(PeakBytes({{"a", 3}, {"b", 9}, {"c", 4}}), 9);
  EXPECT_EQ(PeakBytes({}), 0);
}

TEST(MemoryPlanTest, DataByHand) {
  // 2 customers, 3 interactions: offsets 3 x 8, entries 3 x (4 + 4).
  EXPECT_EQ(CsrBytes(2, 3), 48);
  EXPECT_EQ(SnapshotBytes({.customers = 2, .items = 1, .interactions = 3, .events = 10}),
            3 * 48 + 290 + 3 * 96);
}

TEST(MemoryPlanTest, TheLargestValueThatFits) {
  const auto square = [](int64_t x) { return x * x; };
  EXPECT_EQ(LargestThatFits(1, 100, 50, square), 7);
  EXPECT_EQ(LargestThatFits(1, 100, 49, square), 7);
  EXPECT_EQ(LargestThatFits(1, 100, 48, square), 6);
  EXPECT_EQ(LargestThatFits(1, 100, 1'000'000, square), 100);
  EXPECT_EQ(LargestThatFits(5, 5, 25, square), 5);
  EXPECT_FALSE(LargestThatFits(5, 100, 24, square).has_value());
}

TEST(MemoryPlanTest, BytesAreReadable) {
  EXPECT_EQ(BytesText(512), "512 B");
  EXPECT_EQ(BytesText(1536), "1.5 KiB");
  EXPECT_EQ(BytesText(7 << 19), "3.5 MiB");
  EXPECT_EQ(BytesText(int64_t{5} << 28), "1.25 GiB");
}

}  // namespace
}  // namespace burgeon
