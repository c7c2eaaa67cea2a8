// The threads that answer queries, with a bounded queue before them. Work beyond the bound is
// turned away at once: an early refusal is worth more than a late answer. Each thread has its own
// ExecutionContext; all share one ThreadPool.
//
// Heavy work (a lookalike) has a bound of its own, and never takes the last free thread, so that
// light work goes on beside it. Thread-safe.
#ifndef BURGEON_SERVING_WORKERS_H_
#define BURGEON_SERVING_WORKERS_H_

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "engine/base/status.h"
#include "engine/ops/execution_context.h"

namespace burgeon {

enum class WorkClass { kLight, kHeavy };

struct WorkersOptions {
  int threads = 1;
  int max_in_flight = 256;      // queued or running
  int max_heavy_in_flight = 8;  // of these, heavy
};

class Workers {
 public:
  using Task = std::function<void(ExecutionContext& context)>;

  // One context a thread, at least one. `contexts.size()` is the number of threads.
  Workers(std::vector<ExecutionContext> contexts, WorkersOptions options);
  ~Workers();  // Stop
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  static absl::StatusOr<std::unique_ptr<Workers>> Create(Device device, ThreadPool* pool,
                                                         const WorkersOptions& options);

  enum class Posted { kYes, kFull };
  Posted TryPost(WorkClass work_class, Task task);

  // Waits for what runs; what only waited is dropped unrun.
  void Stop();

 private:
  void Work(ExecutionContext& context);
  bool MayRunHeavy() const;  // with mutex_ held

  const WorkersOptions options_;
  std::vector<ExecutionContext> contexts_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Task> light_;
  std::deque<Task> heavy_;
  int running_light_ = 0;
  int running_heavy_ = 0;
  bool last_was_heavy_ = false;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace burgeon

#endif  // BURGEON_SERVING_WORKERS_H_
