#include "engine/ops/scan_kernels.h"

#include <algorithm>
#include <limits>

#include "engine/ops/simd.h"
#include "engine/ops/transpose_eight.h"
#if defined(__x86_64__)
// GCC 12's headers pass vectors they call undefined on purpose.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#include <immintrin.h>
#pragma GCC diagnostic pop
#endif

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

using EightDoubles = double __attribute__((vector_size(64)));

BURGEON_SIMD_BODY void CanonicalScoresBody(const float* query, int64_t dim,
                                           const float* const* rows, float* scores) {
  EightDoubles sums = {};
  int64_t j = 0;
  for (; j + 8 <= dim; j += 8) {
    EightFloats columns[8];
    TransposeEight(rows, j, columns);
    for (int64_t c = 0; c < 8; ++c) {
      sums += static_cast<double>(query[j + c]) * __builtin_convertvector(columns[c], EightDoubles);
    }
  }
  for (; j < dim; ++j) {
    EightDoubles column;
    for (int64_t r = 0; r < 8; ++r) column[r] = rows[r][j];
    sums += static_cast<double>(query[j]) * column;
  }
  for (int64_t r = 0; r < 8; ++r) scores[r] = static_cast<float>(sums[r]);
}

BURGEON_SIMD_BODY void MarkAtLeastBody(const float* scores, int64_t count, float threshold,
                                       uint64_t* bits) {
  using Ints = int32_t __attribute__((vector_size(64)));
  for (int64_t begin = 0; begin < count; begin += 64) {
    uint64_t word = 0;
    for (int64_t i = begin; i < count && i < begin + 64; i += kLanes) {
      if (i + kLanes <= count) {
        const Ints passes = *reinterpret_cast<const LooseFloats*>(scores + i) >= threshold;
        int any = 0;
        for (int64_t p = 0; p < kLanes; ++p) any |= passes[p];
        if (any == 0) continue;
      }
      for (int64_t p = i; p < std::min(count, i + kLanes); ++p) {
        word |= static_cast<uint64_t>(scores[p] >= threshold ? 1 : 0) << (p - begin);
      }
    }
    bits[begin / 64] = word;
  }
}

#if defined(__x86_64__)
__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl"))) void MarkAtLeastMasks(
    const float* scores, int64_t count, float threshold, uint64_t* bits) {
  const __m512 least = _mm512_set1_ps(threshold);
  for (int64_t begin = 0; begin < count; begin += 64) {
    uint64_t word = 0;
    for (int64_t i = begin; i < std::min(count, begin + 64); i += kLanes) {
      const auto rest = static_cast<__mmask16>(
          count - i >= kLanes ? 0xffffU : (1U << static_cast<unsigned>(count - i)) - 1U);
      const __m512 x = _mm512_maskz_loadu_ps(rest, scores + i);
      word |= static_cast<uint64_t>(_mm512_mask_cmp_ps_mask(rest, x, least, _CMP_GE_OQ))
              << (i - begin);
    }
    bits[begin / 64] = word;
  }
}
#endif

BURGEON_SIMD_KERNEL(void, CanonicalScores,
                    (const float* query, int64_t dim, const float* const* rows, float* scores),
                    (query, dim, rows, scores))
BURGEON_SIMD_BODY int64_t CountAtLeastBody(const float* values, int64_t count, float least) {
  int32_t found = 0;
  for (int64_t i = 0; i < count; ++i) found += values[i] >= least ? 1 : 0;
  return found;
}

BURGEON_SIMD_KERNEL(int64_t, CountAtLeast, (const float* values, int64_t count, float least),
                    (values, count, least))
BURGEON_SIMD_KERNEL(void, MarkAtLeast,
                    (const float* scores, int64_t count, float threshold, uint64_t* bits),
                    (scores, count, threshold, bits))
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

void MarkAtLeast(const float* scores, int64_t count, float threshold, uint64_t* bits) {
#if defined(__x86_64__)
  if (DetectedSimdLevel() == SimdLevel::kAvx512) {
    MarkAtLeastMasks(scores, count, threshold, bits);
    return;
  }
#endif
  MarkAtLeastDispatch(scores, count, threshold, bits);
}

int64_t CountAtLeast(const float* values, int64_t count, float least) {
  return CountAtLeastDispatch(values, count, least);
}

void CanonicalScores(std::span<const float> query, const float* const* rows, float* scores) {
  CanonicalScoresDispatch(query.data(), static_cast<int64_t>(query.size()), rows, scores);
}

}  // namespace burgeon
