// The release in use. A thread of its own looks for another version every poll_ms and exchanges
// it; requests under way keep the one they began with. A version that fails to load changes
// nothing but the counts: the old one goes on answering.
//
//   ReleaseHolder holder(source, {}, log);
//   BURGEON_RETURN_IF_ERROR(holder.LoadFirst());
//   holder.StartWatching();
//   const std::shared_ptr<const ServingState> state = holder.Get();  // nullptr: none yet
//
// Get, Counts and Refresh are thread-safe; the rest is for the owner.
#ifndef BURGEON_SERVING_RELEASE_HOLDER_H_
#define BURGEON_SERVING_RELEASE_HOLDER_H_

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "engine/base/status.h"
#include "serving/release_source.h"

namespace burgeon {

struct ReleaseHolderOptions {
  int poll_ms = 100;
  int retry_ms = 30'000;  // before a version that failed is tried again
};

class ReleaseHolder {
 public:
  // `source` must outlive it. `log` takes lines for people; it may be empty.
  ReleaseHolder(ReleaseSource& source, ReleaseHolderOptions options,
                std::function<void(std::string_view)> log);
  ~ReleaseHolder();
  ReleaseHolder(const ReleaseHolder&) = delete;
  ReleaseHolder& operator=(const ReleaseHolder&) = delete;

  // kNotFound when nothing was published; StartWatching will find it when it is.
  absl::Status LoadFirst();
  void StartWatching();
  void StopWatching();  // waits for a load under way
  // Looks now. OK when all that was in the overlay before the call is in effect, also when a newer
  // release could not be loaded; the error otherwise.
  absl::Status Refresh();

  std::shared_ptr<const ServingState> Get() const;
  ReloadCounts Counts() const;

 private:
  using Steady = std::chrono::steady_clock;
  void Watch();
  absl::Status LookOnce();
  absl::Status LookWithLock();
  absl::Status TakeOverlayAlone(const std::string& version);
  absl::Status Load(const std::string& version);
  void NoteFailure(const std::string& version, const absl::Status& status);

  ReleaseSource& source_;
  const ReleaseHolderOptions options_;
  const std::function<void(std::string_view)> log_;

  mutable std::mutex mutex_;  // of state_ and counts_
  std::shared_ptr<const ServingState> state_;
  ReloadCounts counts_;

  std::mutex look_mutex_;        // of what follows, and of the source
  std::string overlay_version_;  // version whose overlay is in use, though its release may not be
  std::string loaded_version_;
  std::string failed_version_;
  Steady::time_point failed_at_;

  std::mutex stop_mutex_;
  std::condition_variable stop_wake_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace burgeon

#endif  // BURGEON_SERVING_RELEASE_HOLDER_H_
