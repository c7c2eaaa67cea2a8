#include "serving/byte_budget.h"

#include <gmock/gmock.h>

#include <thread>
#include <vector>

namespace burgeon {
namespace {

TEST(ByteBudget, GivesNoMoreThanThereIs) {
  ByteBudget budget(10);
  ByteHold first;
  ByteHold second;
  EXPECT_TRUE(first.Take(budget, 7));
  EXPECT_FALSE(second.Take(budget, 4));
  EXPECT_EQ(budget.left(), 3);
  EXPECT_TRUE(second.Take(budget, 3));
  EXPECT_EQ(budget.left(), 0);
  first.Release();
  first.Release();
  EXPECT_EQ(budget.left(), 7);
}

TEST(ByteBudget, AHoldThatGoesGivesBack) {
  ByteBudget budget(10);
  {
    ByteHold hold;
    ASSERT_TRUE(hold.Take(budget, 10));
  }
  EXPECT_EQ(budget.left(), 10);
}

TEST(ByteBudget, NothingIsLostBetweenThreads) {
  ByteBudget budget(5);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&budget] {
      for (int i = 0; i < 2000; ++i) {
        ByteHold hold;
        if (hold.Take(budget, 2)) {
          EXPECT_GE(budget.left(), 0);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(budget.left(), 5);
}

}  // namespace
}  // namespace burgeon
