// How a training is watched, kept and stopped: what a trainer calls after each of its steps (epochs
// or iterations). Progress with loss, rate and time left on standard error; scalars for TensorBoard
// (event_file.h); checkpoints (checkpoint.h); a stop between two steps (stop_signals.h).
//
//   BURGEON_ASSIGN_OR_RETURN(TrainingRun run, TrainingRun::Start(files, clock, options));
//   report.run = &run;                                   // of TrainRecommender
// and in a trainer:
//   BURGEON_ASSIGN_OR_RETURN(auto from, run.ResumeFrom("als", identity));   // or nothing
//   run.Begin("train als", "epochs", start, options.epochs);
//   for (int epoch = start + 1; epoch <= options.epochs; ++epoch) {
//     ...
//     BURGEON_RETURN_IF_ERROR(run.EndStep(epoch, {{"train/loss", loss}}, make_checkpoint));
//   }
//   BURGEON_RETURN_IF_ERROR(run.Finish());
//
// It never changes what is learned. Not thread-safe.
#ifndef BURGEON_TRAINING_RUN_TRAINING_RUN_H_
#define BURGEON_TRAINING_RUN_TRAINING_RUN_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/progress.h"
#include "engine/base/status.h"
#include "engine/storage/file_system.h"
#include "training/run/checkpoint.h"
#include "training/run/event_file.h"
#include "training/run/stop_signals.h"

namespace burgeon {

enum class TrainingStart { kAnew, kLatestCheckpoint };
// kAtHand: what a step knows anyway, where the time of the training is measured.
enum class ShownScalars { kAll, kAtHand };

struct TrainingRunOptions {
  ProgressStyle progress = ProgressStyle::kSilent;
  ShownScalars scalars = ShownScalars::kAll;
  std::string tensorboard_folder = {};  // "": no event file
  std::string checkpoint_folder = {};   // "": no checkpoints
  int64_t checkpoint_every = 1;         // steps; the last step and a stop are kept besides
  TrainingStart start = TrainingStart::kAnew;
  const StopFlag* stop = nullptr;  // nullptr: nothing stops it
};

class TrainingRun {
 public:
  // kInvalidArgument when checkpoint_every is below 1, or a start from a checkpoint has no folder.
  static absl::StatusOr<TrainingRun> Start(FileSystem& files, const Clock& clock,
                                           const TrainingRunOptions& options);
  // One that shows, writes and stops nothing. From any thread.
  static TrainingRun& Unwatched();

  // Whether anybody wants to see the scalars that cost time to compute; those at hand are told
  // whatever this says.
  bool shows_scalars() const {
    return options_.scalars == ShownScalars::kAll &&
           (options_.progress != ProgressStyle::kSilent || events_);
  }
  bool stop_requested() const { return options_.stop != nullptr && options_.stop->requested(); }

  // The checkpoint to go on from; nothing: start anew. kFailedPrecondition when the folder's is of
  // another kind or identity, when there is none to go on from, and when there are some although
  // the run is to start anew.
  absl::StatusOr<std::optional<Checkpoint>> ResumeFrom(const std::string& kind,
                                                       const std::string& identity);

  // `done` of `total` steps are behind us. `unit`: "epochs".
  void Begin(const std::string& name, const std::string& unit, int64_t done, int64_t total);
  // Step number `step` of `total` is done. `checkpoint` is called when one is to be written; empty
  // for a trainer that keeps none. kCancelled when a stop is requested and steps are left; the
  // message says what was kept and how to go on.
  absl::Status EndStep(int64_t step, const std::vector<TrainingScalar>& scalars,
                       const std::function<Checkpoint()>& checkpoint);
  // The steps are over, all of them or because more would not help.
  absl::Status Finish();

 private:
  using Steady = std::chrono::steady_clock;

  TrainingRun() = default;
  absl::Status Stopped(int64_t step, bool kept) const;

  TrainingRunOptions options_;
  FileSystem* files_ = nullptr;  // nullptr: Unwatched
  std::optional<EventFile> events_;
  Steady::time_point events_synced_ = {};
  Steady::time_point step_started_ = {};
  std::unique_ptr<Progress> progress_;
  std::string name_;
  std::string unit_;
  int64_t total_ = 0;
};

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RUN_TRAINING_RUN_H_
