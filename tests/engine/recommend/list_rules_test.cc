// Masks, caps, pins, diversity and exploration together, over random small worlds: what Recommend
// gives is what greedy over the whole ranking gives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "engine/base/philox.h"
#include "engine/recommend/masks.h"
#include "engine/recommend/recommend.h"
#include "tests/support/recommender_world.h"

namespace burgeon {
namespace {

using testing::HasSubstr;

constexpr int64_t kCustomers = 60;
constexpr int64_t kItems = 150;

class ListRulesTest : public testing::Test {
 protected:
  Recommendation One(uint32_t customer, const RecommendOptions& options) {
    const RecommendQuery query{.customer = CustomerRow(customer)};
    auto answers = Recommend(context_, world_.parts(), {&query, 1}, options);
    EXPECT_TRUE(answers.ok()) << answers.status();
    return answers.ok() ? std::move(answers->front()) : Recommendation();
  }
  std::string Problem(const RecommendOptions& options) {
    const RecommendQuery query{.customer = CustomerRow(1)};
    const auto answers = Recommend(context_, world_.parts(), {&query, 1}, options);
    EXPECT_EQ(answers.status().code(), absl::StatusCode::kInvalidArgument);
    return MessageOf(answers.status());
  }
  // Few groups of very different sizes, so that a cap is reached early.
  static std::vector<uint32_t> Groups(const Philox& random, uint64_t from, uint64_t count) {
    std::vector<uint32_t> groups;
    for (uint64_t i = 0; i < kItems; ++i) {
      const double u = random.Uniform(from + i);
      groups.push_back(static_cast<uint32_t>(u * u * static_cast<double>(count)));
    }
    return groups;
  }
  // An operator that speaks of some items only.
  void MakeOperator(const Philox& random) {
    CsrMatrix& out = world_.model.item_operator;
    out = {};
    out.cols = kItems;
    for (uint32_t i = 0; i < kItems; ++i) {
      for (uint32_t j = 0; j < kItems; ++j) {
        if (j % 3 != 0 || random.Uniform(i * kItems + j) < 0.6) continue;
        out.columns.push_back(j);
        out.values.push_back(static_cast<float>(random.Normal(100'000 + i * kItems + j)));
      }
      out.offsets.push_back(std::ssize(out.columns));
    }
  }

  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
  RecommenderWorld world_{pool_, kCustomers, kItems, IndexKind::kFlat};
};

// Greedy over the whole ranking, as a person would do it by hand.
std::vector<RecommendedItem> ByHand(const std::vector<RecommendedItem>& ranking,
                                    const std::vector<uint32_t>& pinned,
                                    const std::vector<GroupCap>& caps, size_t k) {
  std::vector<RecommendedItem> list;
  const auto take = [&](const RecommendedItem& item) {
    if (list.size() == k) return;
    for (const RecommendedItem& there : list) {
      if (there.item == item.item) return;
    }
    for (const GroupCap& cap : caps) {
      const uint32_t group = cap.group[item.item.value];
      const auto same = std::count_if(list.begin(), list.end(), [&](const RecommendedItem& other) {
        return cap.group[other.item.value] == group;
      });
      if (group != 0 && same >= cap.max) return;
    }
    list.push_back(item);
  };
  for (const uint32_t row : pinned) {
    const auto at = std::find_if(ranking.begin(), ranking.end(), [&](const RecommendedItem& item) {
      return item.item.value == row;
    });
    if (at != ranking.end()) take({.item = ItemRow(row), .source = ItemSource::kPinned});
  }
  for (const RecommendedItem& item : ranking) take(item);
  return list;
}

void ExpectSameList(const std::vector<RecommendedItem>& a, const std::vector<RecommendedItem>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a[i].item, b[i].item) << i;
    EXPECT_EQ(a[i].source, b[i].source) << i;
    if (a[i].source == ItemSource::kPinned) continue;
    EXPECT_EQ(a[i].score, b[i].score) << i;
  }
}

TEST_F(ListRulesTest, CapsAndPinsAreGreedyOverTheWholeRanking) {
  for (int seed = 0; seed < 12; ++seed) {
    const Philox random(static_cast<uint64_t>(seed), 1);
    const bool by_operator = seed % 3 == 2;
    world_.model.kind = by_operator ? RecommenderKind::kItemKnn : RecommenderKind::kSpectral;
    world_.model.item_operator = {};
    if (by_operator) MakeOperator(random);
    const std::vector<uint32_t> brand = Groups(random, 1000, 5);
    const std::vector<uint32_t> category = Groups(random, 2000, 9);
    std::vector<uint64_t> allowed((kItems + 63) / 64, 0);
    for (uint32_t i = 0; i < kItems; ++i) {
      if (random.Uniform(3000 + i) < 0.8) allowed[i / 64] |= uint64_t{1} << (i % 64);
    }
    std::vector<GroupCap> caps = {{brand, 2}};
    if (seed % 2 == 1) caps.push_back({category, 3});
    const std::vector<uint32_t> pinned = {3, 77, 12, 140};
    const auto customer = static_cast<uint32_t>(random.Below(1, kCustomers - 1));
    for (const RecommendMethod method :
         {RecommendMethod::kModel, RecommendMethod::kNeighbours, RecommendMethod::kPopularity}) {
      for (const Retrieval retrieval : {Retrieval::kExact, Retrieval::kIndex}) {
        if (by_operator && retrieval == Retrieval::kIndex) continue;
        RecommendOptions options{.k = kItems,
                                 .method = method,
                                 .retrieval = retrieval,
                                 .neighbours = 5,
                                 .allowed_items = allowed};
        const Recommendation ranking = One(customer, options);
        options.caps = caps;
        options.pinned = pinned;
        for (const int k : {1, 5, 9, 40, 150}) {
          options.k = k;
          const Recommendation answer = One(customer, options);
          ExpectSameList(answer.items, ByHand(ranking.items, pinned, caps, static_cast<size_t>(k)));
        }
      }
    }
  }
}

TEST_F(ListRulesTest, OneCapLeavesNoListShorterThanItMustBe) {
  const Philox random(4, 1);
  const std::vector<uint32_t> brand = Groups(random, 1000, 6);
  const std::vector<GroupCap> caps = {{brand, 3}};
  for (uint32_t customer = 0; customer < kCustomers; customer += 11) {
    const auto seen = world_.seen.view().row_columns(customer);
    std::map<uint32_t, int> there;
    int possible = 0;
    for (uint32_t i = 0; i < kItems; ++i) {
      if (std::binary_search(seen.begin(), seen.end(), i)) continue;
      if (brand[i] == 0 || there[brand[i]]++ < 3) ++possible;
    }
    EXPECT_EQ(std::ssize(One(customer, {.k = kItems, .caps = caps}).items), possible);
    EXPECT_EQ(One(customer, {.k = 8, .caps = caps}).items.size(), 8U);
  }
}

TEST_F(ListRulesTest, DiversityAndExplorationKeepToMasksAndCaps) {
  const Philox random(6, 1);
  const std::vector<uint32_t> brand = Groups(random, 1000, 5);
  const std::vector<GroupCap> caps = {{brand, 2}};
  std::vector<uint64_t> allowed((kItems + 63) / 64, 0);
  for (uint32_t i = 0; i < kItems; i += 2) allowed[i / 64] |= uint64_t{1} << (i % 64);
  for (const DiversityKind kind :
       {DiversityKind::kMmr, DiversityKind::kDpp, DiversityKind::kCalibrated}) {
    for (const double share : {0.0, 0.4}) {
      for (uint32_t customer = 0; customer < kCustomers; customer += 7) {
        const Recommendation answer =
            One(customer, {.k = 10,
                           .allowed_items = allowed,
                           .caps = caps,
                           .diversity = {.kind = kind, .pool = 30, .group = brand},
                           .exploration = {.share = share, .pool = 30}});
        const auto seen = world_.seen.view().row_columns(customer);
        std::map<uint32_t, int> count;
        for (const RecommendedItem& item : answer.items) {
          EXPECT_TRUE(MayList(seen, allowed, item.item.value));
          EXPECT_LE(++count[brand[item.item.value]], brand[item.item.value] == 0 ? 10 : 2);
          EXPECT_GT(item.propensity, 0);
          EXPECT_LE(item.propensity, 1);
          if (share == 0) {
            EXPECT_EQ(item.propensity, 1);
          }
        }
        EXPECT_EQ(answer.items.size(), 10U);
      }
    }
  }
}

TEST_F(ListRulesTest, TheAnswerDoesNotDependOnThreadsOrCompany) {
  const Philox random(8, 1);
  const std::vector<uint32_t> brand = Groups(random, 1000, 5);
  const std::vector<GroupCap> caps = {{brand, 2}};
  const RecommendOptions options{.k = 9,
                                 .caps = caps,
                                 .diversity = {.kind = DiversityKind::kMmr, .pool = 40},
                                 .exploration = {.share = 0.3, .pool = 40, .seed = 3}};
  std::vector<RecommendQuery> queries;
  for (uint32_t c = 0; c < kCustomers; ++c) {
    queries.push_back({.customer = CustomerRow(c)});
    queries.back().exploration_key = c;
  }
  const auto all = Recommend(context_, world_.parts(), queries, options);
  ASSERT_TRUE(all.ok()) << all.status();
  ThreadPool one(1);
  ExecutionContext alone(&one);
  for (size_t q = 0; q < queries.size(); ++q) {
    const auto answer = Recommend(alone, world_.parts(), {&queries[q], 1}, options);
    ASSERT_TRUE(answer.ok()) << answer.status();
    EXPECT_EQ(answer->front().items, (*all)[q].items);
  }
}

TEST_F(ListRulesTest, BadOptionsAreNamed) {
  EXPECT_THAT(Problem({.diversity = {.strength = 1.5}}), HasSubstr("diversity.strength is 1.5"));
  EXPECT_THAT(Problem({.exploration = {.share = -0.1}}), HasSubstr("exploration.share is -0.1"));
  EXPECT_THAT(Problem({.diversity = {.pool = 0}}), HasSubstr("pool is 0"));
  EXPECT_THAT(Problem({.exploration = {.pool = kMaxPool + 1}}), HasSubstr("pool is 1001"));
  EXPECT_THAT(Problem({.k = 2000, .diversity = {.kind = DiversityKind::kMmr}}),
              HasSubstr("k is 2000, with diversity or exploration at most 1000"));
  EXPECT_THAT(Problem({.diversity = {.kind = DiversityKind::kCalibrated}}),
              HasSubstr("calibrated needs the attribute"));
  EXPECT_EQ(ParseDiversityKind("dpp"), DiversityKind::kDpp);
  EXPECT_EQ(ParseDiversityKind("none"), DiversityKind::kNone);
  EXPECT_EQ(ParseDiversityKind("mmr"), DiversityKind::kMmr);
  EXPECT_EQ(ParseDiversityKind("calibrated"), DiversityKind::kCalibrated);
  EXPECT_EQ(ParseDiversityKind("x"), std::nullopt);
}

}  // namespace
}  // namespace burgeon
