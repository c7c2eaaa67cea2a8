#include "engine/simulation/defects.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace burgeon {
namespace {

using testing::HasSubstr;

absl::StatusOr<std::vector<Defect>> Parse(std::string_view yaml) {
  BURGEON_ASSIGN_OR_RETURN(Config config, Config::Parse(yaml, "d.yaml"));
  std::vector<Defect> defects = ParseDefects(config.root());
  BURGEON_RETURN_IF_ERROR(config.Finish());
  return defects;
}

struct Purchase {
  SimEvent event;
  EventRow row;
};

Purchase MakePurchase() {
  Purchase made;
  made.event.type = EventType::kPurchase;
  made.event.item = 3;
  made.event.time = WorldConfig{}.start + 5 * kMicrosPerDay;
  made.row[kEventIdColumn] = "1-1";
  made.row[kTimeColumn] = "2024-01-06T00:00:00.000Z";
  made.row[kCustomerColumn] = "acc-1";
  made.row[kTypeColumn] = "purchase";
  made.row[kItemColumn] = "i000003";
  made.row[kQuantityColumn] = "2";
  made.row[kUnitPriceColumn] = "19.95";
  made.row[kCurrencyColumn] = "EUR";
  return made;
}

// What becomes of the field of a purchase under a defect that always happens.
std::string Planted(DefectKind kind, EventColumn column, double factor = 1) {
  const WorldConfig config;
  const DefectPlanter planter(config, {{.kind = kind, .rate = 1, .factor = factor}});
  Purchase purchase = MakePurchase();
  EventRow second;
  const Damage damage = planter.DamageEvent(purchase.event, &purchase.row, &second);
  EXPECT_TRUE(damage.planted);
  EXPECT_EQ(damage.defect.planted, purchase.row[column]);
  EXPECT_EQ(damage.defect.field, EventColumnName(column));
  return purchase.row[column];
}

TEST(Defects, ReadsTheList) {
  const auto defects = Parse(
      "defects:\n  - {kind: zero_price, rate: 0.01}\n  - {kind: gap, from_day: 4, to_day: 6}\n"
      "  - {kind: drift, from_day: 9, factor: 2, rate: 0.5}\n");
  ASSERT_TRUE(defects.ok()) << MessageOf(defects.status());
  ASSERT_EQ(defects->size(), 3U);
  EXPECT_EQ((*defects)[0].kind, DefectKind::kZeroPrice);
  EXPECT_EQ((*defects)[1].rate, 1);
  EXPECT_EQ((*defects)[1].to_day, 6);
  EXPECT_EQ((*defects)[2].factor, 2);
}

TEST(Defects, NamesWhatIsWrong) {
  EXPECT_THAT(MessageOf(Parse("defects: [{kind: nonsense, rate: 1}]").status()),
              HasSubstr("nonsense"));
  EXPECT_THAT(MessageOf(Parse("defects: [{kind: zero_price}]").status()), HasSubstr("rate"));
  EXPECT_THAT(MessageOf(Parse("defects: [{kind: gap, from_day: 5, to_day: 5}]").status()),
              HasSubstr("not after from_day"));
  EXPECT_THAT(MessageOf(Parse("defects: [{kind: drift, from_day: 5}]").status()),
              HasSubstr("factor"));
}

TEST(Defects, WhatIsPlantedByHand) {
  EXPECT_EQ(Planted(DefectKind::kMissingCustomer, kCustomerColumn), "");
  EXPECT_EQ(Planted(DefectKind::kMissingItem, kItemColumn), "");
  EXPECT_EQ(Planted(DefectKind::kOrphanItem, kItemColumn), "gone-i000003");
  EXPECT_EQ(Planted(DefectKind::kNegativeQuantity, kQuantityColumn), "-2");
  EXPECT_EQ(Planted(DefectKind::kZeroPrice, kUnitPriceColumn), "0");
  EXPECT_EQ(Planted(DefectKind::kWrongUnit, kUnitPriceColumn), "1995.00");
  EXPECT_EQ(Planted(DefectKind::kDrift, kUnitPriceColumn, 0.001), "0.02");  // 0.01995
  EXPECT_EQ(Planted(DefectKind::kFullWidth, kItemColumn), "ｉ０００００３");
  EXPECT_THAT(Planted(DefectKind::kWrongCurrency, kCurrencyColumn),
              testing::AnyOf("XXX", "DEM", "eur"));
  EXPECT_THAT(Planted(DefectKind::kTimeOutOfRange, kTimeColumn),
              testing::AnyOf("2097-01-06T00:00:00.000Z", "1970-01-06T00:00:00.000Z"));
  EXPECT_THAT(Planted(DefectKind::kBrokenTime, kTimeColumn),
              testing::AnyOf("2024-13-45T00:00:00.000Z", "00.00.2024", "tomorrow"));
}

TEST(Defects, MojibakeIsUtf8ReadAsLatin1) {
  const WorldConfig config;
  const DefectPlanter planter(config, {{.kind = DefectKind::kMojibake, .rate = 1}});
  Purchase search = MakePurchase();
  search.row[kQueryColumn] = "\xE9\x9E\x8B";  // three bytes, each a Latin-1 letter of two
  EventRow second;
  planter.DamageEvent(search.event, &search.row, &second);
  EXPECT_EQ(search.row[kQueryColumn], "\xC3\xA9\xC2\x9E\xC2\x8B");
  Purchase plain = MakePurchase();
  plain.row[kQueryColumn] = "Shoes";  // ASCII stays what it is
  EXPECT_FALSE(planter.DamageEvent(plain.event, &plain.row, &second).planted);
}

TEST(Defects, GapsAndDriftKeepToTheirDays) {
  const WorldConfig config;
  const DefectPlanter planter(
      config, {{.kind = DefectKind::kGap, .rate = 1, .from_day = 2, .to_day = 4},
               {.kind = DefectKind::kDrift, .rate = 1, .from_day = 6, .factor = 2}});
  EventRow second;
  for (int day = 0; day < 9; ++day) {
    Purchase purchase = MakePurchase();
    purchase.event.time = config.start + day * kMicrosPerDay + 1;
    const Damage damage = planter.DamageEvent(purchase.event, &purchase.row, &second);
    EXPECT_EQ(damage.rows, day == 2 || day == 3 ? 0 : 1) << day;
    EXPECT_EQ(purchase.row[kUnitPriceColumn], day >= 6 ? "39.90" : "19.95") << day;
  }
}

TEST(Defects, RatesAreKept) {
  const WorldConfig config;
  const DefectPlanter planter(config, {{.kind = DefectKind::kZeroPrice, .rate = 0.03}});
  constexpr int kRows = 50'000;
  int planted = 0;
  EventRow second;
  for (uint32_t k = 0; k < kRows; ++k) {
    Purchase purchase = MakePurchase();
    purchase.event.sequence = k;
    if (planter.DamageEvent(purchase.event, &purchase.row, &second).planted) ++planted;
  }
  EXPECT_NEAR(planted, 0.03 * kRows, 5 * std::sqrt(0.03 * 0.97 * kRows));
}

TEST(Defects, CustomersHaveTheirOwn) {
  const WorldConfig config;
  const DefectPlanter none(config, {{.kind = DefectKind::kZeroPrice, .rate = 1}});
  EXPECT_EQ(none.DefectOfCustomer(1), nullptr);
  const DefectPlanter some(config, {{.kind = DefectKind::kMissingAttribute, .rate = 1}});
  ASSERT_NE(some.DefectOfCustomer(1), nullptr);
  EXPECT_EQ(some.DefectOfCustomer(1)->kind, DefectKind::kMissingAttribute);
}

}  // namespace
}  // namespace burgeon
