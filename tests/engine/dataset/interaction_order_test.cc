#include "engine/dataset/interaction_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/memory_snapshot.h"

namespace burgeon {
namespace {

using testing::ElementsAre;

MemoryEvents Shop() {
  MemoryEvents events;
  events.Purchase("ann", "tea", Day(3));
  events.Purchase("ann", "cup", Day(1));
  events.Purchase("ann", "jar", Day(2));
  events.Add("ann", "jar", EventType::kReturn, Day(2.5));  // all of it went back
  events.Add("ann", "urn", EventType::kView, Day(4));      // weighs nothing by default
  events.Purchase("ann", "cup", Day(5));
  events.Purchase("bea", "urn", Day(6));  // one order: as it was read
  events.Purchase("bea", "cup", Day(6));
  events.Purchase("bea", "tea", Day(6));
  events.Add("cat", "tea", EventType::kView, Day(7));
  return events;
}

// By customer, the items in words.
std::vector<std::string> Words(const Snapshot& snapshot, const ItemSequences& order,
                               const std::string& customer) {
  std::vector<std::string> words;
  for (const uint32_t item : order.view().row(*snapshot.customers.Find(customer))) {
    words.push_back(snapshot.items.id(item));
  }
  return words;
}

TEST(InteractionOrderTest, WhatWeighsAndIsStillThereByTime) {
  SnapshotOptions options = At(Day(10));
  const Snapshot snapshot = Build(Shop(), options);
  const ItemSequences order =
      InteractionOrder(snapshot.events, snapshot.interactions.view(), options.weights);
  ASSERT_EQ(order.rows(), 3);
  EXPECT_THAT(Words(snapshot, order, "ann"), ElementsAre("cup", "tea", "cup"));
  EXPECT_THAT(Words(snapshot, order, "bea"), ElementsAre("urn", "cup", "tea"));
  EXPECT_THAT(Words(snapshot, order, "cat"), ElementsAre());
  EXPECT_THAT(order.times, ElementsAre(Day(1), Day(3), Day(5), Day(6), Day(6), Day(6)));
}

TEST(InteractionOrderTest, ViewsCountWhenTheyWeighSomething) {
  SnapshotOptions options = At(Day(10));
  options.weights.weight[static_cast<size_t>(EventType::kView)] = 0.1F;
  const Snapshot snapshot = Build(Shop(), options);
  const ItemSequences order =
      InteractionOrder(snapshot.events, snapshot.interactions.view(), options.weights);
  EXPECT_THAT(Words(snapshot, order, "ann"), ElementsAre("cup", "tea", "urn", "cup"));
  EXPECT_THAT(Words(snapshot, order, "cat"), ElementsAre("tea"));
}

TEST(InteractionOrderTest, NothingFromTheCutOnAndNoMoreThanTheNewest) {
  SnapshotOptions options = At(Day(10));
  const Snapshot snapshot = Build(Shop(), options);
  const std::vector<TimeMicros> cut = {Day(5), INT64_MAX, Day(1)};
  const ItemSequences before = InteractionOrder(snapshot.events, snapshot.interactions.view(),
                                                options.weights, {.cut = cut});
  EXPECT_THAT(Words(snapshot, before, "ann"), ElementsAre("cup", "tea"));
  EXPECT_THAT(Words(snapshot, before, "bea"), ElementsAre("urn", "cup", "tea"));
  const ItemSequences newest = InteractionOrder(snapshot.events, snapshot.interactions.view(),
                                                options.weights, {.cut = cut, .length = 2});
  EXPECT_THAT(Words(snapshot, newest, "ann"), ElementsAre("cup", "tea"));
  EXPECT_THAT(Words(snapshot, newest, "bea"), ElementsAre("cup", "tea"));
  EXPECT_THAT(newest.offsets, ElementsAre(0, 2, 4, 4));
  EXPECT_THAT(newest.times, ElementsAre(Day(1), Day(3), Day(6), Day(6)));
}

// Who does not consent has an empty row among the interactions of those who do.
TEST(InteractionOrderTest, WithoutInteractionsThereIsNoOrder) {
  SnapshotOptions options = At(Day(10));
  const Snapshot snapshot = Build(Shop(), options);
  CsrMatrix consenting = snapshot.interactions;
  const auto first = static_cast<size_t>(consenting.offsets[1]);
  consenting.columns.erase(consenting.columns.begin(), consenting.columns.begin() + first);
  consenting.values.erase(consenting.values.begin(), consenting.values.begin() + first);
  for (size_t u = 1; u < consenting.offsets.size(); ++u) {
    consenting.offsets[u] -= static_cast<int64_t>(first);
  }
  const ItemSequences order = InteractionOrder(snapshot.events, consenting.view(), options.weights);
  EXPECT_THAT(Words(snapshot, order, "ann"), ElementsAre());
  EXPECT_THAT(Words(snapshot, order, "bea"), ElementsAre("urn", "cup", "tea"));
}

TEST(InteractionOrderTest, TheIdsOfAPersonAreOneOrder) {
  MemoryEvents events;
  events.Purchase("a-cookie", "cup", Day(2));
  events.Purchase("ann", "tea", Day(1));
  events.Purchase("ann", "jar", Day(3));
  events.Link("a-cookie", "ann", Day(4));
  SnapshotOptions options = At(Day(10));
  const Snapshot snapshot = Build(events, options);
  ASSERT_EQ(snapshot.customers.size(), 1);
  const ItemSequences order =
      InteractionOrder(snapshot.events, snapshot.interactions.view(), options.weights);
  EXPECT_THAT(Words(snapshot, order, snapshot.customers.id(0)), ElementsAre("tea", "cup", "jar"));
}

TEST(OrderByTimeTest, EachItemOnceThoseOfOneTimeByRow) {
  const CsrMatrix interactions = {
      .offsets = {0, 3, 3, 5}, .columns = {1, 4, 6, 0, 2}, .values = {}, .cols = 7};
  const std::vector<TimeMicros> times = {30, 10, 20, 5, 5};
  const ItemSequences order = OrderByTime(interactions.view(), times);
  EXPECT_THAT(order.offsets, ElementsAre(0, 3, 3, 5));
  EXPECT_THAT(order.items, ElementsAre(4, 6, 1, 0, 2));
  EXPECT_THAT(order.times, ElementsAre(10, 20, 30, 5, 5));
}

TEST(KeepInteractionsTest, WhatIsAmongThem) {
  const ItemSequences sequences = {.offsets = {0, 4, 6}, .items = {3, 1, 3, 2, 1, 0}, .times = {}};
  const CsrMatrix some = {.offsets = {0, 2, 2}, .columns = {2, 3}, .values = {}, .cols = 4};
  const ItemSequences kept = KeepInteractions(sequences.view(), some.view());
  EXPECT_THAT(kept.offsets, ElementsAre(0, 3, 3));
  EXPECT_THAT(kept.items, ElementsAre(3, 3, 2));
  EXPECT_THAT(kept.times, ElementsAre());
  ItemSequences timed = sequences;
  timed.times = {10, 20, 30, 40, 50, 60};
  EXPECT_THAT(KeepInteractions(timed.view(), some.view()).times, ElementsAre(10, 30, 40));
}

}  // namespace
}  // namespace burgeon
