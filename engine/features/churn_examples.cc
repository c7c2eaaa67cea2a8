#include "engine/features/churn_examples.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"

namespace burgeon {
namespace {

constexpr int64_t kMaxDays = 36'500;

// Whether the customer bought anything with from < event_time <= to.
bool BoughtBetween(const Snapshot& snapshot, size_t customer, TimeMicros from, TimeMicros to) {
  const SnapshotEvents& events = snapshot.events;
  for (auto k = static_cast<size_t>(events.offsets[customer]);
       k < static_cast<size_t>(events.offsets[customer + 1]); ++k) {
    if (events.type[k] == EventType::kPurchase && events.time[k] > from && events.time[k] <= to) {
      return true;
    }
  }
  return false;
}

absl::Status CheckOptions(const EventLog& log, TimeMicros as_of, const ChurnOptions& options) {
  for (const auto& [name, days] :
       {std::pair("activity_window_days", options.activity_window_days),
        std::pair("prediction_window_days", options.prediction_window_days)}) {
    if (days < 1 || days > kMaxDays) {
      return InvalidArgument(name, ": ", days, " is not a number from 1 to ", kMaxDays);
    }
  }
  if (as_of > INT64_MAX - options.prediction_window_days * kMicrosPerDay ||
      as_of + options.prediction_window_days * kMicrosPerDay > log.last_event_time) {
    return FailedPrecondition(
        "churn labels at ", FormatTime(as_of), " need ", options.prediction_window_days,
        " days of events after it; the last event is of ", FormatTime(log.last_event_time));
  }
  return absl::OkStatus();
}

}  // namespace

ChurnOptions ParseChurnOptions(const ConfigNode& node) {
  const ChurnOptions defaults;
  ChurnOptions options;
  const IntRange days = {1, kMaxDays};
  options.activity_window_days =
      node.GetInt("activity_window_days", defaults.activity_window_days, days);
  options.prediction_window_days =
      node.GetInt("prediction_window_days", defaults.prediction_window_days, days);
  options.train_step_days = node.GetInt("train_step_days", defaults.train_step_days, days);
  options.min_history_days =
      node.GetInt("min_history_days", defaults.min_history_days, {0, kMaxDays});
  options.max_train_times = node.GetInt("max_train_times", defaults.max_train_times, {1, 1000});
  return options;
}

std::vector<uint32_t> ActiveCustomers(const Snapshot& snapshot, int64_t activity_window_days) {
  const TimeMicros from = snapshot.as_of - activity_window_days * kMicrosPerDay;
  std::vector<uint32_t> active;
  for (size_t c = 0; c < static_cast<size_t>(snapshot.customers.size()); ++c) {
    if (BoughtBetween(snapshot, c, from, snapshot.as_of)) {
      active.push_back(static_cast<uint32_t>(c));
    }
  }
  return active;
}

absl::StatusOr<ChurnExamples> BuildChurnExamples(ThreadPool& pool, const EventLog& log,
                                                 const SnapshotOptions& snapshot_options,
                                                 TimeMicros as_of, const ChurnOptions& options) {
  BURGEON_RETURN_IF_ERROR(CheckOptions(log, as_of, options));
  const TimeMicros end = as_of + options.prediction_window_days * kMicrosPerDay;
  SnapshotOptions at = snapshot_options;
  at.purpose = Purpose::kScore;
  at.as_of = as_of;
  BURGEON_ASSIGN_OR_RETURN(const Snapshot snapshot, BuildSnapshot(pool, log, at));
  at.as_of = end;
  BURGEON_ASSIGN_OR_RETURN(const Snapshot after, BuildSnapshot(pool, log, at));

  ChurnExamples examples;
  examples.as_of = as_of;
  const FeatureTable all = BuildCustomerFeatures(pool, snapshot);
  examples.features.names = all.names;
  std::vector<float> values;
  for (const uint32_t row : ActiveCustomers(snapshot, options.activity_window_days)) {
    const auto later = after.customers.Find(snapshot.customers.id(row));
    if (!later.has_value()) continue;  // consent withdrawn within the window
    examples.customers.push_back(snapshot.customers.id(row));
    examples.churned.push_back(BoughtBetween(after, *later, as_of, end) ? 0 : 1);
    const auto features = all.values.row(row);
    values.insert(values.end(), features.begin(), features.end());
  }
  if (examples.customers.empty()) {
    return FailedPrecondition("no customer with consent for score has a purchase in the ",
                              options.activity_window_days, " days before ", FormatTime(as_of));
  }
  examples.features.values =
      FloatMatrix(examples.size(), static_cast<int64_t>(all.names.size()), std::move(values));
  return examples;
}

absl::StatusOr<ChurnExamples> BuildChurnExamples(ThreadPool& pool, const EventStore& store,
                                                 const SnapshotOptions& snapshot_options,
                                                 TimeMicros as_of, const ChurnOptions& options) {
  BURGEON_ASSIGN_OR_RETURN(const EventLog log, ReadEventLog(pool, store));
  return BuildChurnExamples(pool, log, snapshot_options, as_of, options);
}

void AppendChurnExamples(const ChurnExamples& more, ChurnExamples* examples) {
  if (examples->features.names.empty()) examples->features.names = more.features.names;
  BURGEON_CHECK(examples->features.names == more.features.names);
  examples->as_of = examples->size() == 0 ? more.as_of : std::max(examples->as_of, more.as_of);
  std::vector<float> values = std::move(examples->features.values.values());
  values.insert(values.end(), more.features.values.values().begin(),
                more.features.values.values().end());
  examples->customers.insert(examples->customers.end(), more.customers.begin(),
                             more.customers.end());
  examples->churned.insert(examples->churned.end(), more.churned.begin(), more.churned.end());
  examples->features.values = FloatMatrix(
      examples->size(), static_cast<int64_t>(more.features.names.size()), std::move(values));
}

}  // namespace burgeon
