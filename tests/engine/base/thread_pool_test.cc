#include "engine/base/thread_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <thread>
#include <utility>
#include <vector>

namespace burgeon {
namespace {

class ThreadPoolTest : public ::testing::TestWithParam<int> {};

TEST_P(ThreadPoolTest, EveryIndexOnceInFixedBlocks) {
  ThreadPool pool(GetParam());
  EXPECT_EQ(pool.threads(), GetParam());
  std::vector<std::atomic<int>> hits(1003);
  std::mutex mutex;
  std::set<std::pair<int64_t, int64_t>> blocks;
  pool.ParallelFor(1003, 100, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) ++hits[static_cast<size_t>(i)];
    const std::lock_guard lock(mutex);
    blocks.insert({begin, end});
  });
  for (const auto& hit : hits) ASSERT_EQ(hit.load(), 1);
  EXPECT_EQ(blocks.size(), 11U);
  EXPECT_TRUE(blocks.contains({0, 100}));
  EXPECT_TRUE(blocks.contains({1000, 1003}));
}

TEST_P(ThreadPoolTest, NothingToDoAndFewerThanABlock) {
  ThreadPool pool(GetParam());
  pool.ParallelFor(0, 8, [](int64_t, int64_t) { FAIL() << "a body of an empty loop ran"; });
  int64_t covered = 0;
  pool.ParallelFor(3, 8, [&](int64_t begin, int64_t end) { covered += end - begin; });
  EXPECT_EQ(covered, 3);
}

TEST_P(ThreadPoolTest, LoopsInsideLoops) {
  ThreadPool pool(GetParam());
  std::atomic<int64_t> sum{0};
  pool.ParallelFor(20, 1, [&](int64_t i, int64_t) {
    pool.ParallelFor(20, 3, [&](int64_t begin, int64_t end) {
      pool.ParallelFor(2, 1, [&](int64_t, int64_t) { sum += i * (end - begin); });
    });
  });
  EXPECT_EQ(sum.load(), 190 * 20 * 2);
}

TEST_P(ThreadPoolTest, LoopsFromSeveralThreadsAtOnce) {
  ThreadPool pool(GetParam());
  std::vector<int64_t> sums(6);
  std::vector<std::thread> callers;
  for (size_t caller = 0; caller < sums.size(); ++caller) {
    callers.emplace_back([&, caller] {
      for (int repeat = 0; repeat < 50; ++repeat) {
        std::vector<int64_t> parts(40);
        pool.ParallelFor(400, 10, [&](int64_t begin, int64_t end) {
          for (int64_t i = begin; i < end; ++i) parts[static_cast<size_t>(begin / 10)] += i;
        });
        for (const int64_t part : parts) sums[caller] += part;
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  for (const int64_t sum : sums) EXPECT_EQ(sum, 50 * 79'800);
}

TEST_P(ThreadPoolTest, TheErrorOfTheLowestBlockIsReturnedAndAllBlocksRun) {
  ThreadPool pool(GetParam());
  std::atomic<int> ran{0};
  const absl::Status status = pool.ParallelForStatus(100, 10, [&](int64_t begin, int64_t) {
    ++ran;
    return begin >= 30 ? DataLoss("block ", begin) : absl::OkStatus();
  });
  EXPECT_EQ(status, DataLoss("block 30"));
  EXPECT_EQ(ran.load(), 10);
  EXPECT_TRUE(pool.ParallelForStatus(5, 1, [](int64_t, int64_t) { return absl::OkStatus(); }).ok());
}

INSTANTIATE_TEST_SUITE_P(Threads, ThreadPoolTest, ::testing::Values(1, 2, 8));

TEST(ThreadPoolSizeTest, ZeroMeansOneAHardwareThread) {
  const auto machine = static_cast<int>(std::thread::hardware_concurrency());
  EXPECT_EQ(ThreadPool(0).threads(), std::max(1, machine));
}

TEST(ThreadPoolDeathTest, ABlockOfNothingIsABug) {
  ThreadPool pool(1);
  EXPECT_DEATH(pool.ParallelFor(1, 0, [](int64_t, int64_t) {}), "block >= 1");
}

}  // namespace
}  // namespace burgeon
