#include "engine/dataset/split_pairs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

#include "engine/base/philox.h"

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

// Random text of the characters that mean something: what is accepted holds only ids, on lines that
// are there.
TEST(SplitPairsTest, AnyTextIsReadOrRefused) {
  const Philox random(8, 0);
  const std::string_view parts[] = {"a",    "b",   "\t",  "\n",       "\r\n",          " ",
                                    "\xff", "1.5", "nan", "\xc3\xa9", "user_id:token", "\t\t"};
  uint64_t draw = 0;
  int accepted = 0;
  for (int trial = 0; trial < 3000; ++trial) {
    std::string text = trial % 2 == 0 ? "user_id:token\titem_id:token\ttimestamp:float\n" : "";
    const uint64_t length = random.Below(draw++, 12);
    for (uint64_t i = 0; i < length; ++i) text += parts[random.Below(draw++, std::size(parts))];
    const auto pairs = ParseSplitPairs(text, "f");
    if (!pairs.ok()) {
      EXPECT_EQ(pairs.status().code(), absl::StatusCode::kInvalidArgument);
      continue;
    }
    ++accepted;
    const int64_t lines = std::ranges::count(text, '\n') + 1;
    for (const SplitPair& pair : pairs->pairs) {
      EXPECT_TRUE(IsValidUtf8(pair.customer) && !pair.customer.empty());
      EXPECT_TRUE(IsValidUtf8(pair.item) && !pair.item.empty());
      EXPECT_GE(pair.line, 1);
      EXPECT_LE(pair.line, lines);
      EXPECT_NE(std::ranges::find(pairs->customers, pair.customer), pairs->customers.end());
    }
  }
  EXPECT_GT(accepted, 100);
}

}  // namespace
}  // namespace burgeon
