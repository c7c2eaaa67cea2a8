// The vectorised inner loops of the top-k scan. They sum in any order, CanonicalScores apart: what
// they give is only used within an error bound.
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

// Bit i % 64 of bits[i / 64] becomes scores[i] >= threshold (never a NaN), for i in [0, count);
// further bits of the last word become 0.
void MarkAtLeast(const float* scores, int64_t count, float threshold, uint64_t* bits);

// How many of values[0, count) are at least `least`.
int64_t CountAtLeast(const float* values, int64_t count, float least);

// The canonical scores (engine/ops/top_k.h) of a query and eight rows side by side: a single sum
// would wait for each of its additions.
constexpr int64_t kCanonicalRows = 8;
void CanonicalScores(std::span<const float> query, const float* const* rows, float* scores);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_OPS_SCAN_KERNELS_H_
