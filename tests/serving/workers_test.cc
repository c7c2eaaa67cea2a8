#include "serving/workers.h"

#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <latch>
#include <thread>

namespace burgeon {
namespace {

using Posted = Workers::Posted;

std::unique_ptr<Workers> Make(ThreadPool* pool, int threads, int all, int heavy) {
  WorkersOptions options;
  options.threads = threads;
  options.max_in_flight = all;
  options.max_heavy_in_flight = heavy;
  absl::StatusOr<std::unique_ptr<Workers>> workers = Workers::Create(Device{}, pool, options);
  EXPECT_TRUE(workers.ok()) << workers.status();
  return *std::move(workers);
}

// A task that says that it runs, and runs until it is let go.
struct Gate {
  std::promise<void> running;
  std::promise<void> open;
  std::shared_future<void> opened = open.get_future().share();
  Workers::Task Task() {
    return [this](ExecutionContext&) {
      running.set_value();
      opened.wait();
    };
  }
};

TEST(Workers, RunWhatIsPosted) {
  ThreadPool pool(1);
  const auto workers = Make(&pool, 2, 1000, 1000);
  std::latch done(100);
  for (int i = 0; i < 100; ++i) {
    const WorkClass work_class = i % 3 == 0 ? WorkClass::kHeavy : WorkClass::kLight;
    ASSERT_EQ(workers->TryPost(work_class, [&done](ExecutionContext&) { done.count_down(); }),
              Posted::kYes);
  }
  done.wait();
}

TEST(Workers, EachThreadHasItsOwnContext) {
  ThreadPool pool(1);
  const auto workers = Make(&pool, 2, 10, 10);
  std::latch both(2);
  std::promise<ExecutionContext*> contexts[2];
  for (auto& context : contexts) {
    ASSERT_EQ(workers->TryPost(WorkClass::kLight,
                               [&](ExecutionContext& mine) {
                                 both.arrive_and_wait();
                                 context.set_value(&mine);
                               }),
              Posted::kYes);
  }
  ExecutionContext* first = contexts[0].get_future().get();
  ExecutionContext* second = contexts[1].get_future().get();
  EXPECT_NE(first, second);
  EXPECT_EQ(&first->pool(), &pool);
  EXPECT_EQ(&second->pool(), &pool);
}

TEST(Workers, MoreThanTheLimitIsTurnedAway) {
  ThreadPool pool(1);
  const auto workers = Make(&pool, 1, 2, 2);
  Gate gate;
  ASSERT_EQ(workers->TryPost(WorkClass::kLight, gate.Task()), Posted::kYes);
  gate.running.get_future().wait();
  std::promise<void> second_ran;
  ASSERT_EQ(workers->TryPost(WorkClass::kLight, [&](ExecutionContext&) { second_ran.set_value(); }),
            Posted::kYes);
  EXPECT_EQ(workers->TryPost(WorkClass::kLight, [](ExecutionContext&) {}), Posted::kFull);
  gate.open.set_value();
  second_ran.get_future().wait();
}

TEST(Workers, HeavyWorkHasALimitOfItsOwnAndLeavesAThreadFree) {
  ThreadPool pool(1);
  const auto workers = Make(&pool, 2, 100, 2);
  Gate heavy;
  std::promise<void> queued_ran;
  ASSERT_EQ(workers->TryPost(WorkClass::kHeavy, heavy.Task()), Posted::kYes);
  heavy.running.get_future().wait();
  ASSERT_EQ(workers->TryPost(WorkClass::kHeavy, [&](ExecutionContext&) { queued_ran.set_value(); }),
            Posted::kYes);
  EXPECT_EQ(workers->TryPost(WorkClass::kHeavy, [](ExecutionContext&) {}), Posted::kFull);
  // With one heavy task running and one waiting, light work passes on the other thread.
  std::promise<void> light_ran;
  ASSERT_EQ(workers->TryPost(WorkClass::kLight, [&](ExecutionContext&) { light_ran.set_value(); }),
            Posted::kYes);
  light_ran.get_future().wait();
  heavy.open.set_value();
  queued_ran.get_future().wait();
}

TEST(Workers, OneThreadStillDoesHeavyWorkBesideLight) {
  ThreadPool pool(1);
  const auto workers = Make(&pool, 1, 100, 100);
  std::latch done(20);
  for (int i = 0; i < 10; ++i) {
    for (const WorkClass work_class : {WorkClass::kLight, WorkClass::kHeavy}) {
      ASSERT_EQ(workers->TryPost(work_class, [&](ExecutionContext&) { done.count_down(); }),
                Posted::kYes);
    }
  }
  done.wait();
}

TEST(Workers, StopWaitsForWhatRunsAndDropsTheRest) {
  ThreadPool pool(1);
  const auto workers = Make(&pool, 1, 1'000'000'000, 1);
  Gate gate;
  ASSERT_EQ(workers->TryPost(WorkClass::kLight, gate.Task()), Posted::kYes);
  gate.running.get_future().wait();
  const auto held = std::make_shared<int>(0);
  std::atomic<bool> dropped_ran = false;
  ASSERT_EQ(workers->TryPost(WorkClass::kLight,
                             [&dropped_ran, held](ExecutionContext&) { dropped_ran = true; }),
            Posted::kYes);
  std::thread stopper([&] { workers->Stop(); });
  // Turned away: not for want of room, but because the stop has begun.
  while (workers->TryPost(WorkClass::kLight, [](ExecutionContext&) {}) == Posted::kYes) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  gate.open.set_value();
  stopper.join();
  EXPECT_FALSE(dropped_ran.load());
  EXPECT_EQ(held.use_count(), 1);
  EXPECT_EQ(workers->TryPost(WorkClass::kLight, [](ExecutionContext&) {}), Posted::kFull);
}

}  // namespace
}  // namespace burgeon
