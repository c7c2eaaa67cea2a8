#include "engine/features/customer_features.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/base/check.h"

namespace burgeon {
namespace {

constexpr double kMicrosPerUnit = 1e6;
constexpr std::array<int, 4> kWindows = {30, 90, 180, 365};

struct Order {
  TimeMicros time = 0;
  double value = 0;
  double units = 0;
  int64_t lines = 0;
};

// What the events of one customer come to.
struct History {
  std::vector<Order> orders;  // of purchases, by time of their first event
  std::vector<int64_t> days;  // with a purchase, ascending, since 1970
  int64_t distinct_items = 0;
  double value = 0;
  int64_t lines = 0;
  double return_value = 0;
  int64_t returns = 0;
  TimeMicros last_purchase = 0;
  TimeMicros last_return = 0;
  std::array<int64_t, 2> other_events = {};  // of the first two windows
};

// Rounds towards minus infinity, so that times before 1970 fall on the right day.
int64_t FloorDivide(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

double DaysBetween(TimeMicros from, TimeMicros to) {
  const double days = static_cast<double>(to - from) / static_cast<double>(kMicrosPerDay);
  return std::min(days, kMaxFeatureDays);
}

History Collect(const Snapshot& snapshot, size_t customer) {
  const SnapshotEvents& events = snapshot.events;
  History history;
  std::vector<uint32_t> items;
  std::vector<int64_t> order_at;  // of events.order: the place in history.orders, or -1
  for (auto k = static_cast<size_t>(events.offsets[customer]);
       k < static_cast<size_t>(events.offsets[customer + 1]); ++k) {
    const TimeMicros time = events.time[k];
    const double value = static_cast<double>(events.value_micros[k]) / kMicrosPerUnit;
    if (events.type[k] == EventType::kReturn) {
      ++history.returns;
      history.return_value += value;
      history.last_return = time;
    } else if (events.type[k] != EventType::kPurchase) {
      for (size_t w = 0; w < history.other_events.size(); ++w) {
        if (time > snapshot.as_of - kWindows[w] * kMicrosPerDay) ++history.other_events[w];
      }
    } else {
      const size_t order = events.order[k];
      if (order >= order_at.size()) order_at.resize(order + 1, -1);
      if (order_at[order] < 0) {
        order_at[order] = static_cast<int64_t>(history.orders.size());
        history.orders.push_back({.time = time});
      }
      Order& into = history.orders[static_cast<size_t>(order_at[order])];
      into.value += value;
      into.units += events.quantity[k];
      ++into.lines;
      history.value += value;
      ++history.lines;
      history.last_purchase = time;
      const int64_t day = FloorDivide(time, kMicrosPerDay);
      if (history.days.empty() || history.days.back() != day) history.days.push_back(day);
      if (events.item[k] != kNoItemRow) items.push_back(events.item[k]);
    }
  }
  std::sort(items.begin(), items.end());
  history.distinct_items = std::unique(items.begin(), items.end()) - items.begin();
  return history;
}

// Months since year 0 of a day since 1970 (Hinnant, "chrono-Compatible Low-Level Date Algorithms",
// civil_from_days).
int64_t MonthOf(int64_t day) {
  const int64_t z = day + 719468;
  const int64_t era = FloorDivide(z, 146097);
  const int64_t doe = z - era * 146097;
  const int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
  const int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const int64_t mp = (5 * doy + 2) / 153;  // March is 0
  return (era * 400 + yoe) * 12 + mp;      // a count of months: its start does not matter
}

int64_t CountMonths(const std::vector<int64_t>& days) {
  int64_t months = 0;
  for (size_t i = 0; i < days.size(); ++i) {
    if (i == 0 || MonthOf(days[i]) != MonthOf(days[i - 1])) ++months;
  }
  return months;
}

// Writes named values in the order of the first call for each; the names are collected once.
class Row {
 public:
  Row(std::span<float> values, std::vector<std::string>* names) : values_(values), names_(names) {}
  void Put(const char* name, double value) { Put(std::string(name), value); }
  void Put(const std::string& name, double value) {
    if (names_ != nullptr) names_->push_back(name);
    if (!values_.empty()) {
      BURGEON_CHECK(std::isfinite(value));
      values_[at_] = static_cast<float>(value);
    }
    ++at_;
  }

 private:
  std::span<float> values_;
  std::vector<std::string>* names_;
  size_t at_ = 0;
};

void PutWindows(const History& history, TimeMicros as_of, Row* row) {
  std::array<int64_t, kWindows.size()> orders = {};
  std::array<double, kWindows.size()> money = {};
  int64_t before = 0;  // orders from 180 to 90 days ago
  for (const Order& order : history.orders) {
    for (size_t w = 0; w < kWindows.size(); ++w) {
      if (order.time <= as_of - kWindows[w] * kMicrosPerDay) continue;
      ++orders[w];
      money[w] += order.value;
    }
  }
  before = orders[2] - orders[1];
  for (size_t w = 0; w < kWindows.size(); ++w) {
    row->Put(Concat("orders_", kWindows[w], "d"), static_cast<double>(orders[w]));
    row->Put(Concat("monetary_", kWindows[w], "d"), money[w]);
  }
  row->Put("orders_all", static_cast<double>(history.orders.size()));
  row->Put("monetary_all", history.value);
  row->Put("trend_90d_ratio",
           static_cast<double>(orders[1] - before) / static_cast<double>(orders[1] + before + 1));
}

void PutBaskets(const History& history, Row* row) {
  const auto orders = static_cast<double>(std::max<size_t>(1, history.orders.size()));
  double units = 0;
  for (const Order& order : history.orders) units += order.units;
  row->Put("distinct_items", static_cast<double>(history.distinct_items));
  row->Put("basket_value_mean", history.value / orders);
  row->Put("basket_value_last", history.orders.empty() ? 0 : history.orders.back().value);
  row->Put("lines_per_order", static_cast<double>(history.lines) / orders);
  row->Put("units_per_order", units / orders);
}

void PutRhythm(const History& history, TimeMicros as_of, Row* row) {
  const bool any = !history.orders.empty();
  const double recency = any ? DaysBetween(history.last_purchase, as_of) : kMaxFeatureDays;
  const double tenure = any ? DaysBetween(history.orders.front().time, as_of) : kMaxFeatureDays;
  double mean = any ? tenure : 0;
  double last = mean;
  double variance = 0;
  if (history.days.size() > 1) {
    const auto gaps = static_cast<double>(history.days.size() - 1);
    mean = static_cast<double>(history.days.back() - history.days.front()) / gaps;
    last = static_cast<double>(history.days.back() - history.days[history.days.size() - 2]);
    for (size_t i = 1; i < history.days.size(); ++i) {
      const double d = static_cast<double>(history.days[i] - history.days[i - 1]) - mean;
      variance += d * d / gaps;
    }
  }
  const auto days = static_cast<double>(history.days.size());
  row->Put("recency_days", recency);
  const auto since = [&](size_t place) {  // the place-th purchase day from the last
    if (history.days.size() < place) return tenure;
    return DaysBetween(history.days[history.days.size() - place] * kMicrosPerDay, as_of);
  };
  row->Put("recency_2nd_days", since(2));
  row->Put("recency_3rd_days", since(3));
  row->Put("tenure_days", tenure);
  row->Put("active_span_days",
           any ? DaysBetween(history.orders.front().time, history.last_purchase) : 0);
  row->Put("purchase_days", days);
  row->Put("purchase_days_per_30d", days * 30 / (tenure + 30));
  row->Put("gap_mean_days", std::min(mean, kMaxFeatureDays));
  row->Put("gap_std_days", std::min(std::sqrt(variance), kMaxFeatureDays));
  row->Put("gap_last_days", std::min(last, kMaxFeatureDays));
  row->Put("recency_per_gap_ratio", any ? recency / (mean + 1) : 0);
  row->Put("one_purchase_day", history.days.size() == 1 ? 1 : 0);
  row->Put("active_months", static_cast<double>(CountMonths(history.days)));
}

void PutReturns(const History& history, TimeMicros as_of, Row* row) {
  const auto returns = static_cast<double>(history.returns);
  const double events = returns + static_cast<double>(history.lines);
  const double value = history.return_value + history.value;
  row->Put("return_event_share", events > 0 ? returns / events : 0);
  row->Put("return_value_share", value > 0 ? history.return_value / value : 0);
  row->Put("return_recency_days",
           history.returns > 0 ? DaysBetween(history.last_return, as_of) : kMaxFeatureDays);
}

void PutHabits(const History& history, Row* row) {
  std::array<int64_t, 7> weekdays = {};
  std::array<int64_t, 24> hours = {};
  constexpr int64_t kHour = 3600 * kMicrosPerSecond;
  for (const Order& order : history.orders) {
    const int64_t weekday = FloorDivide(order.time, kMicrosPerDay) % 7;
    ++weekdays[static_cast<size_t>(weekday < 0 ? weekday + 7 : weekday)];
    const int64_t hour = FloorDivide(order.time, kHour) % 24;
    ++hours[static_cast<size_t>(hour < 0 ? hour + 24 : hour)];
  }
  const auto orders = static_cast<double>(std::max<size_t>(1, history.orders.size()));
  const auto share = [&](const auto& counts) {
    return static_cast<double>(*std::max_element(counts.begin(), counts.end())) / orders;
  };
  row->Put("top_weekday_share", share(weekdays));
  row->Put("top_hour_share", share(hours));
  row->Put("other_events_30d", static_cast<double>(history.other_events[0]));
  row->Put("other_events_90d", static_cast<double>(history.other_events[1]));
}

void PutAll(const History& history, TimeMicros as_of, Row* row) {
  PutRhythm(history, as_of, row);
  PutWindows(history, as_of, row);
  PutBaskets(history, row);
  PutReturns(history, as_of, row);
  PutHabits(history, row);
}

}  // namespace

const std::vector<std::string>& CustomerFeatureNames() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> collected;
    Row row({}, &collected);
    PutAll(History(), 0, &row);
    return collected;
  }();
  return names;
}

FeatureTable BuildCustomerFeatures(ThreadPool& pool, const Snapshot& snapshot) {
  FeatureTable table;
  table.names = CustomerFeatureNames();
  table.values = FloatMatrix(snapshot.customers.size(), static_cast<int64_t>(table.names.size()));
  pool.ParallelFor(snapshot.customers.size(), 256, [&](int64_t begin, int64_t end) {
    for (int64_t c = begin; c < end; ++c) {
      Row row(table.values.row(c), nullptr);
      PutAll(Collect(snapshot, static_cast<size_t>(c)), snapshot.as_of, &row);
    }
  });
  return table;
}

}  // namespace burgeon
