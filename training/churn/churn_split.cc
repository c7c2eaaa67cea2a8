#include "training/churn/churn_split.h"

#include <algorithm>

namespace burgeon {
namespace {

// The first event as known at the end: one that is dated early and came in after it must not move
// the times.
absl::StatusOr<TimeMicros> FirstEventTime(ThreadPool& pool, const EventLog& log,
                                          const SnapshotOptions& snapshot_options, TimeMicros end) {
  SnapshotOptions at = snapshot_options;
  at.purpose = Purpose::kScore;
  at.as_of = end;
  BURGEON_ASSIGN_OR_RETURN(const Snapshot snapshot, BuildSnapshot(pool, log, at));
  if (snapshot.events.time.empty()) {
    return FailedPrecondition("churn: no customer with consent for score has an event by ",
                              FormatTime(end));
  }
  return *std::min_element(snapshot.events.time.begin(), snapshot.events.time.end());
}

}  // namespace

absl::StatusOr<ChurnTimes> DesignChurnTimes(TimeMicros first, TimeMicros last,
                                            const ChurnOptions& options) {
  if (options.prediction_window_days < 1 || options.train_step_days < 1 ||
      options.min_history_days < 0 || options.max_train_times < 1) {
    return InvalidArgument("churn: prediction_window_days ", options.prediction_window_days,
                           ", train_step_days ", options.train_step_days, " and max_train_times ",
                           options.max_train_times, " must be at least 1, and min_history_days ",
                           options.min_history_days, " at least 0");
  }
  const int64_t needed_days = 3 * options.prediction_window_days + options.min_history_days;
  if ((last - first) / kMicrosPerDay < needed_days) {
    return FailedPrecondition("churn: the events span ", (last - first) / kMicrosPerDay, " days (",
                              FormatTime(first), " to ", FormatTime(last),
                              "); train, validation and test windows of ",
                              options.prediction_window_days, " days after ",
                              options.min_history_days, " days of history need ", needed_days,
                              ": lower churn.prediction_window_days or churn.min_history_days");
  }
  const int64_t window = options.prediction_window_days * kMicrosPerDay;
  ChurnTimes times;
  times.test = last - window;
  times.validation = last - 2 * window;
  const TimeMicros earliest = first + options.min_history_days * kMicrosPerDay;
  for (TimeMicros t = last - 3 * window;
       t >= earliest && static_cast<int64_t>(times.train.size()) < options.max_train_times;
       t -= options.train_step_days * kMicrosPerDay) {
    times.train.push_back(t);
  }
  std::reverse(times.train.begin(), times.train.end());
  return times;
}

absl::StatusOr<ChurnSplit> BuildChurnSplit(ThreadPool& pool, const EventLog& log,
                                           const SnapshotOptions& snapshot_options,
                                           const ChurnOptions& options,
                                           std::optional<TimeMicros> end) {
  const TimeMicros last = end.value_or(log.last_event_time);
  BURGEON_ASSIGN_OR_RETURN(const TimeMicros first,
                           FirstEventTime(pool, log, snapshot_options, last));
  ChurnSplit split;
  BURGEON_ASSIGN_OR_RETURN(split.times, DesignChurnTimes(first, last, options));
  for (const TimeMicros t : split.times.train) {
    BURGEON_ASSIGN_OR_RETURN(const ChurnExamples examples,
                             BuildChurnExamples(pool, log, snapshot_options, t, options));
    AppendChurnExamples(examples, &split.train);
  }
  BURGEON_ASSIGN_OR_RETURN(split.validation, BuildChurnExamples(pool, log, snapshot_options,
                                                                split.times.validation, options));
  BURGEON_ASSIGN_OR_RETURN(
      split.test, BuildChurnExamples(pool, log, snapshot_options, split.times.test, options));
  return split;
}

absl::StatusOr<ChurnSplit> BuildChurnSplit(ThreadPool& pool, const EventStore& store,
                                           const SnapshotOptions& snapshot_options,
                                           const ChurnOptions& options) {
  BURGEON_ASSIGN_OR_RETURN(const EventLog log, ReadEventLog(pool, store));
  return BuildChurnSplit(pool, log, snapshot_options, options);
}

}  // namespace burgeon
