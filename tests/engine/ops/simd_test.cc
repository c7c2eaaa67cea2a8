#include "engine/ops/simd.h"

#include <gtest/gtest.h>

namespace burgeon {
namespace {

BURGEON_SIMD_BODY int TwiceBody(int x) { return 2 * x; }
BURGEON_SIMD_KERNEL(int, Twice, (int x), (x))

TEST(SimdTest, EveryFormOfAKernelIsTheSameBody) {
  EXPECT_EQ(TwiceDispatch(21), 42);
#if defined(__x86_64__)
  EXPECT_EQ(TwiceBaseline(21), 42);
  if (DetectedSimdLevel() >= SimdLevel::kAvx2) {
    EXPECT_EQ(TwiceAvx2(21), 42);
  }
  if (DetectedSimdLevel() >= SimdLevel::kAvx512) {
    EXPECT_EQ(TwiceAvx512(21), 42);
  }
#endif
}

TEST(SimdTest, FurtherInstructionsComeWithAvx512) {
  if (HasAvx512Vnni() || HasAvx512Bf16() || HasAmxBf16()) {
    EXPECT_EQ(DetectedSimdLevel(), SimdLevel::kAvx512);
  }
  EXPECT_EQ(HasAmxBf16(), HasAmxBf16());
}

TEST(SimdTest, LevelIsStable) { EXPECT_EQ(DetectedSimdLevel(), DetectedSimdLevel()); }

}  // namespace
}  // namespace burgeon
