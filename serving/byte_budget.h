// A bound on the bytes that bodies and answers take in memory over all connections. Thread-safe.
//
//   ByteHold hold;
//   if (!hold.Take(budget, bytes)) ...overloaded...
//   // given back when `hold` goes or Release is called
#ifndef BURGEON_SERVING_BYTE_BUDGET_H_
#define BURGEON_SERVING_BYTE_BUDGET_H_

#include <atomic>
#include <cstdint>

#include "engine/base/check.h"

namespace burgeon {

class ByteBudget {
 public:
  explicit ByteBudget(int64_t bytes) : left_(bytes) {}
  ByteBudget(const ByteBudget&) = delete;
  ByteBudget& operator=(const ByteBudget&) = delete;

  int64_t left() const { return left_.load(); }

 private:
  friend class ByteHold;
  std::atomic<int64_t> left_;
};

// One part of a budget. Not thread-safe itself.
class ByteHold {
 public:
  ByteHold() = default;
  ~ByteHold() { Release(); }
  ByteHold(const ByteHold&) = delete;
  ByteHold& operator=(const ByteHold&) = delete;

  // False, and nothing taken, when the budget has less left.
  [[nodiscard]] bool Take(ByteBudget& budget, int64_t bytes) {
    BURGEON_CHECK(budget_ == nullptr && bytes >= 0);
    int64_t left = budget.left_.load();
    do {
      if (left < bytes) return false;
    } while (!budget.left_.compare_exchange_weak(left, left - bytes));
    budget_ = &budget;
    bytes_ = bytes;
    return true;
  }

  void Release() {
    if (budget_ == nullptr) return;
    budget_->left_.fetch_add(bytes_);
    budget_ = nullptr;
  }

 private:
  ByteBudget* budget_ = nullptr;
  int64_t bytes_ = 0;
};

}  // namespace burgeon

#endif  // BURGEON_SERVING_BYTE_BUDGET_H_
