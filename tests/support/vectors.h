// Seeded vectors for tests of whatever searches among them.
#ifndef BURGEON_TESTS_SUPPORT_VECTORS_H_
#define BURGEON_TESTS_SUPPORT_VECTORS_H_

#include <cstdint>

#include "engine/base/matrix.h"

namespace burgeon {

// [rows, dim] of independent standard normals.
FloatMatrix NormalVectors(int64_t rows, int64_t dim, uint64_t seed);

// The same around `centres` random centres (`noise` is the spread around one), each row times
// exp(skew * normal): clustered, with lengths as skewed as those of item embeddings. Equal seeds
// share their centres whatever the `stream`.
FloatMatrix ClusteredVectors(int64_t rows, int64_t dim, int64_t centres, float noise, float skew,
                             uint64_t seed, uint64_t stream);

}  // namespace burgeon

#endif  // BURGEON_TESTS_SUPPORT_VECTORS_H_
