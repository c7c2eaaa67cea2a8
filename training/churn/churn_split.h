// Which times a churn model is trained, calibrated and tested on.
//
// On events that end at E, with a prediction window of W days:
//   test        E - W: the last time whose label window is closed
//   validation  E - 2 W: its window closes when the test's features are taken
//   train       E - 3 W, and train_step_days before that, again and again, as long as there are
//               min_history_days of events before: every window closes before the validation's
//               features are taken
// So at each step nothing is used that was not known when the next begins: a model that was to be
// made at the test time could have been made exactly so. Calibration is fitted on the validation
// time, the latest with known labels.
//
//   BURGEON_ASSIGN_OR_RETURN(const ChurnSplit split,
//                            BuildChurnSplit(pool, log, snapshot_options, churn_options));
#ifndef BURGEON_TRAINING_CHURN_CHURN_SPLIT_H_
#define BURGEON_TRAINING_CHURN_CHURN_SPLIT_H_

#include <optional>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/status.h"
#include "engine/base/thread_pool.h"
#include "engine/dataset/snapshot.h"
#include "engine/features/churn_examples.h"

namespace burgeon {

struct ChurnTimes {
  std::vector<TimeMicros> train;  // ascending
  TimeMicros validation = 0;
  TimeMicros test = 0;
};

// `first` and `last`: of the events. kFailedPrecondition, with the days that are needed and there,
// when not even one train time has its history.
absl::StatusOr<ChurnTimes> DesignChurnTimes(TimeMicros first, TimeMicros last,
                                            const ChurnOptions& options);

struct ChurnSplit {
  ChurnTimes times;
  ChurnExamples train;  // of all train times, in order
  ChurnExamples validation;
  ChurnExamples test;
};

// `end`: the events are taken to end there (a test at an earlier time); nothing: at the last one.
absl::StatusOr<ChurnSplit> BuildChurnSplit(ThreadPool& pool, const EventLog& log,
                                           const SnapshotOptions& snapshot_options,
                                           const ChurnOptions& options,
                                           std::optional<TimeMicros> end = std::nullopt);
absl::StatusOr<ChurnSplit> BuildChurnSplit(ThreadPool& pool, const EventStore& store,
                                           const SnapshotOptions& snapshot_options,
                                           const ChurnOptions& options);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_CHURN_CHURN_SPLIT_H_
