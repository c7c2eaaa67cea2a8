#include "engine/recommend/recommend.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/base/limits.h"
#include "tests/support/recommender_world.h"

namespace burgeon {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

constexpr int64_t kCustomers = 120;
constexpr int64_t kItems = 90;

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
  EXPECT_EQ(answer.items, expected);
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
      return std::count_if(answer.items.begin(), answer.items.end(), [&](const ScoredItem& item) {
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
      for (const ScoredItem& item : answer.items) EXPECT_EQ(item.item.value % 3, 0U);
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
  EXPECT_THAT(Problem(both, {}), HasSubstr("is for strangers"));
  EXPECT_THAT(Problem({.history_items = {kItems}, .history_weights = {1}}, {}),
              HasSubstr("item row 90 of a history is not one of 90"));
  EXPECT_THAT(Problem({.history_items = {5, 5}, .history_weights = {1, 1}}, {}),
              HasSubstr("there twice"));
  EXPECT_THAT(Problem({.history_items = {5}, .history_weights = {0}}, {}),
              HasSubstr("is not a positive number"));
  EXPECT_THAT(Problem({.history_items = {5}}, {}), HasSubstr("1 items, but 0 weights"));
  EXPECT_THAT(Problem({.seen_items = {7, 6}}, {}), HasSubstr("seen items is out of order"));
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
  const Recommendation answer = One(query, {.k = 10});
  EXPECT_EQ(answer.method, RecommendMethod::kModel);
  // 7: 3; 8: 1.5; 5: 1; 6 (0.5) was bought, and of nothing else anything is said.
  EXPECT_EQ(answer.items,
            (std::vector<ScoredItem>{{ItemRow(7), 3}, {ItemRow(8), 1.5F}, {ItemRow(5), 1}}));
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

TEST_F(RecommendTest, TheIndexDoesNotHoldAnOperator) {
  world_.model.kind = RecommenderKind::kEase;
  world_.model.item_operator = NextTwoItems();
  EXPECT_THAT(Problem({.customer = CustomerRow(1)}, {.retrieval = Retrieval::kIndex}),
              HasSubstr("ease ranks by its item-item operator; ask for exact retrieval"));
}

}  // namespace
}  // namespace burgeon
