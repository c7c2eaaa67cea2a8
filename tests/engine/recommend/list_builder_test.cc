#include "engine/recommend/list_builder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <numeric>

#include "engine/base/philox.h"
#include "engine/recommend/masks.h"

namespace burgeon {
namespace {

using testing::ElementsAre;

std::vector<ScoredItem> Ranked(int count) {
  std::vector<ScoredItem> out;
  for (int i = 0; i < count; ++i) {
    out.push_back({ItemRow(static_cast<uint32_t>(i)), static_cast<float>(count - i)});
  }
  return out;
}

std::vector<size_t> ByRank(size_t count) {
  std::vector<size_t> order(count);
  std::iota(order.begin(), order.end(), size_t{0});
  return order;
}

std::vector<uint32_t> Rows(const std::vector<RecommendedItem>& list) {
  std::vector<uint32_t> rows;
  for (const RecommendedItem& item : list) rows.push_back(item.item.value);
  return rows;
}

TEST(ListBuilder, TakesInOrderWhatNoCapForbids) {
  const std::vector<uint32_t> brand = {1, 1, 1, 2, 0, 0, 2, 3};
  const std::vector<uint32_t> category = {1, 2, 3, 1, 1, 1, 2, 2};
  const std::vector<GroupCap> caps = {{brand, 2}, {category, 3}};
  const RecommendOptions options{.k = 6, .caps = caps};
  ListBuilder list(options);
  list.TakeInOrder(Ranked(8), ByRank(8), ItemSource::kModel);
  // 2 is the third of brand 1; 5 the fourth of category 1 (0, 3, 4); group 0 of brand never counts.
  EXPECT_FALSE(list.MayTake(ItemRow(2)));
  EXPECT_EQ(list.Remaining(8), (std::vector<uint64_t>{0}));
  EXPECT_THAT(Rows(list.Finish()), ElementsAre(0, 1, 3, 4, 6, 7));
}

TEST(ListBuilder, RemainingKeepsToTheAllowed) {
  const std::vector<uint32_t> brand = {1, 1, 2, 2, 0, 0};
  const std::vector<GroupCap> caps = {{brand, 1}};
  const std::vector<uint64_t> allowed = {0b110111};
  const RecommendOptions options{.k = 4, .allowed_items = allowed, .caps = caps};
  ListBuilder list(options);
  list.Take({.item = ItemRow(0)});
  EXPECT_EQ(list.Remaining(6), (std::vector<uint64_t>{0b110100}));
}

// Every list that exploration can give, with its probability, from the definition alone.
void Enumerate(std::vector<uint32_t> list, double probability, int k, double share,
               const std::vector<size_t>& order, const std::vector<uint32_t>& group, int cap,
               std::map<std::vector<uint32_t>, double>* out) {
  const auto may = [&](uint32_t item) {
    int same = 0;
    for (const uint32_t taken : list) {
      if (taken == item) return false;
      same += group[taken] == group[item] ? 1 : 0;
    }
    return group[item] == 0 || same < cap;
  };
  std::vector<uint32_t> free;
  for (uint32_t i = 0; i < order.size(); ++i) {
    if (may(i)) free.push_back(i);
  }
  if (std::ssize(list) == k || free.empty()) {
    (*out)[list] += probability;
    return;
  }
  uint32_t next = 0;
  for (auto place = order.rbegin(); place != order.rend(); ++place) {
    if (may(static_cast<uint32_t>(*place))) next = static_cast<uint32_t>(*place);
  }
  for (const uint32_t item : free) {
    const double p = share / static_cast<double>(free.size()) + (item == next ? 1 - share : 0);
    std::vector<uint32_t> longer = list;
    longer.push_back(item);
    Enumerate(longer, probability * p, k, share, order, group, cap, out);
  }
}

TEST(ListBuilder, PropensitiesAreThoseOfTheEnumeration) {
  const std::vector<uint32_t> group = {1, 1, 1, 2, 0};
  const std::vector<GroupCap> caps = {{group, 2}};
  const std::vector<size_t> order = {2, 0, 1, 4, 3};
  constexpr int kDraws = 40'000;
  for (const double share : {0.3, 1.0}) {
    std::map<std::vector<uint32_t>, double> expected;
    Enumerate({}, 1, 3, share, order, group, 2, &expected);
    double total = 0;
    for (const auto& [list, p] : expected) total += p;
    EXPECT_NEAR(total, 1, 1e-12);
    const RecommendOptions options{
        .k = 3, .caps = caps, .exploration = {.share = share, .seed = 5}};
    std::map<std::vector<uint32_t>, int> seen;
    for (uint64_t key = 0; key < kDraws; ++key) {
      ListBuilder builder(options);
      builder.TakeExploring(Ranked(5), order, ItemSource::kModel, key);
      const auto list = builder.Finish();
      double product = 1;
      for (const RecommendedItem& item : list) product *= item.propensity;
      ASSERT_TRUE(expected.contains(Rows(list)));
      EXPECT_NEAR(product, expected.at(Rows(list)), 1e-12);
      ++seen[Rows(list)];
    }
    // And the draws keep to them: five standard deviations of each count.
    for (const auto& [list, p] : expected) {
      if (p == 0) continue;
      EXPECT_NEAR(seen[list], kDraws * p, 5 * std::sqrt(kDraws * p * (1 - p)) + 1e-9);
    }
  }
}

TEST(ListBuilder, ExplorationDependsOnSeedAndKeyAlone) {
  const auto list = [](double share, uint64_t seed, uint64_t key) {
    const RecommendOptions options{.k = 10, .exploration = {.share = share, .seed = seed}};
    ListBuilder builder(options);
    builder.TakeExploring(Ranked(50), ByRank(50), ItemSource::kModel, key);
    return builder.Finish();
  };
  EXPECT_EQ(list(0.5, 1, 7), list(0.5, 1, 7));
  EXPECT_NE(Rows(list(0.5, 1, 7)), Rows(list(0.5, 1, 8)));
  EXPECT_NE(Rows(list(0.5, 1, 7)), Rows(list(0.5, 2, 7)));
  int explored = 0;
  for (const RecommendedItem& item : list(1, 1, 7)) {
    if (item.source == ItemSource::kExploration) ++explored;
  }
  EXPECT_GT(explored, 5);
  EXPECT_THAT(Rows(list(0, 1, 7)), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
}

}  // namespace
}  // namespace burgeon
