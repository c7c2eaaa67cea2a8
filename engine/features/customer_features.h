// Features of every customer at T, and the churn label of the window after T.
#ifndef BURGEON_ENGINE_FEATURES_CUSTOMER_FEATURES_H_
#define BURGEON_ENGINE_FEATURES_CUSTOMER_FEATURES_H_

#include <string>
#include <vector>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/base/thread_pool.h"
#include "engine/dataset/snapshot.h"

namespace burgeon {

struct FeatureTable {
  std::vector<std::string> names;  // [features], unit last: recency_days, monetary_180d, ...
  FloatMatrix values;              // [customers, features], raw, finite
};

// From the snapshot alone, so nothing after T can enter.
FeatureTable BuildCustomerFeatures(ThreadPool& pool, const Snapshot& snapshot);

// The churn problem at T: customers active in the observation window (a purchase within
// `activity_window_days` before T), label 1 when no purchase follows in
// (T, T + prediction_window_days].
struct ChurnOptions {
  int64_t activity_window_days = 180;
  int64_t prediction_window_days = 90;
};
ChurnOptions ParseChurnOptions(const ConfigNode& node);

struct ChurnExamples {
  TimeMicros as_of = 0;
  FeatureTable features;              // of the customers below only
  std::vector<std::string> customers; // external ids
  std::vector<uint8_t> churned;       // label
};

// Builds the snapshot at T with purpose score, and the label from the store as known at the end of
// the window. kFailedPrecondition when the store ends before the window does, or nobody is active.
absl::StatusOr<ChurnExamples> BuildChurnExamples(ThreadPool& pool, const EventStore& store,
                                                 const SnapshotOptions& snapshot_options,
                                                 TimeMicros as_of, const ChurnOptions& options);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_FEATURES_CUSTOMER_FEATURES_H_
