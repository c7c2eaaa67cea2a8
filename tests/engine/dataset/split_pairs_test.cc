#include "engine/dataset/split_pairs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(SplitPairsTest, LinesAndTypedFiles) {
  const auto rows = ParseSplitPairs("b\nc x y\n", "rows");
  ASSERT_TRUE(rows.ok()) << rows.status();
  EXPECT_FALSE(rows->timed);
  EXPECT_THAT(rows->customers, ElementsAre("b", "c"));
  ASSERT_EQ(rows->pairs.size(), 2U);
  EXPECT_EQ(rows->pairs[1].line, 2);
  EXPECT_EQ(rows->pairs[1].item, "y");
  const auto typed = ParseSplitPairs(
      "timestamp:float\tuser_id:token\titem_id:token\n-1.5\tc\tx\n2\tc\ty\n", "typed");
  ASSERT_TRUE(typed.ok()) << typed.status();
  EXPECT_TRUE(typed->timed);
  EXPECT_THAT(typed->customers, ElementsAre("c"));
  ASSERT_EQ(typed->pairs.size(), 2U);
  EXPECT_EQ(typed->pairs[0].time, -1'500'000);
  EXPECT_EQ(typed->pairs[1].line, 3);
}

TEST(SplitPairsTest, TimesBeyondReasonAreRefused) {
  for (const char* time : {"1e300", "nan", "inf", ""}) {
    const auto pairs = ParseSplitPairs(
        Concat("user_id:token\titem_id:token\ttimestamp:float\na\tx\t", time, "\n"), "typed");
    EXPECT_THAT(MessageOf(pairs.status()), HasSubstr("typed:2: timestamp: ")) << time;
  }
}

}  // namespace
}  // namespace burgeon
