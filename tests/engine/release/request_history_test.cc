#include "engine/release/request_history.h"

#include <gmock/gmock.h>

#include "tests/support/query_fixture.h"
#include "tests/support/sequence_release.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

void ExpectSameItems(const RecommendAnswer& a, const RecommendAnswer& b) {
  EXPECT_EQ(a.method, b.method);
  ASSERT_EQ(a.items.size(), b.items.size());
  for (size_t i = 0; i < a.items.size(); ++i) {
    EXPECT_EQ(a.items[i].id, b.items[i].id);
    EXPECT_EQ(a.items[i].score, b.items[i].score);
  }
}

class RequestHistoryTest : public QueryTest {
 protected:
  RecommendQuery Query(std::optional<CustomerRow> customer,
                       const std::vector<RequestEvent>& events) {
    unknown_.clear();
    return QueryOfEvents(data(), customer, events, &unknown_);
  }
  std::string Problem(const RecommendRequest& request) const {
    const absl::Status status = CheckRequestEvents(request);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    return MessageOf(status);
  }
  // The customer's stored order as events of a stranger.
  std::vector<RequestEvent> OrderAsEvents(uint32_t row) const {
    std::vector<RequestEvent> events;
    for (const uint32_t item : data().order.view().row(row)) {
      events.push_back({.item_id = data().items.id(item)});
    }
    return events;
  }
  std::vector<std::string> unknown_;
};

TEST_F(RequestHistoryTest, OfAStrangerWeightsBySnapshotRulesAndNoOrderForAModelWithoutOne) {
  const RecommendQuery query =
      Query({}, {{.item_id = "i07"},
                 {.item_id = "i03", .type = EventType::kView},
                 {.item_id = "zz"},
                 {.item_id = "i05", .quantity = 2},
                 {.item_id = "i05", .type = EventType::kReturn, .quantity = 2}});
  EXPECT_THAT(query.history_items, ElementsAre(3, 7));
  EXPECT_THAT(query.history_weights, ElementsAre(0.1F, 1));
  EXPECT_THAT(query.seen_items, ElementsAre(5, 7));
  EXPECT_THAT(query.sequence, IsEmpty());
  EXPECT_THAT(unknown_, ElementsAre("zz"));
}

TEST_F(RequestHistoryTest, OfAKnownCustomerTheEventsComeOnTop) {
  const auto items = data().interactions.view().row_columns(4);
  const auto weights = data().interactions.view().row_values(4);
  const auto seen = data().seen.view().row_columns(4);
  ASSERT_FALSE(items.empty());
  uint32_t fresh = 0;
  while (std::ranges::binary_search(seen, fresh)) ++fresh;
  const RecommendQuery query = Query(CustomerRow(4), {{.item_id = data().items.id(items[0])},
                                                      {.item_id = data().items.id(fresh)}});
  EXPECT_EQ(query.history, HistoryOwner::kQuery);
  EXPECT_EQ(query.customer, CustomerRow(4));
  ASSERT_EQ(query.history_items.size(), items.size() + 1);
  for (size_t j = 0; j < query.history_items.size(); ++j) {
    const uint32_t item = query.history_items[j];
    const auto at = std::ranges::lower_bound(items, item);
    const float stored =
        at != items.end() && *at == item ? weights[static_cast<size_t>(at - items.begin())] : 0;
    const float added = item == items[0] || item == fresh ? 1 : 0;
    EXPECT_EQ(query.history_weights[j], stored + added) << item;
  }
  std::vector<uint32_t> bought(seen.begin(), seen.end());
  bought.push_back(fresh);
  std::ranges::sort(bought);
  EXPECT_EQ(query.seen_items, bought);
}

TEST_F(RequestHistoryTest, AWeightThatIsCappedStaysCapped) {
  ReleaseData capped = MakeSmallRelease(pool_);
  capped.event_weights.max_weight = 2.5F;
  Load(std::move(capped));
  const auto items = data().interactions.view().row_columns(4);
  const std::vector<RequestEvent> events(3, {.item_id = data().items.id(items[0])});
  EXPECT_EQ(Query(CustomerRow(4), events).history_weights[0], 2.5F);
}

TEST_F(RequestHistoryTest, EventsOfAKnownCustomerChangeTheListAsThoseOfAStrangerWould) {
  // All of what c08 did as a stranger's events, and a view more.
  std::vector<RequestEvent> all;
  const auto items = data().interactions.view().row_columns(8);
  const auto weights = data().interactions.view().row_values(8);
  for (size_t j = 0; j < items.size(); ++j) {
    for (int n = 0; n < static_cast<int>(weights[j]); ++n) {
      all.push_back({.item_id = data().items.id(items[j])});
    }
  }
  const RequestEvent more{.item_id = "i29", .type = EventType::kView};
  all.push_back(more);
  RecommendOptions options{.k = 8, .seen = SeenItems::kAllow};
  const auto known = AnswerRecommend(context_, view(),
                                     {.customer_id = "c08", .events = {more}, .options = options});
  const auto stranger = AnswerRecommend(context_, view(), {.events = all, .options = options});
  ASSERT_TRUE(known.ok() && stranger.ok()) << known.status() << stranger.status();
  ExpectSameItems(*known, *stranger);
  EXPECT_EQ(known->customer_id, "c08");
  const auto before = AnswerRecommend(context_, view(), {.customer_id = "c08", .options = options});
  ASSERT_TRUE(before.ok()) << before.status();
  EXPECT_NE(before->items[0].score, known->items[0].score);
}

TEST_F(RequestHistoryTest, ConsentAndErasureComeBeforeTheEvents) {
  const std::vector<RequestEvent> events = {{.item_id = "i01"}};
  Erase("c08");
  for (const char* customer : {"c03", "c08", "nobody"}) {
    EXPECT_EQ(AnswerRecommend(context_, view(), {.customer_id = customer, .events = events})
                  .status()
                  .code(),
              absl::StatusCode::kNotFound);
  }
}

TEST_F(RequestHistoryTest, Refusals) {
  EXPECT_THAT(Problem({.events = {{.item_id = "i01", .time = 5}, {.item_id = "i02"}}}),
              HasSubstr("events[1].time: is missing; events[0] has one"));
  EXPECT_THAT(Problem({.events = {{.item_id = "i01"}, {.item_id = "i02", .time = 5}}}),
              HasSubstr("events[1].time: is there; events[0] has none"));
  EXPECT_THAT(
      Problem({.customer_id = "c01", .events = {{.item_id = "i01", .type = EventType::kReturn}}}),
      HasSubstr("events[0].type: a return beside customer_id"));
}

class SequenceRequestTest : public RequestHistoryTest {
 protected:
  SequenceRequestTest() { Load(MakeSmallSequenceRelease(pool_)); }
};

TEST_F(SequenceRequestTest, EventsAreInOrderOfTheirTimes) {
  const std::vector<RequestEvent> events = {{.item_id = "i07", .time = 30},
                                            {.item_id = "i03", .time = 10},
                                            {.item_id = "i09", .time = 20},
                                            {.item_id = "i01", .time = 20},
                                            {.item_id = "zz", .time = 5}};
  EXPECT_THAT(Query({}, events).sequence, ElementsAre(3, 9, 1, 7));
  std::vector<RequestEvent> untimed = events;
  for (RequestEvent& event : untimed) event.time.reset();
  EXPECT_THAT(Query({}, untimed).sequence, ElementsAre(7, 3, 9, 1));
  // What went back, and what weighs nothing, is not among them; the newest five are read.
  EXPECT_THAT(Query({}, {{.item_id = "i07"},
                         {.item_id = "i08", .type = EventType::kClick},
                         {.item_id = "i03", .type = EventType::kView},
                         {.item_id = "i07", .type = EventType::kReturn}})
                  .sequence,
              ElementsAre(3));
  std::vector<RequestEvent> many;
  for (int i = 10; i < 20; ++i) many.push_back({.item_id = Concat("i", i)});
  EXPECT_THAT(Query({}, many).sequence, ElementsAre(15, 16, 17, 18, 19));
}

TEST_F(SequenceRequestTest, AStrangerWithACustomersOrderGetsTheCustomersList) {
  const RecommendOptions options{.k = 8, .seen = SeenItems::kAllow};
  for (const uint32_t row : {4U, 8U, 21U}) {
    const auto known = AnswerRecommend(
        context_, view(), {.customer_id = data().customers.id(row), .options = options});
    const auto stranger =
        AnswerRecommend(context_, view(), {.events = OrderAsEvents(row), .options = options});
    ASSERT_TRUE(known.ok() && stranger.ok()) << known.status() << stranger.status();
    ExpectSameItems(*known, *stranger);
  }
}

TEST_F(SequenceRequestTest, EventsFollowTheStoredOrder) {
  const std::vector<RequestEvent> more = {{.item_id = "i29", .time = 9},
                                          {.item_id = "i28", .time = 8}};
  std::vector<RequestEvent> all = OrderAsEvents(8);
  all.push_back({.item_id = "i28"});
  all.push_back({.item_id = "i29"});
  const auto stored = data().order.view().row(8);
  std::vector<uint32_t> expected(stored.begin(), stored.end());
  expected.insert(expected.end(), {28, 29});
  expected.erase(expected.begin(), expected.end() - kSmallOrderLength);
  EXPECT_EQ(Query(CustomerRow(8), more).sequence, expected);
  const RecommendOptions options{.k = 8, .seen = SeenItems::kAllow};
  const auto known =
      AnswerRecommend(context_, view(), {.customer_id = "c08", .events = more, .options = options});
  const auto stranger = AnswerRecommend(context_, view(), {.events = all, .options = options});
  ASSERT_TRUE(known.ok() && stranger.ok()) << known.status() << stranger.status();
  ExpectSameItems(*known, *stranger);
}

TEST_F(SequenceRequestTest, EventsOfUnknownItemsLeaveTheListAsItWas) {
  const RecommendOptions options{.k = 8};
  const auto alone = AnswerRecommend(context_, view(), {.customer_id = "c08", .options = options});
  const auto beside = AnswerRecommend(
      context_, view(), {.customer_id = "c08", .events = {{.item_id = "zz"}}, .options = options});
  ASSERT_TRUE(alone.ok() && beside.ok()) << alone.status() << beside.status();
  ExpectSameItems(*alone, *beside);
  EXPECT_THAT(beside->unknown_items, ElementsAre("zz"));
  // c39 never did anything: now one thing.
  const auto first = AnswerRecommend(
      context_, view(), {.customer_id = "c39", .events = {{.item_id = "i02"}}, .options = options});
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->method, RecommendMethod::kModel);
}

TEST_F(SequenceRequestTest, ManyAtOnceAreTheAnswersOneByOne) {
  const std::vector<CustomerRow> customers = CustomersFor(view(), Purpose::kRecommend);
  const auto many = AnswerRecommendMany(context_, view(), customers, {.k = 7});
  ASSERT_TRUE(many.ok()) << many.status();
  for (size_t i = 0; i < customers.size(); ++i) {
    const auto one = AnswerRecommend(
        context_, view(),
        {.customer_id = data().customers.id(customers[i].value), .options = {.k = 7}});
    ASSERT_TRUE(one.ok()) << one.status();
    ExpectSameItems((*many)[i], *one);
  }
}

}  // namespace
}  // namespace burgeon
