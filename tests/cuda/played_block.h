// A thread block played on the host: the threads of cuda/device_thread.cuh as coroutines of one
// host thread, with ldmatrix, mma and cp.async as the PTX ISA describes them (figures of
// "mma.m16n8k16" and "ldmatrix"). Kernels written over a Thread run whole in a test, without a GPU.
//
//   PlayBlock(128, Order::kForwards, [&](const PlayedThread& thread) { Tile(thread, ...).Run(); });
//
// Between two places where a thread waits it runs alone; `order` says who goes first, so what
// depends on a missing barrier differs between orders. A copy to shared memory happens as late as
// it may: when the thread waits for it.
#ifndef BURGEON_TESTS_CUDA_PLAYED_BLOCK_H_
#define BURGEON_TESTS_CUDA_PLAYED_BLOCK_H_

#include <setjmp.h>
#include <ucontext.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <vector>

#include "cuda/top_k_bound.h"
#include "engine/base/check.h"

namespace burgeon::cuda {

enum class Order { kForwards, kBackwards };

// All arrive, then all go on.
struct Meeting {
  int arrived = 0;
  int64_t times = 0;
};

struct PlayedWarp {
  Meeting meeting;
  std::array<std::array<unsigned char, 64>, 32> board;  // what each lane shows the others
};

class PlayedBlock {
 public:
  struct Copy {
    void* to;
    const void* from;
    size_t bytes;
  };
  struct Fiber {
    ucontext_t context;  // to start it; after that the jumps, which make no system call
    jmp_buf place;
    std::unique_ptr<char[]> stack;
    bool started = false;
    int64_t turns = 0;                      // while waiting
    std::vector<std::vector<Copy>> groups;  // committed, the oldest first
    std::vector<Copy> open;
    bool done = false;
  };

  explicit PlayedBlock(int threads)
      : fibers_(static_cast<size_t>(threads)), warps_(static_cast<size_t>((threads + 31) / 32)) {}

  void Run(Order order, const std::function<void(int)>& body) {
    body_ = &body;
    const int count = static_cast<int>(fibers_.size());
    for (int i = 0; i < count; ++i) {
      Fiber& fiber = fibers_[static_cast<size_t>(i)];
      constexpr size_t kStackBytes = 256 << 10;
      fiber.stack = std::make_unique<char[]>(kStackBytes);
      getcontext(&fiber.context);
      fiber.context.uc_stack.ss_sp = fiber.stack.get();
      fiber.context.uc_stack.ss_size = kStackBytes;
      const auto address = reinterpret_cast<uintptr_t>(this);
      makecontext(&fiber.context, reinterpret_cast<void (*)()>(&PlayedBlock::Enter), 3,
                  static_cast<unsigned>(address), static_cast<unsigned>(address >> 32), i);
    }
    for (bool left = true; left;) {
      left = false;
      for (int k = 0; k < count; ++k) {
        current_ = order == Order::kForwards ? k : count - 1 - k;
        if (fibers_[static_cast<size_t>(current_)].done) continue;
        left = true;
        Resume();
      }
    }
  }

  // Runs the current fiber until it waits or ends.
  void Resume() {
    Fiber& fiber = fibers_[static_cast<size_t>(current_)];
    if (_setjmp(scheduler_place_) != 0) return;
    if (fiber.started) _longjmp(fiber.place, 1);
    fiber.started = true;
    setcontext(&fiber.context);
  }

  void Meet(Meeting& meeting, int size) {
    const int64_t times = meeting.times;
    if (++meeting.arrived == size) {
      meeting.arrived = 0;
      ++meeting.times;
    }
    fibers_[static_cast<size_t>(current_)].turns = 0;
    while (meeting.times == times) {
      BURGEON_CHECK(++fibers_[static_cast<size_t>(current_)].turns <
                    1'000'000);  // some thread never comes
      if (_setjmp(fibers_[static_cast<size_t>(current_)].place) == 0) _longjmp(scheduler_place_, 1);
    }
  }

  Fiber& fiber(int thread) { return fibers_[static_cast<size_t>(thread)]; }
  PlayedWarp& warp(int thread) { return warps_[static_cast<size_t>(thread / 32)]; }
  Meeting& barrier() { return barrier_; }
  int size() const { return static_cast<int>(fibers_.size()); }

 private:
  static void Enter(unsigned low, unsigned high, int thread) {
    auto* const block =
        reinterpret_cast<PlayedBlock*>(static_cast<uintptr_t>(high) << 32 | uintptr_t{low});
    (*block->body_)(thread);
    block->fiber(thread).done = true;
    _longjmp(block->scheduler_place_, 1);
  }

  std::vector<Fiber> fibers_;
  std::vector<PlayedWarp> warps_;
  Meeting barrier_;
  jmp_buf scheduler_place_;
  const std::function<void(int)>* body_ = nullptr;
  int current_ = 0;
};

class PlayedThread {
  int lane() const { return index_ % 32; }
  static float Half(unsigned pair, int i) {
    return FloatOfBf16(static_cast<uint16_t>(pair >> (16 * i)));
  }

  // Shows `own` to the warp and calls read(of) when all have; of(lane) is what that lane showed.
  template <class T, class Read>
  auto Exchange(const T& own, const Read& read) const {
    PlayedWarp& warp = block_->warp(index_);
    static_assert(sizeof(T) <= 64);
    std::memcpy(warp.board[static_cast<size_t>(lane())].data(), &own, sizeof(T));
    block_->Meet(warp.meeting, 32);
    const auto result = read([&](int lane) {
      T value;
      std::memcpy(&value, warp.board[static_cast<size_t>(lane)].data(), sizeof(T));
      return value;
    });
    block_->Meet(warp.meeting, 32);
    return result;
  }

  template <class Unit, class Place>
  void Load(const Unit* row, unsigned (&to)[4], const Place& place) const {
    const auto got = Exchange(row, [&](const auto& of) {
      std::array<unsigned, 4> registers = {};
      for (int r = 0; r < 4; ++r) {
        for (int i = 0; i < 2; ++i) {
          const auto [at_row, at_column] = place(i);
          uint16_t value;
          std::memcpy(&value,
                      reinterpret_cast<const unsigned char*>(of(8 * r + at_row)) + 2 * at_column,
                      sizeof(value));
          registers[static_cast<size_t>(r)] |= unsigned{value} << (16 * i);
        }
      }
      return registers;
    });
    for (int r = 0; r < 4; ++r) to[r] = got[static_cast<size_t>(r)];
  }

 public:
  PlayedThread(PlayedBlock* block, int index) : block_(block), index_(index) {}

  int index() const { return index_; }
  void Sync() const { block_->Meet(block_->barrier(), block_->size()); }

  template <class T>
  T ShuffleXor(T x, int mask) const {
    return Exchange(x, [&](const auto& of) { return of(lane() ^ mask); });
  }
  bool Any(bool x) const {
    return Exchange(x, [&](const auto& of) {
      bool any = false;
      for (int i = 0; i < 32; ++i) any = any || of(i);
      return any;
    });
  }

  // Register r of a lane holds two values of matrix r, at row lane / 4 and columns 2 (lane % 4) and
  // the next; row i of matrix r is the 8 values at the address of lane 8 r + i.
  template <class Unit>
  void LoadMatrices(const Unit* row, unsigned (&to)[4]) const {
    Load(row, to, [&](int i) { return std::array{lane() / 4, 2 * (lane() % 4) + i}; });
  }
  // The same of the transposed matrices.
  template <class Unit>
  void LoadMatricesTransposed(const Unit* row, unsigned (&to)[4]) const {
    Load(row, to, [&](int i) { return std::array{2 * (lane() % 4) + i, lane() / 4}; });
  }

  // c (16 x 8) += a (16 x 16) b (16 x 8). a0,a1 of a lane at row lane / 4; a2,a3 eight rows below;
  // a4.. the same, eight columns on; columns 2 (lane % 4) + i. b0,b1 at rows 2 (lane % 4) + i,
  // b2,b3 eight rows below; column lane / 4. c0,c1 at row lane / 4, c2,c3 eight rows below; columns
  // 2 (lane % 4) + i.
  void Multiply(const unsigned (&a)[4], unsigned b0, unsigned b1, float (&c)[4]) const {
    struct Operands {
      unsigned a[4];
      unsigned b[2];
    };
    const Operands own = {{a[0], a[1], a[2], a[3]}, {b0, b1}};
    std::array<float, 4> sums = {c[0], c[1], c[2], c[3]};
    sums = Exchange(own, [&](const auto& of) {
      for (int i = 0; i < 4; ++i) {
        const int row = lane() / 4 + i / 2 * 8;
        const int column = 2 * (lane() % 4) + i % 2;
        for (int k = 0; k < 16; ++k) {
          const unsigned left = of(row % 8 * 4 + k % 8 / 2).a[row / 8 + k / 8 * 2];
          const unsigned right = of(column * 4 + k % 8 / 2).b[k / 8];
          sums[static_cast<size_t>(i)] += Half(left, k % 2) * Half(right, k % 2);
        }
      }
      return sums;
    });
    for (int i = 0; i < 4; ++i) c[i] = sums[static_cast<size_t>(i)];
  }

  template <class Unit>
  void CopyUnit(Unit* to, const Unit* from) const {
    block_->fiber(index_).open.push_back({to, from, sizeof(Unit)});
  }
  void CommitCopies() const {
    auto& fiber = block_->fiber(index_);
    fiber.groups.push_back(std::move(fiber.open));
    fiber.open.clear();
  }
  template <int kPending>
  void WaitForCopies() const {
    auto& groups = block_->fiber(index_).groups;
    while (groups.size() > static_cast<size_t>(kPending)) {
      for (const auto& copy : groups.front()) std::memcpy(copy.to, copy.from, copy.bytes);
      groups.erase(groups.begin());
    }
  }

  float Exp2(float x) const { return std::exp2(x); }
  unsigned PackPair(float low, float high) const {
    return unsigned{Bf16Bits(low)} | unsigned{Bf16Bits(high)} << 16;
  }

 private:
  PlayedBlock* block_;
  int index_;
};

// Calls body(thread) for each thread of a block.
template <class Body>
void PlayBlock(int threads, Order order, const Body& body) {
  PlayedBlock block(threads);
  block.Run(order, [&](int index) { body(PlayedThread(&block, index)); });
}

}  // namespace burgeon::cuda

#endif  // BURGEON_TESTS_CUDA_PLAYED_BLOCK_H_
