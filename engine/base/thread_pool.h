// The one pool of a process, passed in; and the one parallel-for.
//
//   ThreadPool pool(2);
//   pool.ParallelFor(rows, /*block=*/256, [&](int64_t begin, int64_t end) { ... });
//
// Blocks are fixed by the caller, never by the number of threads, so a result that is written a
// block (or reduced in block order afterwards) has the same bits for any number of threads.
// ParallelFor may be called from several threads at once, and from inside a body: the caller works
// too, so it never waits for a thread that waits for it.
#ifndef BURGEON_ENGINE_BASE_THREAD_POOL_H_
#define BURGEON_ENGINE_BASE_THREAD_POOL_H_

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/base/status.h"

namespace burgeon {

class ThreadPool {
 public:
  // `threads` >= 1 workers, the caller of ParallelFor among them. 0: one a hardware thread.
  explicit ThreadPool(int threads = 0);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const { return threads_; }

  // Calls body(begin, end) for [0, block), [block, 2 block), ... up to count; returns when all are
  // done. Bodies must not throw.
  void ParallelFor(int64_t count, int64_t block,
                   const std::function<void(int64_t begin, int64_t end)>& body);

  // The same with a Status; all blocks run, and the error of the lowest block is returned.
  absl::Status ParallelForStatus(
      int64_t count, int64_t block,
      const std::function<absl::Status(int64_t begin, int64_t end)>& body);

 private:
  struct Job;
  void Work();
  static void RunBlocks(Job& job);

  int threads_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::shared_ptr<Job>> jobs_;
  bool stopping_ = false;
  std::vector<std::thread> workers_;
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_BASE_THREAD_POOL_H_
