#include <gmock/gmock.h>

#include <algorithm>

#include "engine/base/limits.h"
#include "tests/support/query_fixture.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr RecommendMethod kMethods[] = {RecommendMethod::kModel, RecommendMethod::kNeighbours,
                                        RecommendMethod::kPopularity};

void ExpectSame(const RecommendAnswer& a, const RecommendAnswer& b) {
  EXPECT_EQ(a.method, b.method);
  EXPECT_EQ(a.fallback_reason, b.fallback_reason);
  ASSERT_EQ(a.items.size(), b.items.size());
  for (size_t i = 0; i < a.items.size(); ++i) {
    EXPECT_EQ(a.items[i].id, b.items[i].id);
    EXPECT_EQ(a.items[i].label, b.items[i].label);
    EXPECT_EQ(a.items[i].score, b.items[i].score);
    EXPECT_EQ(a.items[i].source, b.items[i].source);
  }
}

TEST_F(QueryTest, ManyAtOnceAreTheAnswersOneByOne) {
  const std::vector<CustomerRow> customers = CustomersFor(view(), Purpose::kRecommend);
  ASSERT_EQ(customers.size(), 36U);
  for (const RecommendMethod method : kMethods) {
    for (const Retrieval retrieval : {Retrieval::kExact, Retrieval::kIndex}) {
      const RecommendOptions options{.k = 7, .method = method, .retrieval = retrieval};
      const auto many = AnswerRecommendMany(context_, view(), customers, options);
      ASSERT_TRUE(many.ok()) << many.status();
      ASSERT_EQ(many->size(), customers.size());
      for (size_t i = 0; i < customers.size(); ++i) {
        const std::string& id = data().customers.id(customers[i].value);
        const auto one = AnswerRecommend(context_, view(), {.customer_id = id, .options = options});
        ASSERT_TRUE(one.ok()) << one.status();
        EXPECT_EQ((*many)[i].customer_id, id);
        EXPECT_EQ(one->customer_id, id);
        ExpectSame((*many)[i], *one);
      }
    }
  }
}

TEST_F(QueryTest, ItemsCarryTheirLabelsAndWereNeverBought) {
  const auto answer =
      AnswerRecommend(context_, view(), {.customer_id = "c05", .options = {.k = 30}});
  ASSERT_TRUE(answer.ok()) << answer.status();
  const auto seen = data().seen.view().row_columns(5);
  EXPECT_EQ(answer->items.size(), kSmallItems - seen.size());
  for (const NamedItem& item : answer->items) {
    const uint32_t row = *data().items.Find(item.id);
    EXPECT_EQ(item.label, data().item_label[row]);
    EXPECT_FALSE(std::binary_search(seen.begin(), seen.end(), row));
  }
}

TEST_F(QueryTest, AStrangersEventsAreWeighedAsASnapshotWeighsThem) {
  // c08's history as events: each purchase of weight 1 so many times; what was bought and wholly
  // returned is seen, but not in the history.
  std::vector<RequestEvent> events;
  const auto items = data().interactions.view().row_columns(8);
  const auto weights = data().interactions.view().row_values(8);
  const auto seen = data().seen.view().row_columns(8);
  for (size_t j = 0; j < items.size(); ++j) {
    for (int n = 0; n < static_cast<int>(weights[j]); ++n) {
      events.push_back({.item_id = data().items.id(items[j])});
    }
  }
  for (const uint32_t item : seen) {
    if (std::binary_search(items.begin(), items.end(), item)) continue;
    events.push_back({.item_id = data().items.id(item), .quantity = 3});
    events.push_back({.item_id = data().items.id(item), .type = EventType::kReturn, .quantity = 3});
  }
  const auto known = AnswerRecommend(context_, view(), {.customer_id = "c08"});
  auto stranger = AnswerRecommend(context_, view(), {.events = events});
  ASSERT_TRUE(known.ok() && stranger.ok()) << known.status() << stranger.status();
  ExpectSame(*known, *stranger);
  EXPECT_EQ(stranger->customer_id, "");
  // A view weighs, but does not hide the item.
  const std::string viewed = known->items[0].id;
  stranger = AnswerRecommend(
      context_, view(),
      {.events = {{.item_id = viewed, .type = EventType::kView}}, .options = {.k = kSmallItems}});
  ASSERT_TRUE(stranger.ok()) << stranger.status();
  EXPECT_EQ(stranger->method, RecommendMethod::kModel);
  EXPECT_EQ(stranger->items.size(), static_cast<size_t>(kSmallItems));
}

TEST_F(QueryTest, UnknownItemsAreReportedAndAloneLeadToPopularity) {
  const auto mixed = AnswerRecommend(
      context_, view(),
      {.events = {{.item_id = "x"}, {.item_id = "i03"}, {.item_id = "y"}, {.item_id = "x"}}});
  ASSERT_TRUE(mixed.ok()) << mixed.status();
  EXPECT_THAT(mixed->unknown_items, ElementsAre("x", "y"));
  EXPECT_EQ(mixed->method, RecommendMethod::kModel);
  const auto unknown = AnswerRecommend(context_, view(), {.events = {{.item_id = "x"}}});
  ASSERT_TRUE(unknown.ok()) << unknown.status();
  EXPECT_EQ(unknown->method, RecommendMethod::kPopularity);
  EXPECT_THAT(unknown->fallback_reason, HasSubstr("no interaction with a known item"));
}

TEST_F(QueryTest, NobodyWithoutConsentServesAsANeighbour) {
  const RecommendOptions options{.k = kSmallItems, .method = RecommendMethod::kNeighbours};
  const auto before = AnswerRecommend(context_, view(), {.customer_id = "c01", .options = options});
  ASSERT_TRUE(before.ok()) << before.status();
  // With everyone else gone nothing is left to go by.
  for (const std::string& id : data().customers.ids()) {
    if (id == "c01") continue;
    if (id < "c20") {
      Erase(id);
    } else {
      SetConsent(id, Purpose::kRecommend, false);
    }
  }
  const auto after = AnswerRecommend(context_, view(), {.customer_id = "c01", .options = options});
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_EQ(before->method, RecommendMethod::kNeighbours);
  EXPECT_EQ(after->method, RecommendMethod::kPopularity);
}

TEST_F(QueryTest, WhatFillsAListUpIsCounted) {
  const auto seen = data().seen.view().row_columns(1);
  const auto answer = AnswerRecommend(
      context_, view(),
      {.customer_id = "c01",
       .options = {.k = kSmallItems, .method = RecommendMethod::kNeighbours, .neighbours = 2}});
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(answer->method, RecommendMethod::kNeighbours);
  EXPECT_EQ(answer->items.size(), kSmallItems - seen.size());
  const auto popular =
      std::count_if(answer->items.begin(), answer->items.end(),
                    [](const NamedItem& i) { return i.source == ItemSource::kPopularity; });
  EXPECT_GT(popular, 0);
  EXPECT_LT(popular, std::ssize(answer->items));
  EXPECT_EQ(answer->filled, popular);
  // An answer by popularity alone was not filled up: its method says all.
  const auto all =
      AnswerRecommend(context_, view(),
                      {.customer_id = "c01", .options = {.method = RecommendMethod::kPopularity}});
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ(all->filled, 0);
}

TEST_F(QueryTest, AnErasedCustomerIsNotAnswered) {
  ASSERT_TRUE(AnswerRecommend(context_, view(), {.customer_id = "c01"}).ok());
  Erase("c01");
  EXPECT_EQ(AnswerRecommend(context_, view(), {.customer_id = "c01"}).status().code(),
            absl::StatusCode::kNotFound);
  const auto customers = CustomersFor(view(), Purpose::kRecommend);
  EXPECT_EQ(std::count(customers.begin(), customers.end(), CustomerRow(1)), 0);
}

TEST_F(QueryTest, BadRecommendRequestsAreNamed) {
  const auto problem = [&](const RecommendRequest& request) {
    const auto answer = AnswerRecommend(context_, view(), request);
    EXPECT_EQ(answer.status().code(), absl::StatusCode::kInvalidArgument);
    return MessageOf(answer.status());
  };
  EXPECT_THAT(problem({}), HasSubstr("this one has neither"));
  EXPECT_THAT(problem({.customer_id = ""}), HasSubstr("customer_id: an empty id"));
  EXPECT_THAT(problem({.customer_id = "c01", .options = {.k = 0}}), HasSubstr("k: 0"));
  EXPECT_THAT(problem({.events = {{.item_id = "i01"}, {.item_id = ""}}}),
              HasSubstr("events[1].item_id: an empty id"));
  EXPECT_THAT(problem({.events = {{.item_id = "i01", .quantity = -1}}}),
              HasSubstr("events[0].quantity: -1"));
  EXPECT_THAT(problem({.events = std::vector<RequestEvent>(limits::kMaxRequestEvents + 1)}),
              HasSubstr("events: 10001 entries, at most 10000"));
  EXPECT_EQ(AnswerRecommendMany(context_, view(), {}, {.k = -1}).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace burgeon
