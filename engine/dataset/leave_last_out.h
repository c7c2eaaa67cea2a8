// The leave-last-out split: of every customer, the last items that were new to the customer are to
// be found, from what the customer had done before.
//
// The times at which a customer first bought each item, without repeats and ascending, are
// t_1 < ... < t_m. To be found is
//   kTest        what was first bought at t_m;      cut = t_m      (m >= 2)
//   kValidation  what was first bought at t_{m-1};  cut = t_{m-1}  (m >= 3)
// and train is what happened strictly before the cut, returns and views among it: of an order,
// whose lines have one time, all new items are held out together. A customer with too few times has
// nothing to be found, and is trained on: on everything with m = 1; for kValidation with m = 2
// before t_2, since what the test will ask for is not used to choose a model.
//
// Nothing a customer does later leaks into the customer's own history, but other customers' later
// events are in train (Ji et al., "A critical study on data leakage in recommender system offline
// evaluation", TOIS 2023): the time split has no such leak.
#ifndef BURGEON_ENGINE_DATASET_LEAVE_LAST_OUT_H_
#define BURGEON_ENGINE_DATASET_LEAVE_LAST_OUT_H_

#include <cstdint>
#include <vector>

#include "engine/dataset/snapshot.h"

namespace burgeon {

enum class HeldOutPart { kTest, kValidation };

struct LeaveLastOut {
  Snapshot known;                       // as known at T: vocabularies and all events
  std::vector<TimeMicros> cut;          // [customers]; INT64_MAX: nothing is held back
  CsrMatrix train;                      // [customers, items] weights of what came before the cut
  std::vector<TimeMicros> train_times;  // beside train.columns: the last event of each
  CsrMatrix mask;                       // the same shape: bought before the cut
  CsrMatrix test;                       // the same shape: to be found; no item of the mask
  int64_t test_customers = 0;
  int64_t short_customers = 0;  // without test items
};

// options.as_of is T, by default everything there is. kFailedPrecondition when nobody has anything
// to be found.
absl::StatusOr<LeaveLastOut> BuildLeaveLastOut(ThreadPool& pool, const EventLog& log,
                                               const SnapshotOptions& options, HeldOutPart part);
absl::StatusOr<LeaveLastOut> BuildLeaveLastOut(ThreadPool& pool, const EventStore& store,
                                               const SnapshotOptions& options, HeldOutPart part);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_DATASET_LEAVE_LAST_OUT_H_
