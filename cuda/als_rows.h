// The rows of an ALS half-step, sorted by how each is solved, in integers only: the tests walk all
// of it on the host.
#ifndef BURGEON_CUDA_ALS_ROWS_H_
#define BURGEON_CUDA_ALS_ROWS_H_

#include <cstdint>

#include "cuda/host_device.h"
#include "cuda/item_solver.h"

namespace burgeon::cuda {

// Blocks of a multiprocessor that share its memory when they solve rows through their items.
inline constexpr int kItemBlocks[] = {8, 6, 4, 3, 2, 1};
inline constexpr int kItemClasses = 6;
// Rows that are solved through the factors, by the binary length of their entries, from the longest
// on: the last to be solved are then short.
inline constexpr int kFactorClasses = 24;
inline constexpr int kRowClasses = kItemClasses + kFactorClasses;

// The longest row of each class that is solved through its items; 0: none.
struct ItemLimits {
  int longest[kItemClasses] = {};
  BURGEON_HOST_DEVICE int most() const { return longest[kItemClasses - 1]; }
};

// `bytes`: shared memory of one block, at most; that of a multiprocessor is taken to be as much.
// A row as long as three quarters of the dimension gains nothing.
inline ItemLimits PlanItems(int dim, int64_t bytes) {
  constexpr int64_t kReserved = 1024;  // of each block, by the system
  ItemLimits limits;
  const int most = dim * 3 / 4;
  for (int c = 0; c < kItemClasses; ++c) {
    const int64_t share = bytes / kItemBlocks[c] - (kItemBlocks[c] > 1 ? kReserved : 0);
    const int items = MostItems(RoundUpToEdge(dim), share);
    limits.longest[c] = items < most ? items : most;
  }
  return limits;
}

// Of a row of `count` entries that is solved through its items.
BURGEON_HOST_DEVICE inline int ItemClass(const ItemLimits& limits, int64_t count) {
  int c = 0;
  while (count > limits.longest[c]) ++c;
  return c;
}

// Of a row that is solved through the factors.
BURGEON_HOST_DEVICE inline int FactorClass(int64_t count) {
  int c = kRowClasses - 1;
  for (int64_t left = count; left > 1 && c > kItemClasses; left /= 2) --c;
  return c;
}

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_ALS_ROWS_H_
