#include "training/churn/churn_split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/memory_world.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr ChurnOptions kThirty = {.activity_window_days = 90,
                                  .prediction_window_days = 30,
                                  .train_step_days = 20,
                                  .min_history_days = 45};

TEST(DesignChurnTimesTest, EveryWindowClosesBeforeTheNextUse) {
  const auto times = DesignChurnTimes(Day(0), Day(200), kThirty);
  ASSERT_TRUE(times.ok()) << times.status();
  EXPECT_EQ(times->test, Day(170));
  EXPECT_EQ(times->validation, Day(140));
  EXPECT_THAT(times->train, ElementsAre(Day(50), Day(70), Day(90), Day(110)));
  EXPECT_LE(times->train.back() + 30 * kMicrosPerDay, times->validation);
}

TEST(DesignChurnTimesTest, KeepsTheLatestTrainTimes) {
  ChurnOptions options = kThirty;
  options.max_train_times = 2;
  const auto times = DesignChurnTimes(Day(0), Day(200), options);
  ASSERT_TRUE(times.ok()) << times.status();
  EXPECT_THAT(times->train, ElementsAre(Day(90), Day(110)));
}

TEST(DesignChurnTimesTest, SaysHowMuchIsMissing) {
  EXPECT_TRUE(DesignChurnTimes(Day(0), Day(135), kThirty).ok());
  const auto times = DesignChurnTimes(Day(0), Day(134), kThirty);
  EXPECT_EQ(times.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(MessageOf(times.status()), HasSubstr("span 134 days"));
  EXPECT_THAT(MessageOf(times.status()), HasSubstr("need 135"));
  ChurnOptions bad = kThirty;
  bad.train_step_days = 0;
  EXPECT_EQ(DesignChurnTimes(Day(0), Day(200), bad).status().code(),
            absl::StatusCode::kInvalidArgument);
}

absl::StatusOr<ChurnSplit> Split(const MemoryEvents& events, std::optional<TimeMicros> end) {
  ThreadPool pool(2);
  BURGEON_ASSIGN_OR_RETURN(const EventLog log, EventLog::Read(pool, events));
  SnapshotOptions options;
  options.consent.when_unsaid = ConsentDefault::kGranted;
  return BuildChurnSplit(pool, log, options, kThirty, end);
}

TEST(BuildChurnSplitTest, NothingAfterTheEndIsSeen) {
  const MemoryEvents world = MakeWorld(150, 250, 7);
  MemoryEvents planted = world;
  PlantFuture(Day(200), &planted);
  const auto without = Split(world, Day(200));
  const auto with = Split(planted, Day(200));
  ASSERT_TRUE(without.ok()) << without.status();
  ASSERT_TRUE(with.ok()) << with.status();
  EXPECT_EQ(without->times.train.size(), 4U);
  for (const auto part : {&ChurnSplit::train, &ChurnSplit::validation, &ChurnSplit::test}) {
    const ChurnExamples& a = (*without).*part;
    const ChurnExamples& b = (*with).*part;
    ASSERT_GT(a.size(), 50);
    EXPECT_EQ(a.customers, b.customers);
    EXPECT_EQ(a.churned, b.churned);
    EXPECT_EQ(a.features.values.values(), b.features.values.values());
  }
}

TEST(BuildChurnSplitTest, NoEvents) {
  EXPECT_EQ(Split(MemoryEvents(), std::nullopt).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace burgeon
