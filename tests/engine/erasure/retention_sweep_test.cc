#include "engine/erasure/retention_sweep.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/erasure_world.h"
#include "tests/support/fault_file_system.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class RetentionSweepTest : public testing::Test {
 protected:
  RetentionSweepTest() {
    world_.Ingest(files_, "in/a.csv",
                  "c01,i01,purchase,2024-03-01T00:00:00Z,1,,\n"
                  "c01,i01,view,2024-03-01T00:00:00Z,1,,\n"
                  "c01,i01,view,2024-03-05T00:00:00Z,1,,\n"
                  "c02,i01,view,2024-03-01T00:00:00Z,1,,\n"
                  ",i01,view,2024-03-01T00:00:00Z,1,,\n");
    policy_.keep_micros[static_cast<size_t>(EventType::kView)] = 10 * kMicrosPerDay;
  }
  static constexpr TimeMicros kMarch12 = 1'710'201'600 * kMicrosPerSecond;  // 2024-03-12

  absl::StatusOr<Receipt> Run(FileSystem& files) {
    return SweepRetention(files, world_.pool(), world_.workspace(), clock_, policy_, kMarch12);
  }

  FaultFileSystem files_;
  FixedClock clock_{kErasureNoon};
  ErasureWorld world_;
  RetentionPolicy policy_;
};

TEST_F(RetentionSweepTest, WhatIsOverGoesAndTheRestStays) {
  const auto overdue = CountOverdue(files_, world_.pool(), world_.workspace(), policy_, kMarch12);
  ASSERT_TRUE(overdue.ok()) << overdue.status();
  EXPECT_THAT(*overdue, ElementsAre(Pair("view", 3)));
  const auto receipt = Run(files_);
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  EXPECT_EQ(receipt->events_removed, 3);
  EXPECT_TRUE(receipt->verified);
  EXPECT_TRUE(receipt->finished);
  EXPECT_TRUE(files_.Exists(Concat("w/receipts/", receipt->id, ".json")));
  EXPECT_THAT(world_.EventsOf(files_, "c01"),
              ElementsAre("purchase i01 2024-03-01T00:00:00Z", "view i01 2024-03-05T00:00:00Z"));
  EXPECT_THAT(world_.EventsOf(files_, "c02"), IsEmpty());
  const auto again = Run(files_);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->id, "");
}

TEST_F(RetentionSweepTest, ACrashAtAnyStepIsEndedByTheNextRun) {
  bool done = false;
  for (int64_t step = 0; !done; ++step) {
    const auto run = files_.Clone();
    run->CrashAfter(step);
    done = Run(*run).ok() && !run->crashed();
    const Survival survival = kAllSurvivals[static_cast<size_t>(step) % std::size(kAllSurvivals)];
    SCOPED_TRACE(Concat("step ", step, ", ", SurvivalName(survival)));
    const auto disk = run->Survivor(survival, static_cast<uint64_t>(step));
    const auto again = Run(*disk);
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(world_.EventsOf(*disk, "c01").size(), 2U);
    EXPECT_THAT(world_.EventsOf(*disk, "c02"), IsEmpty());
  }
}

}  // namespace
}  // namespace burgeon
