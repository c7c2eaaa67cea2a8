#include "serving/session_list.h"

#include <vector>

namespace burgeon {

void SessionList::Add(const std::shared_ptr<Session>& session) {
  const std::lock_guard lock(mutex_);
  sessions_.emplace(session.get(), session);
}

void SessionList::Remove(const Session* session) {
  {
    const std::lock_guard lock(mutex_);
    sessions_.erase(session);
  }
  changed_.notify_all();
}

int SessionList::size() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(sessions_.size());
}

void SessionList::FinishAll() {
  std::vector<std::shared_ptr<Session>> open;
  {
    const std::lock_guard lock(mutex_);
    finishing_ = true;
    for (const auto& [key, weak] : sessions_) {
      if (std::shared_ptr<Session> session = weak.lock()) open.push_back(std::move(session));
    }
  }
  // Outside the lock: the last owner of a session may be us, and its end comes back to Remove.
  for (const std::shared_ptr<Session>& session : open) session->FinishSoon();
}

SessionList::Waited SessionList::WaitUntilEmpty(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  changed_.wait_until(lock, deadline, [this] { return sessions_.empty() || cut_short_; });
  if (sessions_.empty()) return Waited::kEmpty;
  return cut_short_ ? Waited::kCutShort : Waited::kTimeOut;
}

void SessionList::CutWaitShort() {
  {
    const std::lock_guard lock(mutex_);
    cut_short_ = true;
  }
  changed_.notify_all();
}

}  // namespace burgeon
