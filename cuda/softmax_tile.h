// One block of the fused sampled softmax (cuda/sampled_softmax.h): 128 rows of one side against
// runs of 64 columns of the other. Scores S = R C' are made on tensor cores, turned into weights
//   P = exp2(scale S + add_row + add_column),   0 where the ids are equal,
// and P C is added up, all in registers. As in FlashAttention-2 (Dao, 2023), algorithm 1, with
// keys = values = C.
//  - kOnline: rows are queries, columns candidates. The sums are relative to the greatest exponent
//    seen so far, and are scaled down when it rises; the rise is rare after the first tiles, so a
//    warp without one skips that.
//  - else: rows are candidates, columns queries, whose add_column holds minus the log-sum-exp:
//    exponents are then not above 0.
//
// `Thread` is one thread of a block: cuda/device_thread.cuh on a device; the tests play a block on
// the host. Operands lie as in cuda/mma_tile.h; P goes from the registers of a sum (c) to those of
// a left operand (a) without a move between lanes.
#ifndef BURGEON_CUDA_SOFTMAX_TILE_H_
#define BURGEON_CUDA_SOFTMAX_TILE_H_

#include <cmath>
#include <cstdint>

#include "cuda/host_device.h"
#include "cuda/mma_tile.h"

namespace burgeon::cuda {

inline constexpr int kSoftmaxRows = 128;    // of a block; both sides are padded to it
inline constexpr int kSoftmaxColumns = 64;  // at a time
inline constexpr int kSoftmaxThreads = 128;
inline constexpr int kSoftmaxWarpRows = 32;
inline constexpr int kSoftmaxBlocks = kSoftmaxColumns / 8;  // n8 blocks of scores
inline constexpr int kSoftmaxHeld = 4;                      // rows of which a thread holds a part

// 16 bytes: what a copy to shared memory moves.
struct alignas(16) Unit {
  uint32_t words[4];
};

// One side, packed. Padding: vectors 0; `add` -infinity, so that it weighs nothing as a column.
struct SoftmaxSide {
  const Unit* vectors = nullptr;  // [padded, 2 steps]: bf16
  const float* add = nullptr;     // [padded], to exponents of 2; null: 0 (of rows only)
  const uint32_t* ids = nullptr;  // [padded]
};

struct SoftmaxView {
  SoftmaxSide rows;
  SoftmaxSide columns;
  float scale = 0;        // of scores, to exponents of 2
  int steps = 0;          // tensor core products of a score: dimensions / 16
  int64_t row_count = 0;  // padded
  int64_t tiles = 0;      // of kSoftmaxColumns columns
  int64_t run = 0;        // tiles of one split
  int out_units = 0;      // of a row of products
  // Of each split: [split, row_count, 8 out_units], [split, row_count].
  float* products = nullptr;
  float* maxima = nullptr;  // kOnline
  float* sums = nullptr;    // kOnline
};

// What a block does: rows of tile `row_tile`, columns of split `split`, and, of the products, the
// 8 kOut dimensions from unit `out_unit` on.
struct SoftmaxPlace {
  int64_t row_tile = 0;
  int64_t split = 0;
  int out_unit = 0;
};

// Shared memory of a block, in units.
BURGEON_HOST_DEVICE constexpr int64_t SoftmaxSharedUnits(int steps) {
  return int64_t{kSoftmaxRows + 2 * kSoftmaxColumns} * RowUnits(steps) + 4 * kSoftmaxColumns / 4;
}

// Row of its warp's 32 that part `held` of a lane belongs to: 16-row block held / 2, half held % 2.
BURGEON_HOST_DEVICE constexpr int HeldRow(int lane, int held) {
  return held / 2 * 16 + SumRow(lane, held % 2 * 2);
}

// A running sum of exp2(x_k - maximum), in any number of parts. Adding to an empty one, and adding
// -infinity, are well defined.
struct OnlineSum {
  float maximum = -INFINITY;
  float sum = 0;
};

// What sums relative to `before` are to be multiplied by to become relative to `after` >= before.
template <class Thread>
BURGEON_HOST_DEVICE float RescaleFactor(const Thread& thread, float before, float after) {
  return before == after ? 1.0F : thread.Exp2(before - after);
}

// exp2 of what is relative to a maximum; a maximum of -infinity: all is.
BURGEON_HOST_DEVICE inline float Reference(float maximum) {
  return maximum == -INFINITY ? 0.0F : maximum;
}

template <class Thread>
BURGEON_HOST_DEVICE OnlineSum Merge(const Thread& thread, OnlineSum a, OnlineSum b) {
  const float maximum = fmaxf(a.maximum, b.maximum);
  return {maximum, a.sum * RescaleFactor(thread, a.maximum, maximum) +
                       b.sum * RescaleFactor(thread, b.maximum, maximum)};
}

template <int kSteps, int kOut, bool kOnline, class Thread>
class SoftmaxTile {
  static_assert(kOut % 2 == 0);
  using Scores = float[2][kSoftmaxBlocks][4];
  using Products = float[2][kOut][4];
  static constexpr int kStages = 2;

 public:
  BURGEON_HOST_DEVICE SoftmaxTile(const Thread& thread, const SoftmaxView& view,
                                  const SoftmaxPlace& place, Unit* memory)
      : thread_(thread), view_(view), place_(place), rows_(memory) {
    stages_ = rows_ + kSoftmaxRows * Stride();
    adds_ = stages_ + kStages * kSoftmaxColumns * Stride();
    ids_ = adds_ + kStages * kUnitsOfTile;
  }

  BURGEON_HOST_DEVICE void Run() {
    const int64_t begin = place_.split * view_.run;
    const int64_t end = begin + view_.run < view_.tiles ? begin + view_.run : view_.tiles;
    CopyRows(rows_, view_.rows.vectors + place_.row_tile * kSoftmaxRows * Units(), kSoftmaxRows);
    if (begin < end) FetchTile(begin, 0);
    thread_.CommitCopies();
    StartRows();
    Products products = {};
    for (int64_t tile = begin; tile < end; ++tile) {
      const int stage = static_cast<int>((tile - begin) % kStages);
      thread_.template WaitForCopies<0>();
      thread_.Sync();  // this tile is there for all; all are done with the one before
      if (tile + 1 < end) FetchTile(tile + 1, 1 - stage);
      thread_.CommitCopies();
      Scores scores = {};
      const Unit* const columns = stages_ + stage * kSoftmaxColumns * Stride();
      Multiply(columns, scores);
      Weigh(stage, scores, products);
      AddProducts(columns, scores, products);
    }
    Write(products);
  }

 private:
  static constexpr int kUnitsOfTile = kSoftmaxColumns / 4;  // of adds, of ids

  BURGEON_HOST_DEVICE int Steps() const { return kSteps > 0 ? kSteps : view_.steps; }
  BURGEON_HOST_DEVICE int Units() const { return 2 * Steps(); }
  BURGEON_HOST_DEVICE int Stride() const { return RowUnits(Steps()); }
  BURGEON_HOST_DEVICE int Lane() const { return thread_.index() % 32; }
  BURGEON_HOST_DEVICE int WarpFirstRow() const { return thread_.index() / 32 * kSoftmaxWarpRows; }

  BURGEON_HOST_DEVICE void CopyRows(Unit* to, const Unit* from, int count) const {
    for (int e = thread_.index(); e < count * Units(); e += kSoftmaxThreads) {
      thread_.CopyUnit(to + e / Units() * Stride() + e % Units(), from + e);
    }
  }

  BURGEON_HOST_DEVICE void FetchTile(int64_t tile, int stage) const {
    const int64_t first = tile * kSoftmaxColumns;
    CopyRows(stages_ + stage * kSoftmaxColumns * Stride(), view_.columns.vectors + first * Units(),
             kSoftmaxColumns);
    const int i = thread_.index();
    static_assert(2 * kUnitsOfTile <= kSoftmaxThreads);
    if (i < kUnitsOfTile) {
      thread_.CopyUnit(adds_ + stage * kUnitsOfTile + i,
                       reinterpret_cast<const Unit*>(view_.columns.add + first) + i);
    } else if (i < 2 * kUnitsOfTile) {
      const int k = i - kUnitsOfTile;
      thread_.CopyUnit(ids_ + stage * kUnitsOfTile + k,
                       reinterpret_cast<const Unit*>(view_.columns.ids + first) + k);
    }
  }

  BURGEON_HOST_DEVICE void StartRows() {
    BURGEON_UNROLL
    for (int h = 0; h < kSoftmaxHeld; ++h) {
      const int64_t row = place_.row_tile * kSoftmaxRows + WarpFirstRow() + HeldRow(Lane(), h);
      row_ids_[h] = view_.rows.ids[row];
      row_adds_[h] = view_.rows.add == nullptr ? 0.0F : view_.rows.add[row];
    }
  }

  // scores = R C' of the warp's 32 rows and the tile's 64 columns.
  BURGEON_HOST_DEVICE void Multiply(const Unit* columns, Scores& scores) const {
    const Unit* const a =
        rows_ + (WarpFirstRow() + LoadRowA(Lane())) * Stride() + LoadUnitA(Lane());
    const Unit* const b = columns + LoadRowB(Lane()) * Stride() + LoadUnitB(Lane());
    BURGEON_UNROLL
    for (int step = 0; step < Steps(); ++step) {
      unsigned left[2][4];
      thread_.LoadMatrices(a + 2 * step, left[0]);
      thread_.LoadMatrices(a + 16 * Stride() + 2 * step, left[1]);
      BURGEON_UNROLL
      for (int n = 0; n < kSoftmaxBlocks; n += 2) {
        unsigned right[4];
        thread_.LoadMatrices(b + n * 8 * Stride() + 2 * step, right);
        BURGEON_UNROLL
        for (int m = 0; m < 2; ++m) {
          thread_.Multiply(left[m], right[0], right[1], scores[m][n]);
          thread_.Multiply(left[m], right[2], right[3], scores[m][n + 1]);
        }
      }
    }
  }

  // Scores become weights.
  BURGEON_HOST_DEVICE void Weigh(int stage, Scores& scores, Products& products) {
    const float* const adds = reinterpret_cast<const float*>(adds_ + stage * kUnitsOfTile);
    const uint32_t* const ids = reinterpret_cast<const uint32_t*>(ids_ + stage * kUnitsOfTile);
    BURGEON_UNROLL
    for (int n = 0; n < kSoftmaxBlocks; ++n) {
      BURGEON_UNROLL
      for (int i = 0; i < 2; ++i) {
        const int column = n * 8 + SumColumn(Lane(), i);
        const float add = adds[column];
        const uint32_t id = ids[column];
        BURGEON_UNROLL
        for (int h = 0; h < kSoftmaxHeld; ++h) {
          float& score = scores[h / 2][n][h % 2 * 2 + i];
          score = id == row_ids_[h] ? -INFINITY : score * view_.scale + (add + row_adds_[h]);
        }
      }
    }
    if constexpr (kOnline) RaiseMaxima(scores, products);
    BURGEON_UNROLL
    for (int h = 0; h < kSoftmaxHeld; ++h) {
      const float reference = kOnline ? Reference(held_[h].maximum) : 0.0F;
      BURGEON_UNROLL
      for (int n = 0; n < kSoftmaxBlocks; ++n) {
        BURGEON_UNROLL
        for (int i = 0; i < 2; ++i) {
          float& score = scores[h / 2][n][h % 2 * 2 + i];
          score = thread_.Exp2(score - reference);
          if constexpr (kOnline) held_[h].sum += score;
        }
      }
    }
  }

  BURGEON_HOST_DEVICE void RaiseMaxima(const Scores& scores, Products& products) {
    float maxima[kSoftmaxHeld];
    bool rises = false;
    BURGEON_UNROLL
    for (int h = 0; h < kSoftmaxHeld; ++h) {
      float best = held_[h].maximum;
      BURGEON_UNROLL
      for (int n = 0; n < kSoftmaxBlocks; ++n) {
        best = fmaxf(best, fmaxf(scores[h / 2][n][h % 2 * 2], scores[h / 2][n][h % 2 * 2 + 1]));
      }
      best = fmaxf(best, thread_.ShuffleXor(best, 1));  // the four lanes that share a row
      best = fmaxf(best, thread_.ShuffleXor(best, 2));
      maxima[h] = best;
      rises = rises || best > held_[h].maximum;
    }
    if (!thread_.Any(rises)) return;
    BURGEON_UNROLL
    for (int h = 0; h < kSoftmaxHeld; ++h) {
      const float factor = RescaleFactor(thread_, held_[h].maximum, maxima[h]);
      held_[h] = {maxima[h], held_[h].sum * factor};
      BURGEON_UNROLL
      for (int n = 0; n < kOut; ++n) {
        products[h / 2][n][h % 2 * 2] *= factor;
        products[h / 2][n][h % 2 * 2 + 1] *= factor;
      }
    }
  }

  // products += P C, of this block's dimensions.
  BURGEON_HOST_DEVICE void AddProducts(const Unit* columns, const Scores& weights,
                                       Products& products) const {
    const Unit* const b =
        columns + LoadRowA(Lane()) * Stride() + place_.out_unit + LoadUnitA(Lane());
    BURGEON_UNROLL
    for (int k = 0; k < kSoftmaxColumns / kStepDims; ++k) {
      unsigned left[2][4];
      BURGEON_UNROLL
      for (int m = 0; m < 2; ++m) {
        BURGEON_UNROLL
        for (int r = 0; r < 4; ++r) {
          const float* const pair = &weights[m][2 * k + r / 2][r % 2 * 2];
          left[m][r] = thread_.PackPair(pair[0], pair[1]);
        }
      }
      BURGEON_UNROLL
      for (int n = 0; n < kOut; n += 2) {
        unsigned right[4];
        thread_.LoadMatricesTransposed(b + k * kStepDims * Stride() + n, right);
        BURGEON_UNROLL
        for (int m = 0; m < 2; ++m) {
          thread_.Multiply(left[m], right[0], right[1], products[m][n]);
          thread_.Multiply(left[m], right[2], right[3], products[m][n + 1]);
        }
      }
    }
  }

  BURGEON_HOST_DEVICE void Write(const Products& products) const {
    const int64_t row_of_run = place_.split * view_.row_count + place_.row_tile * kSoftmaxRows;
    BURGEON_UNROLL
    for (int h = 0; h < kSoftmaxHeld; ++h) {
      const int64_t row = row_of_run + WarpFirstRow() + HeldRow(Lane(), h);
      float* const to = view_.products + row * view_.out_units * kUnitDims +
                        place_.out_unit * kUnitDims + SumColumn(Lane(), 0);
      BURGEON_UNROLL
      for (int n = 0; n < kOut; ++n) {
        to[n * 8] = products[h / 2][n][h % 2 * 2];
        to[n * 8 + 1] = products[h / 2][n][h % 2 * 2 + 1];
      }
      if constexpr (kOnline) {
        float sum = held_[h].sum;
        sum += thread_.ShuffleXor(sum, 1);
        sum += thread_.ShuffleXor(sum, 2);
        if (place_.out_unit == 0 && Lane() % 4 == 0) {
          view_.maxima[row] = held_[h].maximum;
          view_.sums[row] = sum;
        }
      }
    }
  }

  Thread thread_;
  const SoftmaxView& view_;
  SoftmaxPlace place_;
  Unit* rows_;
  Unit* stages_;
  Unit* adds_;
  Unit* ids_;
  uint32_t row_ids_[kSoftmaxHeld] = {};
  float row_adds_[kSoftmaxHeld] = {};
  OnlineSum held_[kSoftmaxHeld];
};

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_SOFTMAX_TILE_H_
