// What a training says of itself, to be printed, and who watches it (training/run).
#ifndef BURGEON_TRAINING_RECOMMENDER_TRAINING_REPORT_H_
#define BURGEON_TRAINING_RECOMMENDER_TRAINING_REPORT_H_

#include <string>
#include <vector>

#include "training/run/training_run.h"

namespace burgeon {

// What to print of a training run: name and value, in order ("iteration 3: largest relative change
// of a singular value").
struct TrainingReport {
  std::vector<std::string> lines;
  // Told of every step; shows, keeps and stops. Not owned.
  TrainingRun* run = &TrainingRun::Unwatched();
};

// For a training whose time is measured: shown, and nothing computed for the eye.
inline absl::StatusOr<TrainingRun> WatchedRun(ProgressStyle progress) {
  return TrainingRun::Start(RealFileSystem(), SystemClock(),
                            {.progress = progress, .scalars = ShownScalars::kAtHand});
}

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_TRAINING_REPORT_H_
