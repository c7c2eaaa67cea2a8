#include "training/run/training_run.h"

#include <cstdio>
#include <utility>

namespace burgeon {
namespace {

// Often enough to look at while it runs; an fsync a step would slow short steps.
constexpr auto kEventSyncInterval = std::chrono::seconds(2);

std::string NoteOf(const std::vector<TrainingScalar>& scalars) {
  std::string note;
  for (const TrainingScalar& scalar : scalars) {
    const size_t slash = scalar.tag.rfind('/');
    char value[32];
    std::snprintf(value, sizeof(value), "%.6g", scalar.value);
    note += Concat(note.empty() ? "" : ", ",
                   std::string_view(scalar.tag).substr(slash == std::string::npos ? 0 : slash + 1),
                   " ", value);
  }
  return note;
}

}  // namespace

absl::StatusOr<TrainingRun> TrainingRun::Start(FileSystem& files, const Clock& clock,
                                               const TrainingRunOptions& options) {
  if (options.checkpoint_every < 1) {
    return InvalidArgument("checkpoint_every: ", options.checkpoint_every, " is not at least 1");
  }
  if (options.start == TrainingStart::kLatestCheckpoint && options.checkpoint_folder.empty()) {
    return InvalidArgument("resume: the folder of the checkpoints is not given (--checkpoint-dir)");
  }
  TrainingRun run;
  run.options_ = options;
  run.files_ = &files;
  if (!options.tensorboard_folder.empty()) {
    BURGEON_ASSIGN_OR_RETURN(EventFile events,
                             EventFile::Create(files, options.tensorboard_folder, clock));
    run.events_ = std::move(events);
  }
  return run;
}

TrainingRun& TrainingRun::Unwatched() {
  static TrainingRun run;
  return run;
}

absl::StatusOr<std::optional<Checkpoint>> TrainingRun::ResumeFrom(const std::string& kind,
                                                                  const std::string& identity) {
  const std::string& folder = options_.checkpoint_folder;
  if (folder.empty()) return std::optional<Checkpoint>();
  BURGEON_ASSIGN_OR_RETURN(std::optional<Checkpoint> latest, LoadLatestCheckpoint(*files_, folder));
  if (options_.start == TrainingStart::kAnew) {
    if (!latest) return latest;
    return FailedPrecondition(folder, ": holds a checkpoint of ", latest->kind, " after step ",
                              latest->step, "; --resume goes on from it, and removing the folder ",
                              "or naming another one starts anew");
  }
  if (!latest) {
    return FailedPrecondition(folder, ": there is no checkpoint to resume from");
  }
  if (latest->kind != kind) {
    return FailedPrecondition(folder, ": the checkpoint is of ", latest->kind, ", not of ", kind);
  }
  if (latest->identity != identity) {
    return FailedPrecondition(folder, ": the checkpoint is of other data or other options of ",
                              kind, "; a run goes on with those it began with (only how many ",
                              "steps may change)");
  }
  return latest;
}

void TrainingRun::Begin(const std::string& name, const std::string& unit, int64_t done,
                        int64_t total) {
  if (files_ == nullptr) return;
  name_ = name;
  unit_ = unit;
  total_ = total;
  step_started_ = events_synced_ = Steady::now();
  if (options_.progress == ProgressStyle::kSilent) return;
  const std::string shown = done > 0 ? Concat(name, " (after ", done, " ", unit, ")") : name;
  progress_ = std::make_unique<Progress>(shown, total - done, unit, options_.progress);
}

absl::Status TrainingRun::EndStep(int64_t step, const std::vector<TrainingScalar>& scalars,
                                  const std::function<Checkpoint()>& checkpoint) {
  if (files_ == nullptr) return absl::OkStatus();
  const auto now = Steady::now();
  if (progress_ != nullptr) {
    progress_->Note(NoteOf(scalars));
    progress_->Add(1);
  }
  if (events_) {
    std::vector<TrainingScalar> all = scalars;
    all.push_back(
        {"time/seconds_a_step", std::chrono::duration<double>(now - step_started_).count()});
    BURGEON_RETURN_IF_ERROR(events_->Add(step, all));
    if (now - events_synced_ >= kEventSyncInterval) {
      BURGEON_RETURN_IF_ERROR(events_->Sync());
      events_synced_ = now;
    }
  }
  const bool stop = stop_requested() && step < total_;
  const bool keeps = checkpoint != nullptr && !options_.checkpoint_folder.empty();
  if (keeps && (stop || step == total_ || step % options_.checkpoint_every == 0)) {
    BURGEON_RETURN_IF_ERROR(WriteCheckpoint(*files_, options_.checkpoint_folder, checkpoint()));
  }
  step_started_ = Steady::now();
  if (!stop) return absl::OkStatus();
  BURGEON_RETURN_IF_ERROR(Finish());
  return Stopped(step, keeps);
}

absl::Status TrainingRun::Finish() {
  if (progress_ != nullptr) progress_->Finish();
  progress_.reset();
  if (!events_) return absl::OkStatus();
  const absl::Status closed = events_->Close();
  events_.reset();
  return closed;
}

absl::Status TrainingRun::Stopped(int64_t step, bool kept) const {
  const std::string done = Concat(name_, ": stopped after ", step, " of ", total_, " ", unit_);
  if (kept) {
    return MakeStatus(absl::StatusCode::kCancelled, done, "; the checkpoint is in ",
                      options_.checkpoint_folder, ": the same command with --resume goes on");
  }
  return MakeStatus(absl::StatusCode::kCancelled, done,
                    "; nothing of it is kept (no checkpoints were asked for)");
}

}  // namespace burgeon
