// The time split: train on what was known at T, test on what customers bought in the window after.
#ifndef BURGEON_ENGINE_DATASET_TIME_SPLIT_H_
#define BURGEON_ENGINE_DATASET_TIME_SPLIT_H_

#include "engine/dataset/snapshot.h"

namespace burgeon {

struct TimeSplit {
  Snapshot train;  // as known at T
  // Items of purchase events with T < event_time <= T + window, as known at the end of the window;
  // [train customers, train items]: customers and items new after T cannot be ranked, and are
  // counted below.
  CsrMatrix test;
  int64_t window_days = 0;
  int64_t test_customers = 0;      // of train, with at least one test item
  int64_t new_customer_pairs = 0;  // left out: customer not in train
  int64_t new_item_pairs = 0;      // left out: item not in train
};

inline constexpr int64_t kMaxWindowDays = 36'500;

// options.as_of is T. A customer who has withdrawn consent by the end of the window has no test
// items. An item bought before T and again in the window is a test item; whoever masks seen items
// takes it out. kInvalidArgument without a T, kFailedPrecondition when the events end before the
// window does.
absl::StatusOr<TimeSplit> BuildTimeSplit(ThreadPool& pool, const EventLog& log,
                                         const SnapshotOptions& options, int64_t window_days);
absl::StatusOr<TimeSplit> BuildTimeSplit(ThreadPool& pool, const EventStore& store,
                                         const SnapshotOptions& options, int64_t window_days);

// The test items that the customer had not bought before T: what can be found where items that were
// bought are masked. The same shape as test.
CsrMatrix NewItems(const TimeSplit& split);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_DATASET_TIME_SPLIT_H_
