// The inner product in float that walks a graph: fast and approximate, but the same bits on every
// x86-64 CPU (32 lanes summed in a fixed order, no fused multiply-add). What it selects is scored
// canonically afterwards.
#ifndef BURGEON_ENGINE_INDEX_FAST_DOT_H_
#define BURGEON_ENGINE_INDEX_FAST_DOT_H_

#include <cstdint>

namespace burgeon {

// a, b: [dim].
float FastDot(const float* a, const float* b, int64_t dim);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_INDEX_FAST_DOT_H_
