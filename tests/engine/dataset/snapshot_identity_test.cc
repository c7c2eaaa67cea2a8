// Snapshots in which links make several ids one customer.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

#include "engine/dataset/snapshot.h"
#include "engine/dataset/time_split.h"
#include "tests/support/fault_file_system.h"
#include "tests/support/memory_snapshot.h"
#include "tests/support/memory_world.h"
#include "tests/support/test_seed.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

MemoryEvents CookieAndAccount() {
  MemoryEvents events;
  events.Purchase("account", "tea", Day(4)).value_micros = 4;
  events.Purchase("cookie", "cup", Day(1)).value_micros = 1;
  events.Purchase("cookie", "cup", Day(5)).value_micros = 5;
  events.Purchase("other", "cup", Day(2)).value_micros = 2;
  Event& link = events.Link("cookie", "account", Day(3));
  link.properties["id_kind"] = "cookie";
  link.properties["linked_kind"] = "account";
  link.known_at = Day(6);
  return events;
}

TEST(SnapshotIdentityTest, IdsAreApartUntilTheLinkIsKnown) {
  const MemoryEvents events = CookieAndAccount();
  const Snapshot before = Build(events, At(Day(6) - 1));
  EXPECT_THAT(before.customers.ids(), ElementsAre("account", "cookie", "other"));
  EXPECT_THAT(before.customers.aliases(), IsEmpty());
  const Snapshot after = Build(events, At(Day(6)));
  EXPECT_THAT(after.customers.ids(), ElementsAre("account", "other"));
  EXPECT_THAT(after.customers.aliases(), ElementsAre(Alias{"cookie", 0}));
  EXPECT_EQ(after.customers.Find("cookie"), 0U);
  EXPECT_THAT(after.events.offsets, ElementsAre(0, 3, 4));
  EXPECT_THAT(after.events.value_micros, ElementsAre(1, 4, 5, 2));  // merged in order of time
  EXPECT_THAT(after.interactions.columns, ElementsAre(0U, 1U, 0U));
  EXPECT_THAT(after.interactions.values, ElementsAre(2, 1, 1));
}

TEST(SnapshotIdentityTest, AReturnUnderOneIdTakesThePurchaseUnderTheOtherOff) {
  MemoryEvents events = CookieAndAccount();
  events.Add("account", "cup", EventType::kReturn, Day(6)).quantity = 2;
  const Snapshot snapshot = Build(events, At(Day(6)));
  EXPECT_THAT(snapshot.interactions.columns, ElementsAre(1U, 0U));  // tea, and the cup of other
}

TEST(SnapshotIdentityTest, AnUndoneLinkIsAsIfItHadNeverCome) {
  MemoryEvents events = CookieAndAccount();
  SnapshotOptions options = At(Day(9));
  options.identity.undone.insert(IdPair("account", "cookie"));
  const Snapshot undone = Build(events, options);
  events.events.pop_back();
  EXPECT_EQ(undone.id, Build(events, At(Day(9))).id);
}

TEST(SnapshotIdentityTest, WhoRefusesUnderOneIdRefusesUnderAll) {
  MemoryEvents events = CookieAndAccount();
  events.Consent("cookie", "score", false, Day(2));
  SnapshotOptions options = At(Day(6));
  options.purpose = Purpose::kScore;
  EXPECT_THAT(Build(events, options).customers.ids(), ElementsAre("other"));
  options.as_of = Day(5);
  EXPECT_THAT(Build(events, options).customers.ids(), ElementsAre("account", "other"));
}

TEST(SnapshotIdentityTest, AliasesAreOnDiskAndPartOfTheId) {
  FaultFileSystem files;
  const Snapshot snapshot = Build(CookieAndAccount(), At(Day(6)));
  const auto folder = SaveSnapshot(files, "s", snapshot);
  ASSERT_TRUE(folder.ok()) << folder.status();
  const auto loaded = LoadSnapshot(files, *folder);
  ASSERT_TRUE(loaded.ok()) << loaded.status();
  EXPECT_EQ(loaded->customers.aliases(), snapshot.customers.aliases());
  Snapshot without = snapshot;
  ASSERT_TRUE(without.customers.SetAliases({}).ok());
  EXPECT_NE(SnapshotId(without), snapshot.id);
}

TEST(SnapshotIdentityTest, ATestPurchaseUnderAnIdLinkedLaterIsFound) {
  MemoryEvents events;
  events.Purchase("cookie", "cup", Day(1));
  events.Purchase("other", "tea", Day(1));
  Event& link = events.Link("cookie", "account", Day(5));
  link.properties["linked_kind"] = "account";
  events.Purchase("account", "tea", Day(6));
  events.Purchase("other", "tea", Day(10));
  ThreadPool pool(1);
  const auto log = EventLog::Read(pool, events);
  const auto split = BuildTimeSplit(pool, *log, At(Day(4)), 5);
  ASSERT_TRUE(split.ok()) << split.status();
  EXPECT_THAT(split->train.customers.ids(), ElementsAre("cookie", "other"));
  EXPECT_THAT(split->test.offsets, ElementsAre(0, 1, 1));
  EXPECT_EQ(split->test_customers, 1);
  EXPECT_EQ(split->new_customer_pairs, 0);
}

// The world with every id written as its canonical one: what joining must come to.
MemoryEvents Renamed(const MemoryEvents& world, const IdentityMap& identity) {
  MemoryEvents out = world;
  for (Event& event : out.events) {
    event.customer_id = std::string(identity.CanonicalOf(event.customer_id));
    if (event.type == EventType::kIdLink) event.properties["linked_id"] = event.customer_id;
  }
  return out;
}

TEST(SnapshotIdentityTest, RandomWorldsAreAsIfTheCustomersHadOneIdFromTheStart) {
  std::mt19937_64 random(TestSeed());
  for (int world_number = 0; world_number < 10; ++world_number) {
    MemoryEvents world = MakeWorld(60, 100, random());
    std::vector<IdLink> links;
    for (int i = 0; i < 40; ++i) {
      const std::string a = Concat("c", 10'000 + random() % 60);
      const std::string b = Concat("c", 10'000 + random() % 60);
      const auto link = IdLinkOf(world.Link(a, b, Day(static_cast<double>(random() % 80))));
      ASSERT_TRUE(link.ok());
      links.push_back(*link);
    }
    for (const double day : {10.0, 50.0, 100.0}) {
      SnapshotOptions options = At(Day(day));
      options.identity.policy.max_cluster_ids = 6;
      options.identity.policy.max_links = 4;
      options.weights.weight[static_cast<size_t>(EventType::kView)] = 0.25F;
      options.min_item_customers = 2;
      const IdentityMap identity = IdentityMap::Build(links, options.identity, options.as_of);
      for (const std::optional<Purpose> purpose : {std::optional<Purpose>(), {Purpose::kScore}}) {
        options.purpose = purpose;
        Snapshot joined = Build(world, options, 2);
        ASSERT_TRUE(joined.customers.SetAliases({}).ok());
        EXPECT_EQ(SnapshotId(joined), Build(Renamed(world, identity), options).id)
            << "world " << world_number << ", day " << day;
      }
    }
  }
}

}  // namespace
}  // namespace burgeon
