// The open connections, so that a stop can let each finish. Thread-safe.
#ifndef BURGEON_SERVING_SESSION_LIST_H_
#define BURGEON_SERVING_SESSION_LIST_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>

namespace burgeon {

// One connection.
class Session {
 public:
  virtual ~Session() = default;
  // Closes at once when no request is under way, else after its answer. From any thread.
  virtual void FinishSoon() = 0;
};

class SessionList {
 public:
  void Add(const std::shared_ptr<Session>& session);
  void Remove(const Session* session);  // by its destructor
  int size() const;

  // From now on connections close after the request under way.
  void FinishAll();
  bool finishing() const { return finishing_.load(); }

  enum class Waited { kEmpty, kTimeOut, kCutShort };
  Waited WaitUntilEmpty(std::chrono::steady_clock::time_point deadline);
  void CutWaitShort();  // ends WaitUntilEmpty, now and later

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::map<const Session*, std::weak_ptr<Session>> sessions_;
  bool cut_short_ = false;
  std::atomic<bool> finishing_{false};
};

}  // namespace burgeon

#endif  // BURGEON_SERVING_SESSION_LIST_H_
