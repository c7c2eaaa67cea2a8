#include "engine/base/philox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace burgeon {
namespace {

using ::testing::ElementsAre;

// kat_vectors of Random123, philox4x32 with 10 rounds. The counter's low half is the index, its
// high half the stream; the key is the seed.
TEST(PhiloxTest, KnownAnswers) {
  EXPECT_THAT(Philox(0, 0).Words(0), ElementsAre(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8));
  constexpr uint64_t kOnes = ~uint64_t{0};
  EXPECT_THAT(Philox(kOnes, kOnes).Words(kOnes),
              ElementsAre(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd));
  EXPECT_THAT(Philox(0x299f31d0a4093822, 0x0370734413198a2e).Words(0x85a308d3243f6a88),
              ElementsAre(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1));
}

TEST(PhiloxTest, SeedsAndStreamsAreApart) {
  EXPECT_NE(Philox(1, 0).Words(0), Philox(2, 0).Words(0));
  EXPECT_NE(Philox(1, 0).Words(0), Philox(1, 1).Words(0));
  EXPECT_NE(Philox(1, 0).Words(0), Philox(1, 0).Words(1));
}

// Bounds are five standard errors of the mean of the distribution asked for.
TEST(PhiloxTest, UniformFillsTheUnitInterval) {
  constexpr int kDraws = 100'000;
  const Philox random(7, 0);
  double sum = 0;
  for (uint64_t i = 0; i < kDraws; ++i) {
    const double u = random.Uniform(i);
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    sum += u;
  }
  EXPECT_NEAR(sum / kDraws, 0.5, 5 * std::sqrt(1.0 / 12 / kDraws));
}

TEST(PhiloxTest, BelowStaysBelowAndReachesAll) {
  const Philox random(7, 1);
  std::array<int, 6> seen{};
  for (uint64_t i = 0; i < 60'000; ++i) ++seen.at(random.Below(i, 6));
  for (const int count : seen) EXPECT_NEAR(count, 10'000, 5 * std::sqrt(10'000 * 5.0 / 6));
  EXPECT_EQ(random.Below(3, 1), 0U);
  EXPECT_LT(random.Below(4, ~uint64_t{0}), ~uint64_t{0});
}

TEST(PhiloxTest, NormalHasMeanZeroAndVarianceOne) {
  constexpr int kDraws = 100'000;
  const Philox random(7, 2);
  double sum = 0;
  double squares = 0;
  for (uint64_t i = 0; i < kDraws; ++i) {
    const double z = random.Normal(i);
    ASSERT_TRUE(std::isfinite(z));
    sum += z;
    squares += z * z;
  }
  EXPECT_NEAR(sum / kDraws, 0, 5 * std::sqrt(1.0 / kDraws));
  EXPECT_NEAR(squares / kDraws, 1, 5 * std::sqrt(2.0 / kDraws));
}

}  // namespace
}  // namespace burgeon
