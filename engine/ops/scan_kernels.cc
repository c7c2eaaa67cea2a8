#include "engine/ops/scan_kernels.h"

#include <algorithm>
#include <limits>

#include "engine/ops/simd.h"

namespace burgeon {
namespace {

// Sixteen floats; loaded from any address.
using Floats = float __attribute__((vector_size(64)));
using LooseFloats = float __attribute__((vector_size(64), aligned(4), may_alias));
constexpr int64_t kLanes = 16;

BURGEON_SIMD_BODY void DotRowsBody(const float* query, const float* rows, int64_t stride,
                                   int64_t count, int64_t dim, float* scores) {
  for (int64_t i = 0; i < count; ++i) {
    const float* row = rows + i * stride;
    Floats even = {};
    Floats odd = {};
    int64_t j = 0;
    for (; j + 2 * kLanes <= dim; j += 2 * kLanes) {
      even += *reinterpret_cast<const LooseFloats*>(query + j) *
              *reinterpret_cast<const LooseFloats*>(row + j);
      odd += *reinterpret_cast<const LooseFloats*>(query + j + kLanes) *
             *reinterpret_cast<const LooseFloats*>(row + j + kLanes);
    }
    if (j + kLanes <= dim) {
      even += *reinterpret_cast<const LooseFloats*>(query + j) *
              *reinterpret_cast<const LooseFloats*>(row + j);
      j += kLanes;
    }
    even += odd;
    even +=
        __builtin_shufflevector(even, even, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
    even +=
        __builtin_shufflevector(even, even, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
    even +=
        __builtin_shufflevector(even, even, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
    float sum = even[0] + even[1];
    for (; j < dim; ++j) sum += query[j] * row[j];
    scores[i] = sum;
  }
}

BURGEON_SIMD_BODY double SquaredNormBody(const float* row, int64_t dim) {
  constexpr int64_t kParts = 16;
  double parts[kParts] = {};
  int64_t j = 0;
  for (; j + kParts <= dim; j += kParts) {
    for (int64_t p = 0; p < kParts; ++p) {
      const double x = row[j + p];
      parts[p] += x * x;
    }
  }
  double sum = 0;
  for (const double part : parts) sum += part;
  for (; j < dim; ++j) sum += static_cast<double>(row[j]) * row[j];
  return sum;
}

BURGEON_SIMD_BODY double MaxSquaredNormBody(const float* rows, int64_t stride, int64_t count,
                                            int64_t dim) {
  double largest = 0;
  for (int64_t i = 0; i < count; ++i) {
    const double norm = SquaredNormBody(rows + i * stride, dim);
    // Squares of finite floats cannot overflow a double: not below infinity means not finite.
    if (!(norm < std::numeric_limits<double>::infinity())) {
      return std::numeric_limits<double>::infinity();
    }
    largest = std::max(largest, norm);
  }
  return largest;
}

BURGEON_SIMD_BODY int64_t FirstAtLeastBody(const float* scores, int64_t begin, int64_t end,
                                           float threshold) {
  constexpr int64_t kChunk = 64;
  int64_t i = begin;
  for (; i + kChunk <= end; i += kChunk) {
    int any = 0;
    for (int64_t p = 0; p < kChunk; ++p) any |= scores[i + p] >= threshold ? 1 : 0;
    if (any != 0) break;
  }
  while (i < end && !(scores[i] >= threshold)) ++i;
  return i;
}

BURGEON_SIMD_KERNEL(void, DotRows,
                    (const float* query, const float* rows, int64_t stride, int64_t count,
                     int64_t dim, float* scores),
                    (query, rows, stride, count, dim, scores))
BURGEON_SIMD_KERNEL(double, MaxSquaredNorm,
                    (const float* rows, int64_t stride, int64_t count, int64_t dim),
                    (rows, stride, count, dim))
BURGEON_SIMD_KERNEL(int64_t, FirstAtLeast,
                    (const float* scores, int64_t begin, int64_t end, float threshold),
                    (scores, begin, end, threshold))

}  // namespace

void DotRows(std::span<const float> query, MatrixView<const float> rows, float* scores) {
  BURGEON_CHECK(static_cast<int64_t>(query.size()) == rows.cols);
  DotRowsDispatch(query.data(), rows.data, rows.stride, rows.rows, rows.cols, scores);
}

double MaxSquaredNorm(MatrixView<const float> rows) {
  return MaxSquaredNormDispatch(rows.data, rows.stride, rows.rows, rows.cols);
}

int64_t FirstAtLeast(const float* scores, int64_t begin, int64_t end, float threshold) {
  return FirstAtLeastDispatch(scores, begin, end, threshold);
}

}  // namespace burgeon
