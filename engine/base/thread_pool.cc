#include "engine/base/thread_pool.h"

#include <algorithm>
#include <atomic>

#include "engine/base/check.h"
#include "engine/base/limits.h"

namespace burgeon {

struct ThreadPool::Job {
  int64_t count = 0;
  int64_t block = 1;
  int64_t blocks = 0;
  const std::function<void(int64_t, int64_t)>* body = nullptr;
  std::atomic<int64_t> next{0};
  std::atomic<int64_t> done{0};
  std::mutex mutex;
  std::condition_variable finished;
};

ThreadPool::ThreadPool(int threads)
    : threads_(threads > 0 ? threads
                           : std::max(1, static_cast<int>(std::thread::hardware_concurrency()))) {
  threads_ = std::min(threads_, limits::kMaxThreads);
  for (int i = 1; i < threads_; ++i) workers_.emplace_back([this] { Work(); });
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::RunBlocks(Job& job) {
  for (;;) {
    const int64_t index = job.next.fetch_add(1);
    if (index >= job.blocks) return;
    const int64_t begin = index * job.block;
    (*job.body)(begin, std::min(job.count, begin + job.block));
    if (job.done.fetch_add(1) + 1 == job.blocks) {
      const std::lock_guard lock(job.mutex);
      job.finished.notify_all();
    }
  }
}

void ThreadPool::Work() {
  for (;;) {
    std::shared_ptr<Job> job;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
      if (jobs_.empty()) return;
      job = jobs_.front();
      if (job->next.load() >= job->blocks) {
        jobs_.pop_front();
        continue;
      }
    }
    RunBlocks(*job);
  }
}

void ThreadPool::ParallelFor(int64_t count, int64_t block,
                             const std::function<void(int64_t, int64_t)>& body) {
  BURGEON_CHECK(count >= 0 && block >= 1);
  if (count == 0) return;
  auto job = std::make_shared<Job>();
  job->count = count;
  job->block = block;
  job->blocks = (count + block - 1) / block;
  job->body = &body;
  if (threads_ > 1 && job->blocks > 1) {
    {
      const std::lock_guard lock(mutex_);
      jobs_.push_back(job);
    }
    wake_.notify_all();
  }
  RunBlocks(*job);
  {
    std::unique_lock lock(job->mutex);
    job->finished.wait(lock, [&] { return job->done.load() == job->blocks; });
  }
  // A worker skips a job without blocks left; taking it out here keeps the queue short.
  const std::lock_guard lock(mutex_);
  jobs_.erase(std::remove(jobs_.begin(), jobs_.end(), job), jobs_.end());
}

absl::Status ThreadPool::ParallelForStatus(
    int64_t count, int64_t block, const std::function<absl::Status(int64_t, int64_t)>& body) {
  BURGEON_CHECK(count >= 0 && block >= 1);
  std::mutex mutex;
  int64_t first_failed = count;
  absl::Status first_error;
  ParallelFor(count, block, [&](int64_t begin, int64_t end) {
    absl::Status status = body(begin, end);
    if (status.ok()) return;
    const std::lock_guard lock(mutex);
    if (begin < first_failed) {
      first_failed = begin;
      first_error = std::move(status);
    }
  });
  return first_error;
}

}  // namespace burgeon
