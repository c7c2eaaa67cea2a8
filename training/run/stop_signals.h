// Ctrl-C and SIGTERM as a request: while a StopSignals lives, they set a flag that long work looks
// at between its steps, so that it can keep what it has. A second signal ends the process at once.
//
//   const StopSignals signals;
//   while (!signals.stop()->requested()) Step();
//
// One StopSignals at a time in a process. The flag may be read from any thread.
#ifndef BURGEON_TRAINING_RUN_STOP_SIGNALS_H_
#define BURGEON_TRAINING_RUN_STOP_SIGNALS_H_

#include <signal.h>

#include <atomic>

namespace burgeon {

// A request to stop; once made it stays.
class StopFlag {
 public:
  void Request() { requested_.store(true, std::memory_order_relaxed); }
  bool requested() const { return requested_.load(std::memory_order_relaxed); }

 private:
  std::atomic<bool> requested_ = false;
  static_assert(std::atomic<bool>::is_always_lock_free, "set by a signal handler");
};

class StopSignals {
 public:
  StopSignals();
  ~StopSignals();  // what was there before handles the signals again
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  const StopFlag* stop() const { return &flag_; }

 private:
  StopFlag flag_;
  struct sigaction interrupt_before_ = {};
  struct sigaction terminate_before_ = {};
};

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RUN_STOP_SIGNALS_H_
