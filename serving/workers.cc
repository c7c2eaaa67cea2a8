#include "serving/workers.h"

#include <algorithm>
#include <utility>

#include "engine/base/check.h"

namespace burgeon {

Workers::Workers(std::vector<ExecutionContext> contexts, WorkersOptions options)
    : options_(options), contexts_(std::move(contexts)) {
  BURGEON_CHECK(!contexts_.empty());
  for (ExecutionContext& context : contexts_) {
    threads_.emplace_back([this, &context] { Work(context); });
  }
}

Workers::~Workers() { Stop(); }

absl::StatusOr<std::unique_ptr<Workers>> Workers::Create(Device device, ThreadPool* pool,
                                                         const WorkersOptions& options) {
  BURGEON_CHECK(options.threads >= 1);
  std::vector<ExecutionContext> contexts;
  for (int i = 0; i < options.threads; ++i) {
    BURGEON_ASSIGN_OR_RETURN(ExecutionContext context, ExecutionContext::Create(device, pool));
    contexts.push_back(std::move(context));
  }
  return std::make_unique<Workers>(std::move(contexts), options);
}

Workers::Posted Workers::TryPost(WorkClass work_class, Task task) {
  {
    const std::lock_guard lock(mutex_);
    const int heavy = running_heavy_ + static_cast<int>(heavy_.size());
    const int all = heavy + running_light_ + static_cast<int>(light_.size());
    if (stopping_ || all >= options_.max_in_flight) return Posted::kFull;
    if (work_class == WorkClass::kHeavy) {
      if (heavy >= options_.max_heavy_in_flight) return Posted::kFull;
      heavy_.push_back(std::move(task));
    } else {
      light_.push_back(std::move(task));
    }
  }
  wake_.notify_one();
  return Posted::kYes;
}

bool Workers::MayRunHeavy() const {
  const int most = std::max(1, static_cast<int>(contexts_.size()) - 1);
  return !heavy_.empty() && running_heavy_ < most;
}

void Workers::Work(ExecutionContext& context) {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return stopping_ || !light_.empty() || MayRunHeavy(); });
    if (stopping_) return;
    // One heavy task at a time has its turn also while light work waits, so that none starves.
    const bool heavy_turn = running_heavy_ == 0 && !last_was_heavy_;
    const bool light = !light_.empty() && !(MayRunHeavy() && heavy_turn);
    last_was_heavy_ = !light;
    std::deque<Task>& queue = light ? light_ : heavy_;
    int& running = light ? running_light_ : running_heavy_;
    Task task = std::move(queue.front());
    queue.pop_front();
    ++running;
    lock.unlock();
    task(context);
    task = nullptr;  // with all it holds, before the count says that it is gone
    lock.lock();
    --running;
    // A wake-up that found no thread allowed to take heavy work may be due now.
    if (MayRunHeavy()) wake_.notify_one();
  }
}

void Workers::Stop() {
  std::deque<Task> dropped_light;
  std::deque<Task> dropped_heavy;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    dropped_light.swap(light_);
    dropped_heavy.swap(heavy_);
  }
  wake_.notify_all();
  for (std::thread& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

}  // namespace burgeon
