#include "training/recommender/session_knn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace burgeon {
namespace {

using ::testing::ElementsAre;

ItemSequences Sequences(const std::vector<std::vector<uint32_t>>& rows) {
  ItemSequences out;
  for (const auto& row : rows) {
    out.items.insert(out.items.end(), row.begin(), row.end());
    out.offsets.push_back(std::ssize(out.items));
  }
  return out;
}

std::vector<uint32_t> List(const SessionKnn& knn, const std::vector<uint32_t>& prefix, int k) {
  ThreadPool pool(2);
  const ItemSequences prefixes = Sequences({prefix});
  const RankedLists lists = knn.Rank(pool, prefixes.view(), k);
  return lists.items;
}

// Prefix 0, 1: w(0) = 1/2, w(1) = 1. Sessions: A = {0, 2}, sim 1/2, newest common place 1: decay
// .9, .45 for its items. B = {1, 3}: sim 1, decay 1. C = {0, 1, 4}: sim 1.5, decay 1.
// Scores: 1: 2.5; 0: 1.95; 4: 1.5; 3: 1; 2: .45.
TEST(SessionKnnTest, ByHand) {
  const ItemSequences sessions = Sequences({{0, 2}, {1, 3}, {0, 1, 4}, {2, 3}});
  const SessionKnn knn(sessions.view(), 5, {});
  EXPECT_THAT(List(knn, {0, 1}, 5), ElementsAre(1, 0, 4, 3, 2));
  EXPECT_THAT(List(knn, {0, 1}, 2), ElementsAre(1, 0));
}

TEST(SessionKnnTest, FewerNeighboursAndNewerSessions) {
  const ItemSequences sessions = Sequences({{0, 2}, {1, 3}, {0, 1, 4}, {0, 5}});
  // The most similar alone: C.
  EXPECT_THAT(List(SessionKnn(sessions.view(), 6, {.neighbours = 1}), {0, 1}, 6),
              ElementsAre(0, 1, 4));
  // The newest alone: {0, 5}.
  EXPECT_THAT(List(SessionKnn(sessions.view(), 6, {.sample = 1}), {0, 1}, 6), ElementsAre(0, 5));
}

TEST(SessionKnnTest, NothingInCommonIsAnEmptyList) {
  const ItemSequences sessions = Sequences({{0, 2}});
  const SessionKnn knn(sessions.view(), 5, {});
  EXPECT_THAT(List(knn, {4}, 5), ElementsAre());
  EXPECT_THAT(List(knn, {}, 5), ElementsAre());
}

// The common item stands ten places back: 1 - 0.1 * 10 leaves nothing.
TEST(SessionKnnTest, WhatIsLongAgoDoesNotCount) {
  const ItemSequences sessions = Sequences({{0, 2}});
  const SessionKnn knn(sessions.view(), 20, {});
  std::vector<uint32_t> prefix = {0};
  for (uint32_t i = 5; i < 14; ++i) prefix.push_back(i);
  EXPECT_THAT(List(knn, prefix, 2).size(), 2U);  // nine places back
  prefix.push_back(14);
  EXPECT_THAT(List(knn, prefix, 2), ElementsAre());
}

}  // namespace
}  // namespace burgeon
