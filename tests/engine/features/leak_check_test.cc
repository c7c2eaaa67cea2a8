#include "engine/features/leak_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/support/memory_world.h"
#include "tests/support/test_seed.h"

namespace burgeon {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

constexpr double kT = 90.5;

// A world in which everything there is comes late now and then: events, links, consent, attributes.
MemoryEvents LateWorld(uint64_t seed) {
  MemoryEvents world = MakeWorld(60, 150, seed);
  std::mt19937_64 random(seed);
  const auto customer = [&] { return Concat("c", 10'000 + random() % 60); };
  const auto day = [&] { return Day(static_cast<double>(random() % 120)); };
  const auto late = [&] { return static_cast<TimeMicros>(random() % 40) * kMicrosPerDay; };
  for (int i = 0; i < 30; ++i) {
    Event& link = world.Link(customer(), customer(), day());
    link.known_at += late();
    world.Consent(customer(), i % 2 == 0 ? "export" : "all", i % 3 == 0, day()).known_at += late();
    world.Purchase(customer(), "i105", day()).known_at += late();
    Event& said = world.Add(customer(), "", EventType::kAttribute, day());
    said.known_at += late();
    said.properties = {{"name", "city"}, {"value", Concat("city", random() % 5)}};
  }
  for (int i = 0; i < 100; ++i) {
    const TimeMicros time = day();
    world.customer_attributes.push_back({customer(), i % 2 == 0 ? "region" : "age",
                                         Concat(random() % 4), time, time + late(),
                                         i % 3 == 0 ? "crm" : "shop", 1});
    world.aggregates.push_back(
        {Concat(random() % 4), "region/income", Concat(i), time, time + late(), "research", 2});
  }
  return world;
}

SnapshotOptions Options() {
  SnapshotOptions options;
  options.consent.when_unsaid = ConsentDefault::kGranted;
  options.identity.policy.max_links = 4;
  options.identity.policy.max_cluster_ids = 8;
  return options;
}

ChurnOptions Churn() {
  ChurnOptions churn;
  churn.activity_window_days = 60;
  churn.prediction_window_days = 20;
  return churn;
}

class LeakCheckTest : public testing::Test {
 protected:
  LeakCheckTest() : build_(JobBuilders(pool_, Options(), Churn(), {})) {}

  LeakReport Check(const EventSource& source, const std::vector<TimeMicros>& times) {
    auto report = CheckLeaks(pool_, source, times, build_);
    EXPECT_TRUE(report.ok()) << report.status();
    return *std::move(report);
  }

  // Has the data set built from facts that `cheat` changed first: as a builder with a leak would.
  template <class Cheat>
  void Plant(const Cheat& cheat) {
    const auto honest = build_;
    build_.data = [=](const SourceFacts& facts, TimeMicros as_of) {
      SourceFacts changed = facts;
      TimeMicros at = as_of;
      cheat(changed, at);
      auto data = honest.data(changed, at);
      if (data.ok()) data->snapshot.as_of = as_of;
      return data;
    };
  }

  // The parts that differ at T in a world with a bit of everything.
  std::vector<std::string> PartsFound() {
    const MemoryEvents world = LateWorld(7);
    const LeakReport report = Check(world, {Day(kT)});
    EXPECT_EQ(report.clean(), report.times[0].leaks.empty());
    std::vector<std::string> parts;
    for (const Leak& leak : report.times[0].leaks) {
      parts.push_back(leak.part);
      EXPECT_NE(leak.difference.first, leak.difference.second) << leak.difference.field;
    }
    return parts;
  }

  ThreadPool pool_{2};
  LeakCheckBuilders build_;
};

TEST_F(LeakCheckTest, NothingLeaksInRandomWorlds) {
  const uint64_t seed = TestSeed();
  for (uint64_t world_number = 0; world_number < 8; ++world_number) {
    MemoryEvents world = LateWorld(seed + world_number);
    PlantFuture(Day(kT), &world);
    const LeakReport report = Check(world, {Day(30.25), Day(kT), Day(140)});
    for (const LeakCheckTime& time : report.times) {
      for (const Leak& leak : time.leaks) {
        ADD_FAILURE() << "world " << seed + world_number << " at " << FormatTime(time.as_of) << ": "
                      << leak.part << ", " << leak.difference.field << " of "
                      << leak.difference.customer << ": " << leak.difference.first << " against "
                      << leak.difference.second;
      }
    }
    EXPECT_EQ(report.times[0].churn_skipped, "");
    EXPECT_EQ(report.times[1].churn_skipped, "");
  }
}

TEST_F(LeakCheckTest, EventsAreCountedByWhenTheyCame) {
  MemoryEvents events;
  events.Purchase("ann", "cup", Day(1));
  events.Purchase("ann", "cup", Day(2)).known_at = Day(8);
  events.Purchase("ann", "cup", Day(6)).known_at = Day(1);
  events.Purchase("ann", "cup", Day(9));
  const LeakReport report = Check(events, {Day(5)});
  EXPECT_EQ(report.times[0].events, 1);
  EXPECT_EQ(report.times[0].late_events, 1);
  EXPECT_EQ(report.times[0].later_events, 2);
  EXPECT_THAT(report.times[0].churn_skipped, testing::HasSubstr("need 20 days of events after it"));
}

TEST_F(LeakCheckTest, AFeatureThatUsesTheFutureIsFound) {
  Plant([](SourceFacts&, TimeMicros& as_of) { as_of += kMicrosPerDay; });
  EXPECT_THAT(PartsFound(), Contains("snapshot"));
  // A feature alone, from an honest snapshot.
  build_ = JobBuilders(pool_, Options(), Churn(), {});
  const auto honest = build_;
  build_.data = [&, honest](const SourceFacts& facts, TimeMicros as_of) {
    auto data = honest.data(facts, as_of);
    auto later = honest.data(facts, as_of + 30 * kMicrosPerDay);
    if (data.ok() && later.ok() && data->snapshot.customers.size() > 0) {
      const auto row = later->snapshot.customers.Find(data->snapshot.customers.id(0));
      if (row.has_value()) {
        std::copy(later->features.values.row(*row).begin(), later->features.values.row(*row).end(),
                  data->features.values.values().begin());
      }
    }
    return data;
  };
  EXPECT_THAT(PartsFound(), Contains("features"));
}

TEST_F(LeakCheckTest, LateEventsTakenAtTheTimeTheyHappenedAreFound) {
  Plant([](SourceFacts& facts, TimeMicros&) { facts.log.known_at = facts.log.time; });
  EXPECT_THAT(PartsFound(), Contains("snapshot"));
}

TEST_F(LeakCheckTest, ALinkKnownLaterIsFound) {
  Plant([](SourceFacts& facts, TimeMicros&) {
    for (IdLink& link : facts.log.links) link.known_at = link.event_time;
  });
  EXPECT_THAT(PartsFound(), Contains("snapshot"));
}

TEST_F(LeakCheckTest, ConsentKnownLaterIsFound) {
  Plant([](SourceFacts& facts, TimeMicros&) {
    for (ConsentChange& change : facts.log.consent) change.known_at = change.event_time;
  });
  EXPECT_THAT(PartsFound(), Contains("snapshot"));
}

TEST_F(LeakCheckTest, AnAttributeKnownLaterIsFound) {
  Plant([](SourceFacts& facts, TimeMicros&) {
    for (AttributeValue& value : facts.customer_attributes) value.known_at = value.event_time;
  });
  EXPECT_THAT(PartsFound(), ElementsAre("attributes"));
}

TEST_F(LeakCheckTest, AnAggregateKnownLaterIsFound) {
  Plant([](SourceFacts& facts, TimeMicros&) {
    for (AttributeValue& value : facts.aggregates) value.known_at = value.event_time;
  });
  EXPECT_THAT(PartsFound(), ElementsAre("attributes"));
}

TEST_F(LeakCheckTest, AnItemsNameKnownLaterIsFound) {
  Plant([](SourceFacts& facts, TimeMicros&) {
    for (AttributeValue& value : facts.log.item_descriptions) value.known_at = value.event_time;
  });
  MemoryEvents world = LateWorld(7);
  world.Describe("i100", "a later name", Day(kT - 1), Day(kT + 1));
  const LeakReport report = Check(world, {Day(kT)});
  ASSERT_EQ(report.times[0].leaks.size(), 1U);
  EXPECT_EQ(report.times[0].leaks[0].difference.field, "item_label of 'i100'");
  EXPECT_EQ(report.times[0].leaks[0].difference.first, "'a later name'");
  EXPECT_EQ(report.times[0].leaks[0].difference.second, "'thing 0'");
}

TEST_F(LeakCheckTest, ExamplesWithFeaturesOfAnotherTimeAreFound) {
  const auto honest = build_;
  build_.churn = [honest](const SourceFacts& facts, TimeMicros as_of) {
    auto examples = honest.churn(facts, as_of);
    auto later = honest.churn(facts, as_of + kMicrosPerDay);
    // Labels and customers as they should be, features of the day after.
    if (examples.ok() && later.ok()) {
      examples->features.values.values()[0] = later->features.values.values()[0] + 1;
    }
    return examples;
  };
  EXPECT_THAT(PartsFound(), ElementsAre("churn examples"));
}

TEST_F(LeakCheckTest, LabelsThatLookBeyondTheirWindowAreFound) {
  const auto honest = build_;
  build_.churn = [honest](const SourceFacts& facts, TimeMicros as_of) {
    auto examples = honest.churn(facts, as_of);
    if (!examples.ok()) return examples;
    // Churned only who is never seen again.
    for (size_t i = 0; i < examples->customers.size(); ++i) {
      const auto& customers = facts.log.customers;
      const auto at = std::lower_bound(customers.begin(), customers.end(), examples->customers[i]);
      if (at == customers.end() || *at != examples->customers[i]) continue;
      const auto end =
          static_cast<size_t>(facts.log.offsets[static_cast<size_t>(at - customers.begin()) + 1]);
      examples->churned[i] = facts.log.time[end - 1] > as_of ? 0 : 1;
    }
    return examples;
  };
  const MemoryEvents world = LateWorld(7);
  const LeakReport report = Check(world, {Day(kT)});
  ASSERT_EQ(report.times[0].leaks.size(), 1U);
  EXPECT_EQ(report.times[0].leaks[0].difference.field, "churned");
}

}  // namespace
}  // namespace burgeon
