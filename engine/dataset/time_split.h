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
  int64_t test_customers = 0;          // of train, with at least one test item
  int64_t new_customer_pairs = 0;      // left out: customer not in train
  int64_t new_item_pairs = 0;          // left out: item not in train
};

// options.as_of is T.
absl::StatusOr<TimeSplit> BuildTimeSplit(ThreadPool& pool, const EventStore& store,
                                         const SnapshotOptions& options, int64_t window_days);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_DATASET_TIME_SPLIT_H_
