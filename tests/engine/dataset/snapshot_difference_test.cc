#include "engine/dataset/snapshot_difference.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/memory_world.h"

namespace burgeon {
namespace {

Snapshot SmallSnapshot() {
  MemoryEvents events;
  events.Purchase("ann", "cup", Day(1)).value_micros = 7;
  events.Purchase("bea", "cup", Day(2));
  events.Purchase("bea", "tea", Day(3));
  events.Link("bea", "cookie", Day(3));
  events.Describe("cup", "A cup", Day(1), Day(1));
  ThreadPool pool(1);
  SnapshotOptions options;
  options.consent.when_unsaid = ConsentDefault::kGranted;
  const auto log = EventLog::Read(pool, events);
  EXPECT_TRUE(log.ok()) << log.status();
  return *BuildSnapshot(pool, *log, options);
}

// Of the small snapshot against itself with a change.
template <class Change>
DataDifference After(const Change& change) {
  const Snapshot snapshot = SmallSnapshot();
  Snapshot changed = snapshot;
  change(changed);
  const auto difference = FirstDifference(snapshot, changed);
  EXPECT_TRUE(difference.has_value());
  return difference.value_or(DataDifference{});
}

void ExpectDifference(const DataDifference& found, const std::string& field,
                      const std::string& customer, const std::string& first,
                      const std::string& second) {
  EXPECT_EQ(found.field, field);
  EXPECT_EQ(found.customer, customer);
  EXPECT_EQ(found.first, first);
  EXPECT_EQ(found.second, second);
}

TEST(SnapshotDifference, EqualSnapshotsHaveNone) {
  EXPECT_FALSE(FirstDifference(SmallSnapshot(), SmallSnapshot()).has_value());
}

TEST(SnapshotDifference, EveryArrayIsLookedAt) {
  ExpectDifference(After([](Snapshot& s) { s.as_of = Day(4); }), "as_of", "",
                   "2011-01-04T00:00:00Z", "2011-01-05T00:00:00Z");
  ExpectDifference(After([](Snapshot& s) {
                     s.customers = *Vocabulary::FromIds({"ann", "b"});
                   }),
                   "customers", "b", "not there", "'b'");
  ExpectDifference(After([](Snapshot& s) { EXPECT_TRUE(s.customers.SetAliases({}).ok()); }),
                   "customers.alias", "cookie", "'bea'", "not there");
  ExpectDifference(After([](Snapshot& s) { s.items = *Vocabulary::FromIds({"cup"}); }), "items", "",
                   "'tea'", "not there");
  ExpectDifference(After([](Snapshot& s) { s.consent[1] = ConsentBits{1}; }), "consent[0]", "bea",
                   "recommend, score, audience, export", "recommend");
  ExpectDifference(After([](Snapshot& s) { s.consent_said[0][2] = Day(1); }), "consent_said[2]",
                   "ann", FormatTime(kNothingSaid[2]), "2011-01-02T00:00:00Z");
  ExpectDifference(After([](Snapshot& s) { s.events.time[2] += 1; }), "events.time[1]", "bea",
                   "2011-01-04T00:00:00Z", "2011-01-04T00:00:00.000001Z");
  ExpectDifference(After([](Snapshot& s) { s.events.type[0] = EventType::kView; }),
                   "events.type[0]", "ann", "purchase", "view");
  ExpectDifference(After([](Snapshot& s) { s.events.item[0] = kNoItemRow; }), "events.item[0]",
                   "ann", "'cup'", "no item");
  ExpectDifference(After([](Snapshot& s) { s.events.quantity[0] = 2; }), "events.quantity[0]",
                   "ann", "1", "2");
  ExpectDifference(After([](Snapshot& s) { s.events.value_micros[0] = 8; }),
                   "events.value_micros[0]", "ann", "7", "8");
  ExpectDifference(After([](Snapshot& s) { s.events.order[2] = 0; }), "events.order[1]", "bea", "1",
                   "0");
  ExpectDifference(After([](Snapshot& s) { s.interactions.values[1] = 3; }),
                   "interactions.weight[0]", "bea", "1", "3");
  ExpectDifference(After([](Snapshot& s) { s.seen.columns[0] = 1; }), "seen[0]", "ann", "'cup'",
                   "'tea'");
  ExpectDifference(After([](Snapshot& s) { s.item_label[0] = "x"; }), "item_label of 'cup'", "",
                   "'A cup'", "'x'");
}

TEST(SnapshotDifference, AnEventMoreIsNamedByItsCustomer) {
  ExpectDifference(After([](Snapshot& s) {
                     s.events.offsets[2] = 2;
                     s.events.time.pop_back();
                   }),
                   "events.time", "bea", "2 entries", "1 entries");
}

TEST(SnapshotDifference, ZeroAndMinusZeroAreOtherBytes) {
  Snapshot zero = SmallSnapshot();
  zero.events.quantity[0] = 0.0F;
  Snapshot minus = zero;
  minus.events.quantity[0] = -0.0F;
  EXPECT_TRUE(FirstDifference(zero, minus).has_value());
}

}  // namespace
}  // namespace burgeon
