// A source of releases that hold nothing but their id, for tests of what lies around them.
#ifndef BURGEON_TESTS_SERVING_FAKE_SOURCE_H_
#define BURGEON_TESTS_SERVING_FAKE_SOURCE_H_

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include "serving/release_source.h"

namespace burgeon {

class FakeSource : public ReleaseSource {
 public:
  // "": nothing was published yet.
  explicit FakeSource(std::string current) : current_(std::move(current)) {}

  void Publish(const std::string& id) {
    const std::lock_guard lock(mutex_);
    current_ = id;
  }
  void Damage(const std::string& id) {
    const std::lock_guard lock(mutex_);
    damaged_.insert(id);
  }
  void Repair(const std::string& id) {
    const std::lock_guard lock(mutex_);
    damaged_.erase(id);
  }
  void FailPolls(absl::Status status) {
    const std::lock_guard lock(mutex_);
    poll_status_ = std::move(status);
  }
  int polls() const {
    const std::lock_guard lock(mutex_);
    return polls_;
  }

  absl::StatusOr<std::string> CurrentVersion() override {
    const std::lock_guard lock(mutex_);
    ++polls_;
    if (!poll_status_.ok()) return poll_status_;
    if (current_.empty()) return NotFound("nothing was published");
    return current_;
  }

  absl::StatusOr<std::shared_ptr<const ServingState>> LoadCurrent(const ServingState*) override {
    const std::lock_guard lock(mutex_);
    if (damaged_.contains(current_)) return DataLoss("release ", current_, " is damaged");
    auto state = std::make_shared<ServingState>();
    state->release_id = current_;
    return std::shared_ptr<const ServingState>(std::move(state));
  }

 private:
  mutable std::mutex mutex_;
  std::string current_;
  std::set<std::string> damaged_;
  absl::Status poll_status_;
  int polls_ = 0;
};

}  // namespace burgeon

#endif  // BURGEON_TESTS_SERVING_FAKE_SOURCE_H_
