// However the rows of a source are split into files, in whatever order they are ingested, and
// however often: the store holds the same events and gives the same snapshot.
#include <gtest/gtest.h>

#include <set>
#include <tuple>

#include "engine/base/philox.h"
#include "engine/dataset/snapshot.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/sim_world.h"
#include "tests/support/test_seed.h"

namespace burgeon {
namespace {

constexpr TimeMicros kNow = kSimIngestTime;

absl::StatusOr<Snapshot> SnapshotOf(FileSystem& files, ThreadPool& pool, TimeMicros as_of) {
  BURGEON_ASSIGN_OR_RETURN(const EventStore store, EventStore::Open(files, "w/events"));
  SnapshotOptions options;
  options.purpose = Purpose::kRecommend;
  options.consent.when_unsaid = ConsentDefault::kDenied;
  options.as_of = as_of;
  return BuildSnapshot(pool, store, options);
}

std::vector<std::string> EventsOf(FileSystem& files) {
  const auto store = EventStore::Open(files, "w/events");
  EXPECT_TRUE(store.ok()) << MessageOf(store.status());
  const auto events = EventTexts(*store);
  EXPECT_TRUE(events.ok()) << MessageOf(events.status());
  return *events;
}

// The events of each customer as a set: those of one instant keep the order in which they came in
// (engine/events/event.h), which a split into files changes.
std::vector<std::multiset<std::tuple<TimeMicros, uint32_t, int, int64_t>>> EventSets(
    const Snapshot& snapshot) {
  std::vector<std::multiset<std::tuple<TimeMicros, uint32_t, int, int64_t>>> sets;
  const SnapshotEvents& events = snapshot.events;
  for (size_t c = 0; c + 1 < events.offsets.size(); ++c) {
    auto& set = sets.emplace_back();
    for (auto k = static_cast<size_t>(events.offsets[c]);
         k < static_cast<size_t>(events.offsets[c + 1]); ++k) {
      set.emplace(events.time[k], events.item[k], static_cast<int>(events.type[k]),
                  events.value_micros[k]);
    }
  }
  return sets;
}

void ExpectSameButForTies(const Snapshot& a, const Snapshot& b) {
  EXPECT_EQ(a.customers.ids(), b.customers.ids());
  EXPECT_EQ(a.items.ids(), b.items.ids());
  EXPECT_EQ(a.consent, b.consent);
  EXPECT_EQ(a.consent_said, b.consent_said);
  EXPECT_EQ(a.interactions.offsets, b.interactions.offsets);
  EXPECT_EQ(a.interactions.columns, b.interactions.columns);
  EXPECT_EQ(a.interactions.values, b.interactions.values);
  EXPECT_EQ(a.seen.columns, b.seen.columns);
  EXPECT_EQ(EventSets(a), EventSets(b));
}

TEST(IngestProperty, SplitsOrdersAndRepeatsDoNotMatter) {
  const uint64_t seed = TestSeed();
  ThreadPool pool(2);
  for (int round = 0; round < PropertyRounds(8); ++round) {
    SCOPED_TRACE(Concat("round ", round));
    const Philox random(seed, 100 + static_cast<uint64_t>(round));
    uint64_t draw = 0;
    const auto below = [&](uint64_t bound) { return random.Below(draw++, bound); };
    const SimWorld world = TinyWorld(below(1'000'000), 8);
    std::vector<std::string> lines = world.EventLines(world.persons());
    const SourceConfig source = SimSource(world, "world");
    const TimeMicros middle = world.config().start + world.config().days / 2 * kMicrosPerDay;

    FaultFileSystem whole;
    ASSERT_TRUE(WriteRates(whole, world).ok());
    const auto at_once = IngestText(whole, pool, source, "world/all.csv",
                                    Joined(SimWorld::EventHeader(), lines), "w/events");
    ASSERT_TRUE(at_once.ok()) << MessageOf(at_once.status());
    ASSERT_EQ(at_once->counters.events_added, static_cast<int64_t>(lines.size()));
    const std::vector<std::string> expected = EventsOf(whole);
    ASSERT_EQ(expected.size(), lines.size());

    // Each row goes into one or two of the files, in any order; a file may come twice.
    for (size_t k = lines.size(); k > 1; --k) std::swap(lines[k - 1], lines[below(k)]);
    const uint64_t parts = 1 + below(5);
    std::vector<std::vector<std::string>> files_lines(parts);
    for (const std::string& line : lines) {
      files_lines[below(parts)].push_back(line);
      if (below(5) == 0) files_lines[below(parts)].push_back(line);
    }
    FaultFileSystem split;
    ASSERT_TRUE(WriteRates(split, world).ok());
    std::vector<uint64_t> order;
    for (uint64_t part = 0; part < parts; ++part) order.push_back(part);
    for (uint64_t again = below(3); again > 0; --again) order.push_back(below(parts));
    for (size_t k = order.size(); k > 1; --k) std::swap(order[k - 1], order[below(k)]);
    int64_t added = 0;
    for (const uint64_t part : order) {
      const auto record =
          IngestText(split, pool, source, Concat("world/part", part, ".csv"),
                     Joined(SimWorld::EventHeader(), files_lines[part]), "w/events");
      ASSERT_TRUE(record.ok()) << MessageOf(record.status());
      added += record->counters.events_added;
      EXPECT_EQ(record->counters.event_id_conflicts, 0);
    }
    EXPECT_EQ(added, static_cast<int64_t>(lines.size()));
    EXPECT_EQ(EventsOf(split), expected);
    for (const TimeMicros as_of : {middle, kNow}) {
      const auto a = SnapshotOf(whole, pool, as_of);
      const auto b = SnapshotOf(split, pool, as_of);
      ASSERT_TRUE(a.ok() && b.ok());
      ExpectSameButForTies(*a, *b);
    }
  }
}

// Files that follow each other as their rows do, each of them as often as one likes once it was
// there: the snapshot has the same id, to the last bit.
TEST(IngestProperty, FilesInTheirOrderGiveTheSameSnapshot) {
  const uint64_t seed = TestSeed();
  ThreadPool pool(2);
  for (int round = 0; round < PropertyRounds(8); ++round) {
    SCOPED_TRACE(Concat("round ", round));
    const Philox random(seed, 150 + static_cast<uint64_t>(round));
    uint64_t draw = 0;
    const SimWorld world = TinyWorld(random.Below(draw++, 1'000'000), 8);
    const std::vector<std::string> lines = world.EventLines(world.persons());
    const SourceConfig source = SimSource(world, "world");
    FaultFileSystem whole;
    FaultFileSystem split;
    ASSERT_TRUE(WriteRates(whole, world).ok());
    ASSERT_TRUE(WriteRates(split, world).ok());
    ASSERT_TRUE(IngestText(whole, pool, source, "world/all.csv",
                           Joined(SimWorld::EventHeader(), lines), "w/events")
                    .ok());
    size_t begin = 0;
    while (begin < lines.size()) {
      const size_t rest = lines.size() - begin;
      const size_t end = begin + 1 + static_cast<size_t>(random.Below(draw++, rest));
      const std::vector<std::string> part(lines.begin() + static_cast<int64_t>(begin),
                                          lines.begin() + static_cast<int64_t>(end));
      for (uint64_t times = 1 + random.Below(draw++, 2); times > 0; --times) {
        ASSERT_TRUE(IngestText(split, pool, source, "world/part.csv",
                               Joined(SimWorld::EventHeader(), part), "w/events")
                        .ok());
      }
      begin = end;
    }
    for (const TimeMicros as_of :
         {world.config().start + world.config().days / 2 * kMicrosPerDay, kNow}) {
      const auto a = SnapshotOf(whole, pool, as_of);
      const auto b = SnapshotOf(split, pool, as_of);
      ASSERT_TRUE(a.ok() && b.ok());
      EXPECT_EQ(a->id, b->id);
    }
  }
}

// A crash at any step of an ingest, then the same ingest again: as if nothing had happened.
TEST(IngestProperty, CrashesAndASecondTryLeaveWhatOneTryLeaves) {
  const uint64_t seed = TestSeed();
  ThreadPool pool(2);
  for (int round = 0; round < PropertyRounds(6); ++round) {
    const Philox random(seed, 200 + static_cast<uint64_t>(round));
    uint64_t draw = 0;
    const SimWorld world = TinyWorld(random.Below(draw++, 1'000'000), 6);
    const std::vector<std::string> lines = world.EventLines(world.persons());
    const SourceConfig source = SimSource(world, "world");
    const size_t half = lines.size() / 2;
    const std::vector<std::string> first(lines.begin(), lines.begin() + half);
    const std::vector<std::string> second(lines.begin() + half, lines.end());
    const std::string first_text = Joined(SimWorld::EventHeader(), first);
    const std::string second_text = Joined(SimWorld::EventHeader(), second);

    auto disk = std::make_unique<FaultFileSystem>();
    ASSERT_TRUE(WriteRates(*disk, world).ok());
    ASSERT_TRUE(IngestText(*disk, pool, source, "world/a.csv", first_text, "w/events").ok());
    const std::vector<std::string> before = EventsOf(*disk);
    const auto dry = disk->Clone();
    const int64_t steps_before = dry->steps();
    ASSERT_TRUE(IngestText(*dry, pool, source, "world/b.csv", second_text, "w/events").ok());
    const std::vector<std::string> after = EventsOf(*dry);
    const auto after_snapshot = SnapshotOf(*dry, pool, kNow);
    ASSERT_TRUE(after_snapshot.ok());
    const auto steps = static_cast<uint64_t>(dry->steps() - steps_before);

    for (int crash = 0; crash < 5; ++crash) {
      auto run = disk->Clone();
      run->CrashAfter(static_cast<int64_t>(random.Below(draw++, steps)));
      const bool acknowledged =
          IngestText(*run, pool, source, "world/b.csv", second_text, "w/events").ok();
      const Survival survival = kAllSurvivals[random.Below(draw++, 4)];
      const auto survivor = run->Survivor(survival, random.Below(draw++, 1'000'000));
      const std::vector<std::string> found = EventsOf(*survivor);
      const bool is_after = found == after;
      EXPECT_TRUE(is_after || found == before)
          << "round " << round << ": neither the old nor the new store, " << SurvivalName(survival);
      EXPECT_TRUE(is_after || !acknowledged);
      const auto again =
          IngestText(*survivor, pool, source, "world/b.csv", second_text, "w/events");
      ASSERT_TRUE(again.ok()) << MessageOf(again.status());
      EXPECT_EQ(EventsOf(*survivor), after);
      const auto repaired = SnapshotOf(*survivor, pool, kNow);
      ASSERT_TRUE(repaired.ok());
      EXPECT_EQ(repaired->id, after_snapshot->id);
    }
  }
}

}  // namespace
}  // namespace burgeon
