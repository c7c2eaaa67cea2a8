// Publishing with a crash after every I/O step and with a fault at every step: the release in use
// is the old one or the new one, whole, and never a mix.
#include "engine/release/release_store.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/release_fixture.h"

namespace burgeon {
namespace {

constexpr TimeMicros kNoon = 1'763'812'800 * kMicrosPerSecond;
constexpr uint64_t kSeedsATorn = 3;

class PublishCrashTest : public testing::Test {
 protected:
  absl::StatusOr<std::string> PublishTo(FileSystem& files, const ReleaseData& data, int day) {
    const FixedClock clock(kNoon + day * kMicrosPerDay);
    return Publish(files, workspace_, context_, clock, data);
  }

  // The seed of the release in use, 0 when nothing was published; fails the test unless it loads.
  int SeedInUse(FileSystem& files) {
    const auto id = CurrentReleaseId(files, workspace_);
    if (absl::IsNotFound(id.status())) return 0;
    EXPECT_TRUE(id.ok()) << id.status();
    if (!id.ok()) return -1;
    const auto release = LoadRelease(files, workspace_, context_, *id);
    EXPECT_TRUE(release.ok()) << release.status();
    if (!release.ok()) return -1;
    for (const int seed : {1, 2, 3}) {
      if ((*release)->data().recommender.item_embeddings.values() ==
          data_[seed - 1].recommender.item_embeddings.values()) {
        return seed;
      }
    }
    ADD_FAILURE() << "another release than those published";
    return -1;
  }

  // The folders of releases/ are releases that load; nothing else is there.
  void ExpectAllWhole(FileSystem& files) {
    const auto names = files.List(workspace_.releases());
    ASSERT_TRUE(names.ok()) << names.status();
    for (const std::string& name : *names) {
      const auto release = LoadRelease(files, workspace_, context_, name);
      EXPECT_TRUE(release.ok()) << release.status();
    }
  }

  // A crash after every step of publishing data_[1] on top of `before`, where `old` is in use.
  void CrashEverywhere(const FaultFileSystem& before, int old) {
    bool done = false;
    for (int64_t step = 0; !done; ++step) {
      const auto run = before.Clone();
      run->CrashAfter(step);
      done = PublishTo(*run, data_[1], 1).ok();
      for (const Survival survival : kAllSurvivals) {
        const uint64_t seeds = survival == Survival::kTorn ? kSeedsATorn : 1;
        for (uint64_t i = 0; i < seeds; ++i) {
          const uint64_t seed = static_cast<uint64_t>(step) * kSeedsATorn + i;
          SCOPED_TRACE(Concat("step ", step, ", ", SurvivalName(survival), ", seed ", seed));
          const auto disk = run->Survivor(survival, seed);
          const int in_use = SeedInUse(*disk);
          EXPECT_TRUE(in_use == 2 || (in_use == old && !done)) << in_use;
          ++crashes_;
          if (i > 0) continue;
          const auto next = PublishTo(*disk, data_[2], 2);
          ASSERT_TRUE(next.ok()) << next.status();
          EXPECT_EQ(SeedInUse(*disk), 3);
          ExpectAllWhole(*disk);
        }
      }
      ASSERT_FALSE(HasFailure()) << "step " << step;
    }
  }

  ThreadPool pool_{1};
  ExecutionContext context_{&pool_};
  Workspace workspace_{"w"};
  const ReleaseData data_[3] = {MakeSmallRelease(pool_, 1), MakeSmallRelease(pool_, 2),
                                MakeSmallRelease(pool_, 3)};
  int crashes_ = 0;
};

TEST_F(PublishCrashTest, TheFirstReleaseIsThereOrNot) {
  CrashEverywhere(FaultFileSystem(), 0);
  EXPECT_GT(crashes_, 100);
}

TEST_F(PublishCrashTest, TheOldReleaseOrTheNewIsInUse) {
  FaultFileSystem before;
  ASSERT_TRUE(PublishTo(before, data_[0], 0).ok());
  CrashEverywhere(before, 1);
  EXPECT_GT(crashes_, 100);
}

TEST_F(PublishCrashTest, AFaultAtEveryStepIsSaidAndARetrySucceeds) {
  FaultFileSystem before;
  ASSERT_TRUE(PublishTo(before, data_[0], 0).ok());
  const std::string old = *CurrentReleaseId(before, workspace_);
  const auto rehearsal = before.Clone();
  ASSERT_TRUE(PublishTo(*rehearsal, data_[1], 1).ok());
  for (const FaultKind kind : {FaultKind::kIoError, FaultKind::kDiskFull}) {
    for (int64_t step = 0; step < rehearsal->steps(); ++step) {
      SCOPED_TRACE(Concat(kind == FaultKind::kIoError ? "EIO" : "ENOSPC", " at step ", step, ", ",
                          rehearsal->log()[static_cast<size_t>(step)]));
      const auto run = before.Clone();
      run->FailAfter(step, kind);
      const auto id = PublishTo(*run, data_[1], 1);
      if (kind == FaultKind::kIoError) {
        EXPECT_EQ(id.status().code(), absl::StatusCode::kUnavailable) << id.status();
      } else {  // a disk that runs full after the last byte hurts nobody
        EXPECT_TRUE(id.ok() || absl::IsResourceExhausted(id.status())) << id.status();
      }
      run->FailAfter(INT32_MAX, kind);
      EXPECT_TRUE(LoadRelease(*run, workspace_, context_, old).ok());
      const int in_use = SeedInUse(*run);
      // An error after `current` was replaced comes from its sync alone.
      const bool last_step = step + 1 == rehearsal->steps();
      EXPECT_EQ(in_use, id.ok() || last_step ? 2 : 1);
      EXPECT_TRUE(id.ok() || MessageOf(id.status()).rfind("w", 0) == 0);
      const auto retry = PublishTo(*run, data_[1], 1);
      ASSERT_TRUE(retry.ok()) << retry.status();
      EXPECT_EQ(SeedInUse(*run), 2);
      ExpectAllWhole(*run);
    }
  }
}

TEST_F(PublishCrashTest, ARollBackIsDoneOrNot) {
  FaultFileSystem before;
  const std::string first = *PublishTo(before, data_[0], 0);
  ASSERT_TRUE(PublishTo(before, data_[1], 1).ok());
  bool done = false;
  for (int64_t step = 0; !done; ++step) {
    const auto run = before.Clone();
    run->CrashAfter(step);
    done = RollBack(*run, workspace_, context_, "").ok();
    for (const Survival survival : kAllSurvivals) {
      SCOPED_TRACE(Concat("step ", step, ", ", SurvivalName(survival)));
      const auto disk = run->Survivor(survival, static_cast<uint64_t>(step));
      const int in_use = SeedInUse(*disk);
      EXPECT_TRUE(in_use == 1 || (in_use == 2 && !done)) << in_use;
    }
  }
}

}  // namespace
}  // namespace burgeon
