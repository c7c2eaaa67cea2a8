// 64-bit keys that sort as a ranked list does: a greater key is a higher score, and among equal
// scores the lower row. So one integer sort ranks, with no comparison of pairs.
//
// The upper half holds the score's bits, mapped so that unsigned order is the order of the floats;
// -0 is keyed as +0, to which it is equal. The lower half is the complement of the row.
#ifndef BURGEON_CUDA_SORT_KEY_H_
#define BURGEON_CUDA_SORT_KEY_H_

#include <cstdint>
#include <cstring>

#include "cuda/host_device.h"

namespace burgeon::cuda {

// Below the key of every score that is not a NaN: a row that may not be listed.
inline constexpr uint64_t kNoKey = 0;

BURGEON_HOST_DEVICE inline uint64_t SortKey(float score, uint32_t row) {
  constexpr uint32_t kSign = 0x80000000U;
  const float positive_zero = score + 0.0F;
  uint32_t bits;
  memcpy(&bits, &positive_zero, sizeof(bits));
  const uint32_t ordered = (bits & kSign) != 0 ? ~bits : bits | kSign;
  return static_cast<uint64_t>(ordered) << 32 | static_cast<uint32_t>(~row);
}

BURGEON_HOST_DEVICE inline uint32_t RowOfKey(uint64_t key) {
  return ~static_cast<uint32_t>(key & 0xFFFFFFFFU);
}

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_SORT_KEY_H_
