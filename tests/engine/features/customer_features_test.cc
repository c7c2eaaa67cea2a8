#include "engine/features/customer_features.h"

#include <cmath>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/memory_world.h"

namespace burgeon {
namespace {

SnapshotOptions At(TimeMicros as_of) {
  SnapshotOptions options;
  options.as_of = as_of;
  options.consent.when_unsaid = ConsentDefault::kGranted;
  return options;
}

Snapshot Build(const MemoryEvents& events, TimeMicros as_of) {
  ThreadPool pool(1);
  const auto log = EventLog::Read(pool, events);
  EXPECT_TRUE(log.ok()) << log.status();
  auto snapshot = BuildSnapshot(pool, *log, At(as_of));
  EXPECT_TRUE(snapshot.ok()) << snapshot.status();
  return *std::move(snapshot);
}

// The features of one customer, by name.
std::map<std::string, float> FeaturesOf(const MemoryEvents& events, TimeMicros as_of,
                                        const std::string& customer) {
  const Snapshot snapshot = Build(events, as_of);
  ThreadPool pool(2);
  const FeatureTable table = BuildCustomerFeatures(pool, snapshot);
  const auto row = snapshot.customers.Find(customer);
  EXPECT_TRUE(row.has_value());
  std::map<std::string, float> named;
  for (size_t i = 0; i < table.names.size(); ++i) {
    named[table.names[i]] = table.values.row(*row)[i];
  }
  EXPECT_EQ(named.size(), table.names.size()) << "a name is there twice";
  return named;
}

// 2011-01-01 was a Saturday. Orders: day 10 at 12:00 (two lines), day 40 at 12:00, day 100 at
// 15:00, day 200 at 12:00; looked at on day 210.
MemoryEvents FourOrders() {
  MemoryEvents events;
  const auto buy = [&](double day, const char* item, double quantity, int64_t money) {
    Event& event = events.Purchase("ann", item, Day(day));
    event.quantity = quantity;
    event.value_micros = money * 1'000'000;
    event.session_id = Concat("order-", static_cast<int>(day));
  };
  buy(10.5, "cup", 6, 12);
  buy(10.5, "jar", 2, 8);
  buy(40.5, "cup", 1, 2);
  buy(100.625, "tea", 3, 30);
  buy(200.5, "cup", 10, 48);
  Event& back = events.Add("ann", "cup", EventType::kReturn, Day(205));
  back.value_micros = 25'000'000;
  events.Add("ann", "pot", EventType::kView, Day(150));
  events.Add("ann", "pot", EventType::kView, Day(200));
  return events;
}

TEST(CustomerFeaturesTest, ByHand) {
  auto f = FeaturesOf(FourOrders(), Day(210), "ann");
  EXPECT_FLOAT_EQ(f["recency_days"], 9.5);
  EXPECT_FLOAT_EQ(f["recency_2nd_days"], 110);  // since the start of day 100
  EXPECT_FLOAT_EQ(f["recency_3rd_days"], 170);
  EXPECT_FLOAT_EQ(f["tenure_days"], 199.5);
  EXPECT_FLOAT_EQ(f["active_span_days"], 190);
  EXPECT_EQ(f["orders_30d"], 1);
  EXPECT_EQ(f["orders_90d"], 1);
  EXPECT_EQ(f["orders_180d"], 3);
  EXPECT_EQ(f["orders_365d"], 4);
  EXPECT_EQ(f["orders_all"], 4);
  EXPECT_FLOAT_EQ(f["monetary_30d"], 48);
  EXPECT_FLOAT_EQ(f["monetary_180d"], 80);
  EXPECT_FLOAT_EQ(f["monetary_all"], 100);
  EXPECT_FLOAT_EQ(f["trend_90d_ratio"], -1.0F / 4);  // one order, after two
  EXPECT_EQ(f["distinct_items"], 3);
  EXPECT_FLOAT_EQ(f["basket_value_mean"], 25);
  EXPECT_FLOAT_EQ(f["basket_value_last"], 48);
  EXPECT_FLOAT_EQ(f["lines_per_order"], 5.0F / 4);
  EXPECT_FLOAT_EQ(f["units_per_order"], 22.0F / 4);
  EXPECT_EQ(f["purchase_days"], 4);
  EXPECT_FLOAT_EQ(f["purchase_days_per_30d"], static_cast<float>(4 * 30 / 229.5));
  EXPECT_FLOAT_EQ(f["gap_mean_days"], 190.0F / 3);  // 30, 60, 100
  EXPECT_FLOAT_EQ(f["gap_last_days"], 100);
  EXPECT_NEAR(f["gap_std_days"], std::sqrt((900.0 + 3600 + 10000) / 3 - 190.0 * 190 / 9), 1e-4);
  EXPECT_FLOAT_EQ(f["recency_per_gap_ratio"], static_cast<float>(9.5 / (190.0 / 3 + 1)));
  EXPECT_EQ(f["one_purchase_day"], 0);
  EXPECT_EQ(f["active_months"], 4);  // January, February, April, July
  EXPECT_FLOAT_EQ(f["return_event_share"], 1.0F / 6);
  EXPECT_FLOAT_EQ(f["return_value_share"], 0.2F);
  EXPECT_FLOAT_EQ(f["return_recency_days"], 5);
  EXPECT_FLOAT_EQ(f["top_weekday_share"], 0.25F);  // Tuesday, Thursday, Monday, Wednesday
  EXPECT_FLOAT_EQ(f["top_hour_share"], 0.75F);
  EXPECT_EQ(f["other_events_30d"], 1);
  EXPECT_EQ(f["other_events_90d"], 2);
}

TEST(CustomerFeaturesTest, OnePurchase) {
  MemoryEvents events;
  events.Purchase("ann", "cup", Day(10));
  auto f = FeaturesOf(events, Day(20), "ann");
  EXPECT_EQ(f["recency_days"], 10);
  EXPECT_EQ(f["recency_2nd_days"], 10);
  EXPECT_EQ(f["gap_mean_days"], 10);
  EXPECT_EQ(f["gap_std_days"], 0);
  EXPECT_EQ(f["one_purchase_day"], 1);
  EXPECT_EQ(f["basket_value_mean"], 0);  // an event without a value
  EXPECT_EQ(f["return_recency_days"], kMaxFeatureDays);
}

TEST(CustomerFeaturesTest, FiniteForEveryoneThereIs) {
  MemoryEvents events;
  events.Add("only-looks", "cup", EventType::kView, Day(5));
  events.Add("only-returns", "cup", EventType::kReturn, Day(5)).value_micros = 5;
  events.Consent("only-consents", "all", true, Day(1));
  events.Purchase("long-ago", "cup", Day(-40'000));  // before 1970
  events.Purchase("now", "cup", Day(20));
  const Snapshot snapshot = Build(events, Day(20));
  ThreadPool pool(1);
  const FeatureTable table = BuildCustomerFeatures(pool, snapshot);
  ASSERT_EQ(table.values.rows(), 5);
  for (const float value : table.values.values()) EXPECT_TRUE(std::isfinite(value));
  EXPECT_EQ(FeaturesOf(events, Day(20), "only-looks")["recency_days"], kMaxFeatureDays);
  EXPECT_EQ(FeaturesOf(events, Day(20), "only-consents")["orders_all"], 0);
  EXPECT_EQ(FeaturesOf(events, Day(20), "only-returns")["return_value_share"], 1);
  EXPECT_EQ(FeaturesOf(events, Day(20), "long-ago")["tenure_days"], kMaxFeatureDays);
  EXPECT_EQ(FeaturesOf(events, Day(20), "now")["recency_days"], 0);
}

TEST(CustomerFeaturesTest, NothingAfterTIsSeen) {
  const MemoryEvents world = MakeWorld(200, 150, 4);
  MemoryEvents planted = world;
  PlantFuture(Day(90), &planted);
  ThreadPool one(1), three(3);
  const FeatureTable without = BuildCustomerFeatures(one, Build(world, Day(90)));
  const FeatureTable with = BuildCustomerFeatures(three, Build(planted, Day(90)));
  EXPECT_EQ(without.names, with.names);
  EXPECT_EQ(without.names, CustomerFeatureNames());
  EXPECT_GT(without.values.rows(), 100);
  EXPECT_EQ(without.values.values(), with.values.values());
}

}  // namespace
}  // namespace burgeon
