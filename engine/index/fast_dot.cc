#include "engine/index/fast_dot.h"

#include <cstring>

#include "engine/ops/simd.h"

namespace burgeon {

namespace {

constexpr int64_t kLanes = 16;
typedef float Lanes __attribute__((vector_size(kLanes * sizeof(float))));

BURGEON_SIMD_BODY float FastDotBody(const float* a, const float* b, int64_t dim) {
  Lanes even = {};
  Lanes odd = {};
  Lanes x;
  Lanes y;
  int64_t j = 0;
  for (; j + 2 * kLanes <= dim; j += 2 * kLanes) {
    std::memcpy(&x, a + j, sizeof(x));
    std::memcpy(&y, b + j, sizeof(y));
    even += x * y;
    std::memcpy(&x, a + j + kLanes, sizeof(x));
    std::memcpy(&y, b + j + kLanes, sizeof(y));
    odd += x * y;
  }
  even += odd;
  float sum = 0;
  for (int64_t lane = 0; lane < kLanes; ++lane) sum += even[lane];
  for (; j < dim; ++j) sum += a[j] * b[j];
  return sum;
}

BURGEON_SIMD_KERNEL(float, FastDot, (const float* a, const float* b, int64_t dim), (a, b, dim))

}  // namespace

float FastDot(const float* a, const float* b, int64_t dim) { return FastDotDispatch(a, b, dim); }

}  // namespace burgeon
