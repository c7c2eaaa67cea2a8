#include "engine/base/alias_draw.h"

#include <gtest/gtest.h>

#include <vector>

namespace burgeon {
namespace {

TEST(IsSeenTest, FindsWhatIsThereAndNothingElse) {
  for (uint32_t count = 0; count < 40; ++count) {
    std::vector<uint32_t> ids;
    for (uint32_t i = 0; i < count; ++i) ids.push_back(3 * i + 1);
    const SeenItems seen = {ids.data(), ids.data() + ids.size()};
    for (uint32_t id = 0; id < 3 * count + 3; ++id) {
      EXPECT_EQ(IsSeen(seen, id), id % 3 == 1 && id / 3 < count) << id << " of " << count;
    }
  }
}

TEST(DrawItemTest, TheThirdWordDecidesBetweenASlotAndItsAlias) {
  const std::vector<uint32_t> accept = {0x80000000U, 0};
  const std::vector<uint32_t> alias = {1, 0};
  const AliasView table = {accept.data(), alias.data(), 2};
  const Philox random(3, 4);
  for (uint64_t index = 0; index < 100; ++index) {
    const auto words = random.Words(index);
    const uint32_t slot = words[0] >> 31;
    const uint32_t want = words[2] < accept[slot] ? slot : alias[slot];
    EXPECT_EQ(DrawItem(table, random, index), want);
    EXPECT_EQ(DrawItem({nullptr, nullptr, 2}, random, index), slot);
  }
}

TEST(DrawUnseenTest, GivesUpAfterItsAttempts) {
  const std::vector<uint32_t> all = {0, 1, 2};
  const AliasView table = {nullptr, nullptr, 3};
  const Philox random(3, 4);
  const UnseenDraw stuck = DrawUnseen(table, random, 7, {all.data(), all.data() + 3});
  EXPECT_TRUE(stuck.seen);
  EXPECT_EQ(stuck.item, DrawItem(table, random, 8 * kDrawAttempts - 1));
  const UnseenDraw free = DrawUnseen(table, random, 7, {});
  EXPECT_FALSE(free.seen);
  EXPECT_EQ(free.item, DrawItem(table, random, 7 * kDrawAttempts));
  const UnseenDraw last = DrawUnseen(table, random, 7, {all.data(), all.data() + 2});
  EXPECT_EQ(last.item, 2U);
  EXPECT_FALSE(last.seen);
}

}  // namespace
}  // namespace burgeon
