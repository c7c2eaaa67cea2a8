// Features of every customer at T. What each feature means, with its unit:
//
//   recency_days                since the last purchase
//   recency_2nd_days            since the purchase day before the last, and the one before that;
//   recency_3rd_days            tenure_days when there is none
//   tenure_days                 since the first purchase
//   active_span_days            from the first purchase to the last
//   orders_{30,90,180,365}d     orders of the last so many days (an order: the purchases of one
//   orders_all                  session, else of one moment)
//   monetary_{30,90,180,365}d   money of purchases, in units of the currency (not micros), returns
//   monetary_all                not taken off
//   distinct_items              different items ever bought
//   basket_value_mean           money an order
//   basket_value_last           money of the last order
//   lines_per_order             purchase events an order
//   units_per_order             quantity an order
//   purchase_days               different days (UTC) with a purchase
//   purchase_days_per_30d       purchase_days * 30 / (tenure_days + 30)
//   gap_mean_days               mean time between purchase days; tenure_days when there is one day
//   gap_std_days                standard deviation of those; 0 with fewer than two gaps
//   gap_last_days               the last of those; tenure_days when there is one day
//   recency_per_gap_ratio       recency_days / (gap_mean_days + 1)
//   one_purchase_day            1 when there was one purchase day, else 0
//   return_event_share          returns / (returns + purchases), events
//   return_value_share          money of returns / (of returns + of purchases)
//   return_recency_days         since the last return
//   active_months               calendar months (UTC) with a purchase
//   trend_90d_ratio             (a - b) / (a + b + 1), a: orders of the last 90 days, b: of the 90
//                               before
//   top_weekday_share           share of the orders on the most frequent weekday (UTC)
//   top_hour_share              share of the orders in the most frequent hour of the day (UTC)
//   other_events_{30,90}d       events of other types than purchase and return
//
// Times in days are capped at kMaxFeatureDays, which also stands for "never". Everything is finite
// for every customer; without purchases the times since are kMaxFeatureDays and the rest is 0.
#ifndef BURGEON_ENGINE_FEATURES_CUSTOMER_FEATURES_H_
#define BURGEON_ENGINE_FEATURES_CUSTOMER_FEATURES_H_

#include <string>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/base/thread_pool.h"
#include "engine/dataset/snapshot.h"

namespace burgeon {

inline constexpr double kMaxFeatureDays = 1095;

struct FeatureTable {
  std::vector<std::string> names;  // [features], unit last: recency_days, monetary_180d, ...
  FloatMatrix values;              // [customers, features], raw, finite
};

const std::vector<std::string>& CustomerFeatureNames();

// From the snapshot alone, so nothing after T can enter. The same bits for any number of threads.
FeatureTable BuildCustomerFeatures(ThreadPool& pool, const Snapshot& snapshot);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_FEATURES_CUSTOMER_FEATURES_H_
