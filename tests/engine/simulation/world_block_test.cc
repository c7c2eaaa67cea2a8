#include "engine/simulation/world_block.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace burgeon {
namespace {

int64_t LinesOf(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

TEST(WorldBlock, HasTheRowsOfItsCustomersOnly) {
  WorldConfig config;
  config.items = 50;
  const World world(config);
  const DefectPlanter planter(config, {});
  const WorldBlock block = MakeBlock(world, planter, 10, 30);
  EXPECT_EQ(LinesOf(block.truth_customers), 20);
  EXPECT_EQ(LinesOf(block.partner), 20);
  EXPECT_EQ(LinesOf(block.customers), block.customer_rows);
  EXPECT_EQ(LinesOf(block.events), block.event_rows);
  EXPECT_EQ(block.truth_customers.substr(0, 7), "acc-10,");
  int64_t events = 0;
  for (const int64_t count : block.by_type) events += count;
  EXPECT_EQ(events, block.event_rows);
  EXPECT_TRUE(block.event_defects.empty());
}

TEST(WorldBlock, RowsComeInTheOrderInWhichTheyWereKnown) {
  WorldConfig config;
  config.items = 50;
  const World world(config);
  const DefectPlanter planter(config, {});
  const WorldBlock block = MakeBlock(world, planter, 0, 20);
  std::string before;
  size_t at = 0;
  while (at < block.events.size()) {
    const size_t first = block.events.find(',', at);
    const size_t second = block.events.find(',', first + 1);
    const std::string known_at =
        block.events.substr(second + 1, block.events.find(',', second + 1) - second - 1);
    EXPECT_LE(before, known_at);
    before = known_at;
    at = block.events.find('\n', at) + 1;
  }
}

}  // namespace
}  // namespace burgeon
