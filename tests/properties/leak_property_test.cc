// The leak check over random worlds: silent on data sets as the command line makes them, loud on
// ones that look ahead.
#include <gtest/gtest.h>

#include "engine/base/philox.h"
#include "engine/features/leak_check.h"
#include "tests/support/memory_world.h"
#include "tests/support/sim_world.h"
#include "tests/support/test_seed.h"

namespace burgeon {
namespace {

TEST(LeakProperty, SilentOnCleanDataLoudOnPlantedLeaks) {
  const uint64_t seed = TestSeed();
  ThreadPool pool(2);
  SnapshotOptions options;
  options.consent.when_unsaid = ConsentDefault::kGranted;
  options.purpose = Purpose::kScore;
  for (int round = 0; round < PropertyRounds(8); ++round) {
    SCOPED_TRACE(Concat("round ", round));
    const Philox random(seed, 600 + static_cast<uint64_t>(round));
    MemoryEvents world = MakeWorld(40, 200, random.Below(0, 1'000'000));
    const TimeMicros as_of = Day(80 + static_cast<double>(random.Below(1, 60)));
    PlantFuture(as_of, &world);
    const LeakCheckBuilders clean = JobBuilders(pool, options, ChurnOptions{}, {});
    const std::vector<TimeMicros> times = {as_of};
    const auto silent = CheckLeaks(pool, world, times, clean);
    ASSERT_TRUE(silent.ok()) << MessageOf(silent.status());
    EXPECT_TRUE(silent->clean());
    EXPECT_GT(silent->times[0].late_events + silent->times[0].later_events, 0);

    // Looks ahead: by days, as when the time of an event is taken for the time it was known; or by
    // the least there is, one microsecond (PlantFuture has purchases just then).
    const bool by_days = random.Below(2, 2) == 0;
    const TimeMicros ahead = by_days ? 20 * kMicrosPerDay : 1;
    LeakCheckBuilders leaking = clean;
    leaking.data = [&](const SourceFacts& facts, TimeMicros t) -> absl::StatusOr<CheckedData> {
      BURGEON_ASSIGN_OR_RETURN(CheckedData data, clean.data(facts, t + ahead));
      data.snapshot.as_of = t;
      return data;
    };
    const auto loud = CheckLeaks(pool, world, times, leaking);
    ASSERT_TRUE(loud.ok()) << MessageOf(loud.status());
    EXPECT_FALSE(loud->clean());
    EXPECT_FALSE(loud->times[0].leaks.empty());
  }
}

}  // namespace
}  // namespace burgeon
