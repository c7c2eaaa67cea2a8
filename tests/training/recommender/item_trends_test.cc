#include "training/recommender/item_trends.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/base/philox.h"

namespace burgeon {
namespace {

constexpr TimeMicros kDay = 86'400'000'000;

TEST(ItemTrendsTest, FadeByHalfLives) {
  const ItemSequences sequences = {
      .offsets = {0, 2, 3}, .items = {1, 0, 1}, .times = {0, 8 * kDay, 4 * kDay}};
  const std::vector<double> days = {4, 8};
  const ItemTrends trends(sequences.view(), 3, days);
  ASSERT_EQ(trends.trends(), 2);
  const FloatMatrix latest = trends.Latest();
  EXPECT_FLOAT_EQ(latest.at(0, 0), 1);
  EXPECT_FLOAT_EQ(latest.at(0, 1), 0.25F + 0.5F);
  EXPECT_FLOAT_EQ(latest.at(1, 1), 0.5F + std::exp2(-0.5F));
  EXPECT_FLOAT_EQ(latest.at(1, 2), 0);
}

TEST(ItemTrendsTest, BeforeATimeAreTheEventsBeforeItAndNoOther) {
  const Philox random(4, 0);
  ItemSequences sequences;
  for (uint64_t k = 0; k < 400; ++k) {
    sequences.items.push_back(static_cast<uint32_t>(random.Below(2 * k, 7)));
    sequences.times.push_back(kDay * static_cast<TimeMicros>(random.Below(2 * k + 1, 30)));
  }
  sequences.offsets = {0, 400};
  const std::vector<double> days = {3, 20};
  const ItemTrends trends(sequences.view(), 7, days);
  for (TimeMicros time = 0; time < 33 * kDay; time += kDay / 2) {
    for (uint32_t item = 0; item < 7; ++item) {
      std::vector<float> got(2);
      trends.Before(time, item, got);
      for (size_t d = 0; d < 2; ++d) {
        double want = 0;
        for (size_t k = 0; k < 400; ++k) {
          if (sequences.items[k] != item || sequences.times[k] >= time) continue;
          want += std::exp2(-static_cast<double>(time - sequences.times[k]) /
                            (static_cast<double>(kDay) * days[d]));
        }
        EXPECT_NEAR(got[d], want, 1e-4 * (1 + want)) << time << " " << item;
      }
    }
  }
}

TEST(ItemTrendsTest, ThereAreNoneWithoutTimes) {
  const ItemSequences sequences = {.offsets = {0, 1}, .items = {0}, .times = {}};
  const std::vector<double> days = {4};
  EXPECT_EQ(ItemTrends(sequences.view(), 3, days).trends(), 0);
  EXPECT_EQ(ItemTrends(sequences.view(), 3, days).Latest().rows(), 0);
}

}  // namespace
}  // namespace burgeon
