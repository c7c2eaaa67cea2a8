#include "engine/simulation/event_row.h"

#include <gtest/gtest.h>

#include "engine/simulation/person_ids.h"

namespace burgeon {
namespace {

// A person of a region, with every id used.
class EventRowTest : public testing::Test {
 protected:
  EventRow RowOf(int region, SimEvent event) {
    PersonHistory history;
    history.person.number = 5;
    history.person.region = region;
    for (uint16_t slot = 0; slot < 6; ++slot) history.ids.push_back({slot, 0, 0});
    EventRowMaker maker(world_);
    maker.Add(history);
    event.person = 5;
    event.sequence = 8;
    event.time = config_.start + 1'234'000;
    event.known_at = config_.start + 2'000'000;
    EventRow row;
    maker.Make(event, &row);
    made_ = EventOfRow(event, row);
    return row;
  }

  WorldConfig config_ = [] {
    WorldConfig config;
    config.items = 20;
    return config;
  }();
  World world_{config_};
  Event made_;
};

constexpr int kLondon = 0;
constexpr int kShanghai = 5;
constexpr int kTokyo = 7;

TEST_F(EventRowTest, APurchaseByHand) {
  SimEvent event;
  event.type = EventType::kPurchase;
  event.channel = SimChannel::kApp;
  event.item = 12;
  event.quantity = 3;
  event.price_cents = 1905;
  event.detail = 20;
  event.session = 4;
  const EventRow row = RowOf(kLondon, event);
  EXPECT_EQ(row[kEventIdColumn], "5-8");
  EXPECT_EQ(row[kTimeColumn], "2024-01-01T00:00:01.234Z");
  EXPECT_EQ(row[kKnownAtColumn], "2024-01-01T00:00:02.000Z");
  EXPECT_EQ(row[kCustomerColumn], "acc-5");
  EXPECT_EQ(row[kTypeColumn], "purchase");
  EXPECT_EQ(row[kItemColumn], "i000012");
  EXPECT_EQ(row[kQuantityColumn], "3");
  EXPECT_EQ(row[kUnitPriceColumn], "19.05");
  EXPECT_EQ(row[kCurrencyColumn], "GBP");
  EXPECT_EQ(row[kSessionColumn], "s5-4");
  EXPECT_EQ(row[kChannelColumn], "app");
  EXPECT_EQ(row[kDiscountColumn], "20");
  EXPECT_EQ(made_.value_micros, 57'150'000);
  EXPECT_EQ(made_.quantity, 3);
}

TEST_F(EventRowTest, YenHaveNoMinorUnit) {
  SimEvent event;
  event.type = EventType::kPurchase;
  event.item = 1;
  event.price_cents = 3200;
  const EventRow row = RowOf(kTokyo, event);
  EXPECT_EQ(row[kUnitPriceColumn], "3200");
  EXPECT_EQ(row[kCurrencyColumn], "JPY");
  EXPECT_EQ(made_.value_micros, 3'200'000'000);
}

TEST_F(EventRowTest, OtherTypesSayTheirOwn) {
  SimEvent view;
  view.type = EventType::kView;
  view.item = 1;
  view.detail = 123;
  EXPECT_EQ(RowOf(kLondon, view)[kDwellColumn], "12.3");
  SimEvent search;
  search.type = EventType::kSearch;
  search.detail = 0;
  EXPECT_EQ(RowOf(kLondon, search)[kQueryColumn], "Shoes");
  EXPECT_EQ(RowOf(kShanghai, search)[kQueryColumn], "鞋");
  SimEvent consent;
  consent.type = EventType::kConsent;
  consent.detail = 1;
  consent.granted = true;
  EXPECT_EQ(RowOf(kLondon, consent)[kPurposeColumn], "score");
  EXPECT_EQ(RowOf(kLondon, consent)[kGrantedColumn], "true");
  EXPECT_EQ(made_.properties.at("purpose"), "score");
}

TEST_F(EventRowTest, LinksNameBothIdsAndTheirKinds) {
  SimEvent link;
  link.type = EventType::kIdLink;
  link.detail = kFirstCookieSlot;
  const EventRow row = RowOf(kLondon, link);
  EXPECT_EQ(row[kCustomerColumn], "acc-5");
  EXPECT_EQ(row[kLinkedIdColumn], PersonId(config_.seed, 5, kFirstCookieSlot));
  EXPECT_EQ(row[kIdKindColumn], "account");
  EXPECT_EQ(row[kLinkedKindColumn], "cookie");
}

TEST_F(EventRowTest, FeedbackHasAScoreAndATextInThePersonsLanguage) {
  SimEvent nps;
  nps.type = EventType::kFeedback;
  nps.feedback = SimFeedback::kNps;
  nps.detail = 9;
  const EventRow row = RowOf(kShanghai, nps);
  EXPECT_EQ(row[kKindColumn], "nps");
  EXPECT_EQ(row[kScoreColumn], "9");
  EXPECT_EQ(row[kScaleMaxColumn], "10");
  EXPECT_EQ(row[kLanguageColumn], "zh");
  EXPECT_FALSE(row[kTextColumn].empty());
  SimEvent complaint = nps;
  complaint.feedback = SimFeedback::kComplaint;
  EXPECT_EQ(RowOf(kLondon, complaint)[kScoreColumn], "");
  EXPECT_EQ(RowOf(kLondon, complaint)[kLanguageColumn], "en");
}

TEST(EventColumns, HaveNames) {
  EXPECT_EQ(EventColumnName(kEventIdColumn), "event_id");
  EXPECT_EQ(EventColumnName(kLanguageColumn), "language");
}

}  // namespace
}  // namespace burgeon
