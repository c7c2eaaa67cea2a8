// The churn problem at T: who counts as active, and the label of the window after T.
#ifndef BURGEON_ENGINE_FEATURES_CHURN_EXAMPLES_H_
#define BURGEON_ENGINE_FEATURES_CHURN_EXAMPLES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/status.h"
#include "engine/base/thread_pool.h"
#include "engine/config/config.h"
#include "engine/dataset/snapshot.h"
#include "engine/features/customer_features.h"

namespace burgeon {

// Customers with a purchase in (T - activity_window_days, T] are the population. Label 1 (churned):
// no purchase in (T, T + prediction_window_days].
struct ChurnOptions {
  int64_t activity_window_days = 180;
  int64_t prediction_window_days = 30;
  // The times trained on (training/churn/churn_split.h).
  int64_t train_step_days = 15;   // between one and the next
  int64_t min_history_days = 45;  // of events before the first
  int64_t max_train_times = 24;
};
// "churn: {activity_window_days: 180, ...}"
ChurnOptions ParseChurnOptions(const ConfigNode& node);

// Rows of the snapshot that are in the population, ascending. Serving scores these and no others.
std::vector<uint32_t> ActiveCustomers(const Snapshot& snapshot, int64_t activity_window_days);

struct ChurnExamples {
  TimeMicros as_of = 0;                // of the latest, when examples of several T were joined
  FeatureTable features;               // of the customers below only
  std::vector<std::string> customers;  // external ids
  std::vector<uint8_t> churned;        // label

  int64_t size() const { return static_cast<int64_t>(churned.size()); }
};

// Features from the snapshot at T, with purpose score; the label from the snapshot at the end of
// the window: a customer who has withdrawn that consent by then is left out. kFailedPrecondition
// when the events end before the window does, or nobody is active.
absl::StatusOr<ChurnExamples> BuildChurnExamples(ThreadPool& pool, const EventLog& log,
                                                 const SnapshotOptions& snapshot_options,
                                                 TimeMicros as_of, const ChurnOptions& options);
absl::StatusOr<ChurnExamples> BuildChurnExamples(ThreadPool& pool, const EventStore& store,
                                                 const SnapshotOptions& snapshot_options,
                                                 TimeMicros as_of, const ChurnOptions& options);

// All of `more` after the rows of `examples`; the names must be the same.
void AppendChurnExamples(const ChurnExamples& more, ChurnExamples* examples);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_FEATURES_CHURN_EXAMPLES_H_
