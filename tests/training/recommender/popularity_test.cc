#include "training/recommender/popularity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

using testing::ElementsAre;

CsrMatrix World() {
  CsrMatrix m;
  m.cols = 3;
  m.columns = {0, 1, 0};
  m.values = {1, 2, 4};
  m.offsets = {0, 2, 3, 3};
  return m;
}

TEST(PopularityTest, ByHand) {
  const CsrMatrix m = World();
  const auto total = TotalPopularity(m.view());
  ASSERT_TRUE(total.ok()) << total.status();
  EXPECT_THAT(*total, ElementsAre(5, 2, 0));
  // Ages 20, 10 and 0 days; half-life 10 days.
  const std::vector<TimeMicros> times = {0, 10 * kMicrosPerDay, 20 * kMicrosPerDay};
  const auto recent = RecentPopularity(m.view(), times, 10);
  ASSERT_TRUE(recent.ok()) << recent.status();
  EXPECT_THAT(*recent, ElementsAre(1 * 0.25F + 4, 2 * 0.5F, 0));
  const auto endless = RecentPopularity(m.view(), times, 1e15);
  ASSERT_TRUE(endless.ok());
  EXPECT_EQ(*endless, *total);
}

TEST(PopularityTest, Refusals) {
  const CsrMatrix m = World();
  const std::vector<TimeMicros> times = {0, 1};
  EXPECT_EQ(MessageOf(RecentPopularity(m.view(), times, 1).status()),
            "popularity by recency: 2 times for 3 interactions");
  EXPECT_EQ(MessageOf(RecentPopularity(m.view(), times, 0).status()),
            "half_life_days: 0 is not a positive number");
  const CsrMatrix nothing;
  EXPECT_EQ(TotalPopularity(nothing.view()).status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(RecentPopularity(nothing.view(), {}, 1).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace burgeon
