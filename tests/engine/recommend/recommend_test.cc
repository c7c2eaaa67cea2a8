#include "engine/recommend/recommend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/base/limits.h"
#include "engine/recommend/neighbours.h"
#include "tests/support/recommender_world.h"

namespace burgeon {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

constexpr int64_t kCustomers = 120;
constexpr int64_t kItems = 90;

std::vector<RecommendedItem> From(ItemSource source, const std::vector<ScoredItem>& items) {
  std::vector<RecommendedItem> out;
  for (const ScoredItem& item : items) out.push_back({item.item, item.score, source});
  return out;
}

class RecommendTest : public testing::Test {
 protected:
  Recommendation One(const RecommendQuery& query, const RecommendOptions& options) {
    auto answers = Recommend(context_, world_.parts(), {&query, 1}, options);
    EXPECT_TRUE(answers.ok()) << answers.status();
    return answers.ok() ? std::move(answers->front()) : Recommendation();
  }
  RecommendQuery StrangerLike(int64_t customer) const {
    RecommendQuery query;
    const auto items = world_.interactions.view().row_columns(customer);
    const auto weights = world_.interactions.view().row_values(customer);
    query.history_items.assign(items.begin(), items.end());
    query.history_weights.assign(weights.begin(), weights.end());
    query.seen_items = query.history_items;
    return query;
  }
  std::string Problem(const RecommendQuery& query, const RecommendOptions& options) {
    const auto answers = Recommend(context_, world_.parts(), {&query, 1}, options);
    EXPECT_EQ(answers.status().code(), absl::StatusCode::kInvalidArgument);
    return MessageOf(answers.status());
  }

  ThreadPool pool_{2};
  ExecutionContext context_{&pool_};
  RecommenderWorld world_{pool_, kCustomers, kItems, IndexKind::kHnsw};
};

TEST_F(RecommendTest, ByModelIsTheBestUnseenByInnerProduct) {
  const Recommendation answer = One({.customer = CustomerRow(4)}, {.k = 12});
  EXPECT_EQ(answer.method, RecommendMethod::kModel);
  EXPECT_EQ(answer.fallback_reason, "");
  std::vector<ScoredItem> expected;
  const auto seen = world_.seen.view().row_columns(4);
  for (uint32_t i = 0; i < kItems; ++i) {
    if (std::binary_search(seen.begin(), seen.end(), i)) continue;
    expected.push_back({ItemRow(i), CanonicalScore(world_.model.customer_embeddings.row(4),
                                                   world_.model.item_embeddings.row(i))});
  }
  std::sort(expected.begin(), expected.end(), [](const ScoredItem& a, const ScoredItem& b) {
    return a.score != b.score ? a.score > b.score : a.item < b.item;
  });
  expected.resize(12);
  EXPECT_EQ(answer.items, From(ItemSource::kModel, expected));
}

TEST_F(RecommendTest, AStrangerWithACustomersEventsGetsTheCustomersList) {
  for (const RecommendMethod method : {RecommendMethod::kModel, RecommendMethod::kPopularity}) {
    for (const int64_t customer : {0, 17, 118}) {
      const auto row = static_cast<uint32_t>(customer);
      const Recommendation known = One({.customer = CustomerRow(row)}, {.k = 20, .method = method});
      const Recommendation stranger = One(StrangerLike(customer), {.k = 20, .method = method});
      EXPECT_EQ(known.items, stranger.items);
      EXPECT_EQ(stranger.method, method);
    }
  }
}

TEST_F(RecommendTest, AnAnswerDoesNotDependOnThoseBesideIt) {
  std::vector<RecommendQuery> queries;
  for (uint32_t c = 0; c < kCustomers; ++c) {
    queries.push_back({.customer = CustomerRow(c)});
    if (c % 10 == 0) queries.push_back(StrangerLike(c));
    if (c % 40 == 0) queries.emplace_back();
  }
  for (const Retrieval retrieval : {Retrieval::kExact, Retrieval::kIndex}) {
    for (const RecommendMethod method :
         {RecommendMethod::kModel, RecommendMethod::kNeighbours, RecommendMethod::kPopularity}) {
      const RecommendOptions options{.k = 9, .method = method, .retrieval = retrieval};
      const auto together = Recommend(context_, world_.parts(), queries, options);
      ASSERT_TRUE(together.ok()) << together.status();
      for (size_t q = 0; q < queries.size(); ++q) {
        const Recommendation alone = One(queries[q], options);
        EXPECT_EQ(alone.items, (*together)[q].items) << q;
        EXPECT_EQ(alone.method, (*together)[q].method);
        EXPECT_EQ(alone.fallback_reason, (*together)[q].fallback_reason);
      }
    }
  }
}

TEST_F(RecommendTest, WhoLeftNoTraceGetsPopularityAndTheReason) {
  for (const RecommendMethod method : {RecommendMethod::kModel, RecommendMethod::kNeighbours}) {
    const RecommendOptions options{.k = 5, .method = method};
    const Recommendation silent = One({.customer = CustomerRow(kCustomers - 1)}, options);
    EXPECT_EQ(silent.method, RecommendMethod::kPopularity);
    EXPECT_THAT(silent.fallback_reason, HasSubstr("embedding is zero"));
    const Recommendation nobody = One({}, options);
    EXPECT_EQ(nobody.method, RecommendMethod::kPopularity);
    EXPECT_THAT(nobody.fallback_reason, HasSubstr("no interaction with a known item"));
    const Recommendation asked = One({}, {.k = 5, .method = RecommendMethod::kPopularity});
    EXPECT_EQ(asked.fallback_reason, "");
    EXPECT_EQ(asked.items, nobody.items);
    EXPECT_EQ(asked.items, silent.items);
  }
}

TEST_F(RecommendTest, NeighboursWhoOfferNothingFallBackWithTheReason) {
  RecommenderParts parts = world_.parts();
  const std::vector<uint8_t> nobody(kCustomers, 0);
  parts.neighbour_allowed = nobody;
  const RecommendQuery query{.customer = CustomerRow(4)};
  const auto answers =
      Recommend(context_, parts, {&query, 1}, {.method = RecommendMethod::kNeighbours});
  ASSERT_TRUE(answers.ok()) << answers.status();
  EXPECT_EQ(answers->front().method, RecommendMethod::kPopularity);
  EXPECT_THAT(answers->front().fallback_reason, HasSubstr("nearest customers bought nothing"));
}

TEST_F(RecommendTest, SeenItemsAreMaskedUnlessAllowed) {
  for (const RecommendMethod method :
       {RecommendMethod::kModel, RecommendMethod::kNeighbours, RecommendMethod::kPopularity}) {
    const auto seen = world_.seen.view().row_columns(11);
    const auto count = [&](const Recommendation& answer) {
      return std::count_if(answer.items.begin(), answer.items.end(),
                           [&](const RecommendedItem& item) {
                             return std::binary_search(seen.begin(), seen.end(), item.item.value);
                           });
    };
    const RecommendQuery query{.customer = CustomerRow(11)};
    const Recommendation masked = One(query, {.k = kItems, .method = method});
    const Recommendation open =
        One(query, {.k = kItems, .method = method, .seen = SeenItems::kAllow});
    EXPECT_EQ(count(masked), 0);
    EXPECT_GT(count(open), 0);
  }
  // Asked for more than there is: everything that is not masked.
  EXPECT_THAT(One({.customer = CustomerRow(11)}, {.k = 1000}).items,
              SizeIs(kItems - world_.seen.view().row_columns(11).size()));
}

TEST_F(RecommendTest, EveryMethodKeepsToTheAllowedItems) {
  std::vector<uint64_t> allowed((kItems + 63) / 64, 0);
  for (uint32_t i = 0; i < kItems; i += 3) allowed[i / 64] |= uint64_t{1} << (i % 64);
  for (const Retrieval retrieval : {Retrieval::kExact, Retrieval::kIndex}) {
    for (const RecommendMethod method :
         {RecommendMethod::kModel, RecommendMethod::kNeighbours, RecommendMethod::kPopularity}) {
      const Recommendation answer =
          One({.customer = CustomerRow(2)},
              {.k = 10, .method = method, .retrieval = retrieval, .allowed_items = allowed});
      EXPECT_FALSE(answer.items.empty());
      for (const RecommendedItem& item : answer.items) EXPECT_EQ(item.item.value % 3, 0U);
    }
  }
}

TEST_F(RecommendTest, BadRequestsAreNamed) {
  const RecommendQuery known{.customer = CustomerRow(1)};
  EXPECT_THAT(Problem(known, {.k = 0}), HasSubstr("k is 0"));
  EXPECT_THAT(Problem(known, {.k = limits::kMaxK + 1}), HasSubstr("k is 10001"));
  EXPECT_THAT(Problem(known, {.neighbours = 0}), HasSubstr("neighbours is 0"));
  EXPECT_THAT(Problem({.customer = CustomerRow(kCustomers)}, {}),
              HasSubstr("customer row 120 is not one of 120"));
  RecommendQuery both = StrangerLike(3);
  both.customer = CustomerRow(1);
  EXPECT_THAT(Problem(both, {}), HasSubstr("must be said to be all of it"));
  EXPECT_THAT(Problem({.history_items = {kItems}, .history_weights = {1}}, {}),
              HasSubstr("item row 90 of a history is not one of 90"));
  EXPECT_THAT(Problem({.history_items = {5, 5}, .history_weights = {1, 1}}, {}),
              HasSubstr("there twice"));
  EXPECT_THAT(Problem({.history_items = {5}, .history_weights = {0}}, {}),
              HasSubstr("is not a positive number"));
  EXPECT_THAT(Problem({.history_items = {5}}, {}), HasSubstr("1 items, but 0 weights"));
  EXPECT_THAT(Problem({.seen_items = {7, 6}}, {}), HasSubstr("seen items is out of order"));
  EXPECT_THAT(Problem({.history_items = {5}, .history_weights = {1}, .sequence = {5, 6}}, {}),
              HasSubstr("item row 6 in order of time is none of the history"));
}

TEST_F(RecommendTest, NamesAreReadAndWritten) {
  EXPECT_EQ(ParseRetrieval("exact"), Retrieval::kExact);
  EXPECT_EQ(ParseRetrieval("index"), Retrieval::kIndex);
  EXPECT_EQ(ParseRetrieval("Index"), std::nullopt);
  for (const RecommendMethod method :
       {RecommendMethod::kModel, RecommendMethod::kNeighbours, RecommendMethod::kPopularity}) {
    EXPECT_EQ(ParseRecommendMethod(RecommendMethodName(method)), method);
  }
  EXPECT_EQ(ParseRecommendMethod("als"), std::nullopt);
  EXPECT_EQ(ItemSourceName(ItemSource::kModel), "model");
  EXPECT_EQ(ItemSourceName(ItemSource::kNeighbours), "neighbours");
  EXPECT_EQ(ItemSourceName(ItemSource::kPopularity), "popularity");
}

// An operator that says of each item the two after it, and of the last ones nothing.
CsrMatrix NextTwoItems() {
  CsrMatrix out;
  out.cols = kItems;
  for (uint32_t i = 0; i < kItems; ++i) {
    for (uint32_t j = i + 1; j < kItems && j <= i + 2; ++j) {
      out.columns.push_back(j);
      out.values.push_back(j == i + 1 ? 1.0F : 0.5F);
    }
    out.offsets.push_back(std::ssize(out.columns));
  }
  return out;
}

TEST_F(RecommendTest, AModelWithAnOperatorRanksByIt) {
  world_.model.kind = RecommenderKind::kItemKnn;
  world_.model.item_operator = NextTwoItems();
  const RecommendQuery query{
      .customer = {}, .history_items = {4, 6}, .history_weights = {1, 3}, .seen_items = {6}};
  const Recommendation answer = One(query, {.k = 3});
  EXPECT_EQ(answer.method, RecommendMethod::kModel);
  // 7: 3; 8: 1.5; 5: 1; 6 (0.5) was bought, and of nothing else anything is said.
  EXPECT_EQ(answer.items,
            From(ItemSource::kModel, {{ItemRow(7), 3}, {ItemRow(8), 1.5F}, {ItemRow(5), 1}}));
  for (const int64_t customer : {0, 17, 118}) {
    const auto row = static_cast<uint32_t>(customer);
    EXPECT_EQ(One({.customer = CustomerRow(row)}, {.k = 5}).items,
              One(StrangerLike(customer), {.k = 5}).items);
  }
}

TEST_F(RecommendTest, AnOperatorThatSaysNothingFallsBackAndSaysSo) {
  world_.model.kind = RecommenderKind::kItemKnn;
  world_.model.item_operator = NextTwoItems();
  const RecommendQuery query{.customer = {},
                             .history_items = {static_cast<uint32_t>(kItems - 1)},
                             .history_weights = {1},
                             .seen_items = {}};
  const Recommendation answer = One(query, {.k = 3});
  EXPECT_EQ(answer.method, RecommendMethod::kPopularity);
  EXPECT_EQ(answer.fallback_reason, "the model lists nothing that may be shown");
  EXPECT_THAT(answer.items, SizeIs(3));
}

// What a list is by definition: the ranked by score, then the most popular of the rest.
std::vector<RecommendedItem> Filled(const std::map<uint32_t, double>& scores, ItemSource source,
                                    std::span<const float> popularity,
                                    const std::set<uint32_t>& hidden, size_t k) {
  std::vector<RecommendedItem> own;
  std::vector<RecommendedItem> rest;
  for (uint32_t i = 0; i < popularity.size(); ++i) {
    if (hidden.contains(i)) continue;
    const auto at = scores.find(i);
    if (at != scores.end()) {
      own.push_back({ItemRow(i), static_cast<float>(at->second), source});
    } else {
      rest.push_back({ItemRow(i), popularity[i], ItemSource::kPopularity});
    }
  }
  const auto better = [](const RecommendedItem& a, const RecommendedItem& b) {
    return a.score != b.score ? a.score > b.score : a.item < b.item;
  };
  std::sort(own.begin(), own.end(), better);
  std::sort(rest.begin(), rest.end(), better);
  own.insert(own.end(), rest.begin(), rest.end());
  if (own.size() > k) own.resize(k);
  return own;
}

TEST_F(RecommendTest, AListIsFilledUpByPopularityWheneverItemsAreLeft) {
  world_.model.kind = RecommenderKind::kItemKnn;
  const Philox random(5, 0);
  uint64_t draw = 0;
  for (int world = 0; world < 20; ++world) {
    CsrMatrix item_operator;  // some items are spoken of by few, some by nobody
    item_operator.cols = kItems;
    for (uint32_t i = 0; i < kItems; ++i) {
      for (uint32_t j = 0; j < kItems; j += 1 + static_cast<uint32_t>(random.Below(draw++, 40))) {
        if (j == 0) continue;
        item_operator.columns.push_back(j);
        item_operator.values.push_back(static_cast<float>(random.Normal(draw++)));
      }
      item_operator.offsets.push_back(std::ssize(item_operator.columns));
    }
    world_.model.item_operator = item_operator;
    const auto customer = static_cast<uint32_t>(random.Below(draw++, kCustomers - 1));
    std::vector<uint64_t> allowed((kItems + 63) / 64, 0);
    std::set<uint32_t> hidden(world_.seen.view().row_columns(customer).begin(),
                              world_.seen.view().row_columns(customer).end());
    for (uint32_t i = 0; i < kItems; ++i) {
      if (random.Uniform(draw++) < 0.8) {
        allowed[i / 64] |= uint64_t{1} << (i % 64);
      } else {
        hidden.insert(i);
      }
    }
    std::map<uint32_t, double> scores;
    const auto items = world_.interactions.view().row_columns(customer);
    const auto weights = world_.interactions.view().row_values(customer);
    for (size_t h = 0; h < items.size(); ++h) {
      const auto columns = item_operator.view().row_columns(items[h]);
      const auto values = item_operator.view().row_values(items[h]);
      for (size_t e = 0; e < columns.size(); ++e) {
        scores[columns[e]] += static_cast<double>(weights[h]) * values[e];
      }
    }
    for (const int k : {1, 20, static_cast<int>(kItems), 1000}) {
      const Recommendation answer =
          One({.customer = CustomerRow(customer)}, {.k = k, .allowed_items = allowed});
      EXPECT_EQ(answer.method, RecommendMethod::kModel);
      EXPECT_EQ(answer.items, Filled(scores, ItemSource::kModel, world_.model.popularity, hidden,
                                     static_cast<size_t>(k)));
    }
  }
}

TEST_F(RecommendTest, WhatNeighboursDidNotBuyIsFilledUpByPopularity) {
  const RecommendQuery query{.customer = CustomerRow(7)};
  const RecommendOptions options{
      .k = kItems, .method = RecommendMethod::kNeighbours, .neighbours = 3};
  const auto own = RecommendFromNeighbours(world_.parts(), query,
                                           world_.model.customer_embeddings.row(7), options);
  ASSERT_TRUE(own.ok()) << own.status();
  const auto seen = world_.seen.view().row_columns(7);
  ASSERT_LT(own->size() + seen.size(), static_cast<size_t>(kItems));
  std::map<uint32_t, double> scores;
  for (const ScoredItem& item : *own) scores[item.item.value] = item.score;
  const Recommendation answer = One(query, options);
  EXPECT_EQ(answer.method, RecommendMethod::kNeighbours);
  EXPECT_EQ(answer.fallback_reason, "");
  EXPECT_EQ(answer.items,
            Filled(scores, ItemSource::kNeighbours, world_.model.popularity,
                   std::set<uint32_t>(seen.begin(), seen.end()), static_cast<size_t>(kItems)));
}

TEST_F(RecommendTest, TheIndexDoesNotHoldAnOperator) {
  world_.model.kind = RecommenderKind::kEase;
  world_.model.item_operator = NextTwoItems();
  EXPECT_THAT(Problem({.customer = CustomerRow(1)}, {.retrieval = Retrieval::kIndex}),
              HasSubstr("this ease ranks by an item-item operator; ask for exact retrieval"));
}

}  // namespace
}  // namespace burgeon
