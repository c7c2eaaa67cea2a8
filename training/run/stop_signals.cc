#include "training/run/stop_signals.h"

#include "engine/base/check.h"

namespace burgeon {
namespace {

std::atomic<StopFlag*> active = nullptr;

void OnSignal(int number) {
  (void)number;
  StopFlag* const flag = active.load();
  if (flag != nullptr) flag->Request();
}

}  // namespace

StopSignals::StopSignals() {
  StopFlag* none = nullptr;
  BURGEON_CHECK(active.compare_exchange_strong(none, &flag_));
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  sigemptyset(&action.sa_mask);
  // Reads and writes go on; the second signal of a kind finds the default, which ends the process.
  action.sa_flags = static_cast<int>(SA_RESTART | SA_RESETHAND);
  BURGEON_CHECK(sigaction(SIGINT, &action, &interrupt_before_) == 0);
  BURGEON_CHECK(sigaction(SIGTERM, &action, &terminate_before_) == 0);
}

StopSignals::~StopSignals() {
  sigaction(SIGINT, &interrupt_before_, nullptr);
  sigaction(SIGTERM, &terminate_before_, nullptr);
  active.store(nullptr);
}

}  // namespace burgeon
