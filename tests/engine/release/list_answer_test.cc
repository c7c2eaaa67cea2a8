#include "engine/release/list_answer.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "tests/support/query_fixture.h"

namespace burgeon {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ListAnswerTest : public QueryTest {
 protected:
  RecommendAnswer Ask(const RecommendRequest& request) {
    auto answer = AnswerRecommend(context_, view(), request);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? *std::move(answer) : RecommendAnswer();
  }
  std::string Problem(const ListShape& shape) {
    const auto answer = AnswerRecommend(context_, view(), {.customer_id = "c01", .shape = shape});
    EXPECT_EQ(answer.status().code(), absl::StatusCode::kInvalidArgument);
    return MessageOf(answer.status());
  }
};

TEST_F(ListAnswerTest, RulesHoldForOneAndForMany) {
  ListShape shape;
  shape.rules.stock = StockRule::kInStock;
  shape.rules.ranges = {{"price", 3, 25}};
  shape.rules.where = {"brand <> 'b1'"};
  shape.rules.max_per = {{"brand", 2}};
  const auto customers = CustomersFor(view(), Purpose::kRecommend);
  const auto many = AnswerRecommendMany(context_, view(), customers, {.k = 6}, shape);
  ASSERT_TRUE(many.ok()) << many.status();
  for (size_t c = 0; c < customers.size(); ++c) {
    const std::string& id = data().customers.id(customers[c].value);
    const RecommendAnswer one = Ask({.customer_id = id, .options = {.k = 6}, .shape = shape});
    ASSERT_EQ(one.items.size(), (*many)[c].items.size());
    std::map<std::string, int> brands;
    for (size_t i = 0; i < one.items.size(); ++i) {
      EXPECT_EQ(one.items[i].id, (*many)[c].items[i].id);
      const uint32_t row = *data().items.Find(one.items[i].id);
      EXPECT_NE(row % 4, 0U);
      EXPECT_GE(row, 3U);
      EXPECT_LE(row, 25U);
      EXPECT_NE(row % 3, 1U);
      EXPECT_LE(++brands[Concat("b", row % 3)], 2);
    }
    // Item 5 has no brand: null does not pass `where`. Two of b0 and two of b2 at most are left.
    const auto seen = data().seen.view().row_columns(customers[c].value);
    std::map<uint32_t, size_t> there;
    for (uint32_t i = 3; i <= 25; ++i) {
      const bool passes = i != 5 && i % 4 != 0 && i % 3 != 1;
      if (passes && !std::binary_search(seen.begin(), seen.end(), i)) ++there[i % 3];
    }
    EXPECT_EQ(one.items.size(), std::min<size_t>(2, there[0]) + std::min<size_t>(2, there[2]));
  }
}

TEST_F(ListAnswerTest, PinnedItemsComeFirstAndThoseLeftOutAreExplained) {
  const uint32_t bought = data().seen.view().row_columns(1).front();
  const RecommendAnswer plain = Ask({.customer_id = "c01", .options = {.k = 30}});
  const std::string last = plain.items.back().id;
  ListShape shape;
  shape.rules.pinned = {"nothing", data().items.id(bought), last, plain.items[3].id};
  shape.rules.blocked = {plain.items[3].id, "zz"};
  const RecommendAnswer answer = Ask({.customer_id = "c01", .options = {.k = 3}, .shape = shape});
  ASSERT_EQ(answer.items.size(), 3U);
  EXPECT_EQ(answer.items[0].id, last);
  EXPECT_EQ(answer.items[0].source, ItemSource::kPinned);
  EXPECT_TRUE(std::isnan(answer.items[0].score));
  EXPECT_EQ(answer.items[1].id, plain.items[0].id);
  EXPECT_EQ(answer.items[1].score, plain.items[0].score);
  ASSERT_EQ(answer.not_pinned.size(), 3U);
  EXPECT_EQ(answer.not_pinned[0].reason, "the release has no such item");
  EXPECT_EQ(answer.not_pinned[1].reason, "bought before");
  EXPECT_EQ(answer.not_pinned[2].reason, "a rule masks it");
  EXPECT_THAT(answer.unknown_blocked, ElementsAre("zz"));
  EXPECT_EQ(answer.filled, 0);
}

TEST_F(ListAnswerTest, ReasonsAreItemsAndSharedAttributesThatSumToTheScore) {
  const RecommendAnswer all =
      Ask({.customer_id = "c02", .options = {.k = 5}, .shape = {.reasons = kMaxReasons}});
  const RecommendAnswer two =
      Ask({.customer_id = "c02", .options = {.k = 5}, .shape = {.reasons = 2}});
  for (size_t i = 0; i < all.items.size(); ++i) {
    ASSERT_TRUE(all.items[i].reasons && two.items[i].reasons);
    const ItemReasons& reasons = *all.items[i].reasons;
    EXPECT_EQ(reasons.kind, ReasonKind::kExact);
    EXPECT_EQ(reasons.others, 0);
    const uint32_t row = *data().items.Find(all.items[i].id);
    double sum = 0;
    double same_brand = 0;
    for (size_t r = 0; r < reasons.items.size(); ++r) {
      const uint32_t history = *data().items.Find(reasons.items[r].id);
      EXPECT_EQ(reasons.items[r].label, data().item_label[history]);
      const double before = r > 0 ? reasons.items[r - 1].contribution : 1e30;
      EXPECT_LE(reasons.items[r].contribution, before);
      sum += reasons.items[r].contribution;
      if (history != 5 && history % 3 == row % 3) same_brand += reasons.items[r].contribution;
    }
    EXPECT_NEAR(sum, all.items[i].score, 1e-4);
    for (const FeatureReason& feature : reasons.features) {
      EXPECT_EQ(feature.name, "brand");
      EXPECT_EQ(feature.value, Concat("b", row % 3));
      EXPECT_NEAR(feature.contribution, same_brand, 1e-9);
    }
    ASSERT_EQ(two.items[i].reasons->items.size(), 2U);
    EXPECT_NEAR(two.items[i].reasons->items[0].contribution +
                    two.items[i].reasons->items[1].contribution + two.items[i].reasons->others,
                sum, 1e-9);
  }
  // Popularity needs no reason; without the wish there are none.
  const RecommendAnswer popular = Ask({.customer_id = "c39", .shape = {.reasons = 2}});
  EXPECT_EQ(popular.method, RecommendMethod::kPopularity);
  for (const NamedItem& item : popular.items) EXPECT_FALSE(item.reasons);
  for (const NamedItem& item : Ask({.customer_id = "c02"}).items) EXPECT_FALSE(item.reasons);
}

TEST_F(ListAnswerTest, AnotherRequestDrawsAnew) {
  ListShape shape;
  shape.exploration = {.share = 0.5, .pool = 20, .seed = 1, .request = "monday"};
  const auto ids = [&](const ListShape& s) {
    std::vector<std::string> out;
    const RecommendAnswer answer = Ask({.customer_id = "c02", .options = {.k = 10}, .shape = s});
    EXPECT_TRUE(answer.explored);
    for (const NamedItem& item : answer.items) out.push_back(item.id);
    return out;
  };
  const auto monday = ids(shape);
  EXPECT_EQ(ids(shape), monday);
  shape.exploration.request = "tuesday";
  EXPECT_NE(ids(shape), monday);
  EXPECT_NE(ExplorationKey(shape, "a"), ExplorationKey(shape, "b"));
  EXPECT_FALSE(Ask({.customer_id = "c02"}).explored);
}

TEST_F(ListAnswerTest, CalibrationNeedsAnAttributeThatIsThere) {
  ListShape shape;
  shape.diversity = {.kind = DiversityKind::kCalibrated, .attribute = "brand"};
  EXPECT_EQ(Ask({.customer_id = "c02", .shape = shape}).items.size(), 10U);
  shape.diversity.attribute = "colour";
  EXPECT_THAT(Problem(shape), HasSubstr("diversity.attribute: the release has no item attribute "
                                        "'colour'; it has: brand, price, stock"));
  EXPECT_THAT(Problem({.reasons = kMaxReasons + 1}), HasSubstr("reasons: 101 is not from 0 to"));
  EXPECT_THAT(Problem({.reasons = -1}), HasSubstr("reasons: -1"));
  ListShape where;
  where.rules.where = {"colour = 'red'"};
  EXPECT_THAT(Problem(where), HasSubstr("where"));
}

}  // namespace
}  // namespace burgeon
