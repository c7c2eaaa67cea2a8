#include "serving/release_holder.h"

#include <utility>

#include "engine/base/check.h"

namespace burgeon {

ReleaseHolder::ReleaseHolder(ReleaseSource& source, ReleaseHolderOptions options,
                             std::function<void(std::string_view)> log)
    : source_(source), options_(options), log_(log ? std::move(log) : [](std::string_view) {}) {}

ReleaseHolder::~ReleaseHolder() { StopWatching(); }

absl::Status ReleaseHolder::LoadFirst() {
  const std::lock_guard lock(look_mutex_);
  BURGEON_ASSIGN_OR_RETURN(const std::string version, source_.CurrentVersion());
  return Load(version);
}

void ReleaseHolder::StartWatching() {
  BURGEON_CHECK(!thread_.joinable());
  stopping_ = false;
  thread_ = std::thread([this] { Watch(); });
}

void ReleaseHolder::StopWatching() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(stop_mutex_);
    stopping_ = true;
  }
  stop_wake_.notify_all();
  thread_.join();
}

std::shared_ptr<const ServingState> ReleaseHolder::Get() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

ReloadCounts ReleaseHolder::Counts() const {
  const std::lock_guard lock(mutex_);
  return counts_;
}

void ReleaseHolder::Watch() {
  std::unique_lock lock(stop_mutex_);
  while (!stop_wake_.wait_for(lock, std::chrono::milliseconds(options_.poll_ms),
                              [this] { return stopping_; })) {
    lock.unlock();
    LookOnce().IgnoreError();  // noted in the counts and the log
    lock.lock();
  }
}

absl::Status ReleaseHolder::Refresh() { return LookOnce(); }

absl::Status ReleaseHolder::LookOnce() {
  const std::lock_guard lock(look_mutex_);
  return LookWithLock();
}

absl::Status ReleaseHolder::LookWithLock() {
  // Asked before the load: what changes during the load is another version, and loaded next.
  const absl::StatusOr<std::string> version = source_.CurrentVersion();
  if (!version.ok()) {
    const bool none_yet = loaded_version_.empty() && absl::IsNotFound(version.status());
    if (!none_yet) NoteFailure("?", version.status());
    return version.status();
  }
  if (*version == loaded_version_) {
    // Back to what is in use (a roll back, say): nothing is amiss any more.
    failed_version_.clear();
    const std::lock_guard lock(mutex_);
    counts_.last_failed = false;
    return absl::OkStatus();
  }
  const bool failed_lately =
      *version == failed_version_ &&
      Steady::now() - failed_at_ < std::chrono::milliseconds(options_.retry_ms);
  if (failed_lately && overlay_version_ == *version) return absl::OkStatus();
  const absl::Status status = failed_lately ? absl::OkStatus() : Load(*version);
  if (status.ok() && !failed_lately) return status;
  if (!status.ok()) NoteFailure(*version, status);
  return TakeOverlayAlone(*version);
}

// The old release goes on answering, but not about those who were erased meanwhile.
absl::Status ReleaseHolder::TakeOverlayAlone(const std::string& version) {
  const std::shared_ptr<const ServingState> previous = Get();
  if (previous == nullptr) return Unavailable("no release is loaded");
  absl::StatusOr<std::shared_ptr<const ServingState>> state = source_.WithNewOverlay(*previous);
  if (!state.ok()) return state.status();
  const std::lock_guard lock(mutex_);
  state_ = *std::move(state);
  overlay_version_ = version;
  return absl::OkStatus();
}

absl::Status ReleaseHolder::Load(const std::string& version) {
  std::shared_ptr<const ServingState> previous = Get();
  BURGEON_ASSIGN_OR_RETURN(std::shared_ptr<const ServingState> loaded,
                           source_.LoadCurrent(previous.get()));
  const bool new_release = previous == nullptr || previous->release_id != loaded->release_id;
  log_(
      Concat("serving release ", loaded->release_id, new_release ? "" : " with a changed overlay"));
  {
    const std::lock_guard lock(mutex_);
    state_ = std::move(loaded);
    ++counts_.loaded;
    counts_.last_failed = false;
  }
  loaded_version_ = version;
  overlay_version_ = version;
  failed_version_.clear();
  return absl::OkStatus();
}

void ReleaseHolder::NoteFailure(const std::string& version, const absl::Status& status) {
  const bool known = version == failed_version_ &&
                     Steady::now() - failed_at_ < std::chrono::milliseconds(options_.retry_ms);
  if (known) return;  // said once a retry period, not once a poll
  failed_version_ = version;
  failed_at_ = Steady::now();
  log_(Concat("a new release or overlay could not be loaded, the old one stays: ",
              MessageOf(status)));
  const std::lock_guard lock(mutex_);
  ++counts_.failed;
  counts_.last_failed = true;
}

}  // namespace burgeon
