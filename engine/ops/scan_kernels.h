// The vectorised inner loops of the top-k scan. They sum in any order: what they give is only used
// within an error bound.
#ifndef BURGEON_ENGINE_OPS_SCAN_KERNELS_H_
#define BURGEON_ENGINE_OPS_SCAN_KERNELS_H_

#include <cstdint>
#include <span>

#include "engine/base/matrix.h"

namespace burgeon {

// scores[i] = <query, rows[i]> in fp32.
void DotRows(std::span<const float> query, MatrixView<const float> rows, float* scores);

// The largest squared length of a row, in fp64; 0 without rows. When a row holds a NaN or infinity
// the result is infinity.
double MaxSquaredNorm(MatrixView<const float> rows);

// The first i in [begin, end) with scores[i] >= threshold (never a NaN), or end.
int64_t FirstAtLeast(const float* scores, int64_t begin, int64_t end, float threshold);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_SCAN_KERNELS_H_
