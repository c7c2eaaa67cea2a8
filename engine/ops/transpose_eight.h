// Eight rows of floats become eight columns, for kernels of this room (engine/ops/simd.h): what
// lies in rows far apart is read a row at a time and used side by side.
#ifndef BURGEON_ENGINE_OPS_TRANSPOSE_EIGHT_H_
#define BURGEON_ENGINE_OPS_TRANSPOSE_EIGHT_H_

#include <cstdint>

#include "engine/ops/simd.h"

namespace burgeon {

using EightFloats = float __attribute__((vector_size(32)));
using LooseEightFloats = float __attribute__((vector_size(32), aligned(4), may_alias));

// rows[r][j + c] becomes columns[c][r].
BURGEON_SIMD_BODY void TransposeEight(const float* const* rows, int64_t j, EightFloats* columns) {
  EightFloats a[8];
  EightFloats b[8];
  for (int64_t r = 0; r < 8; ++r) a[r] = *reinterpret_cast<const LooseEightFloats*>(rows[r] + j);
  for (int64_t r = 0; r < 4; ++r) {
    b[2 * r] = __builtin_shufflevector(a[2 * r], a[2 * r + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    b[2 * r + 1] = __builtin_shufflevector(a[2 * r], a[2 * r + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
  for (int64_t h = 0; h < 2; ++h) {
    for (int64_t c = 0; c < 2; ++c) {
      const EightFloats x = b[4 * h + c];
      const EightFloats y = b[4 * h + 2 + c];
      a[4 * h + 2 * c] = __builtin_shufflevector(x, y, 0, 1, 8, 9, 4, 5, 12, 13);
      a[4 * h + 2 * c + 1] = __builtin_shufflevector(x, y, 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
  for (int64_t c = 0; c < 4; ++c) {
    columns[c] = __builtin_shufflevector(a[c], a[4 + c], 0, 1, 2, 3, 8, 9, 10, 11);
    columns[4 + c] = __builtin_shufflevector(a[c], a[4 + c], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_TRANSPOSE_EIGHT_H_
