// What surrounds the tiles of the sampled softmax (cuda/softmax_tile.h): rounding to bf16, and a
// query's result from the sums of its runs.
#ifndef BURGEON_CUDA_SOFTMAX_QUERY_H_
#define BURGEON_CUDA_SOFTMAX_QUERY_H_

#include <cmath>
#include <cstdint>
#include <cstring>

#include "cuda/host_device.h"
#include "cuda/sampled_softmax.h"
#include "cuda/softmax_tile.h"
#include "cuda/top_k_bound.h"

namespace burgeon::cuda {

inline constexpr float kLog2E = 1.4426950408889634F;
inline constexpr float kLn2 = 0.6931471805599453F;

// Which parts of a value lie one after the other. A product of the two kinds of three is
//   hi hi' + hi lo' + lo hi',  all but lo lo' of the product of the values.
enum class SoftmaxParts { kOne, kHighHighLow, kHighLowHigh };

// Rounds eight values of a row, those of `unit`, into the place of each part. `dim`: values that
// are there; the rest are zeros.
BURGEON_HOST_DEVICE inline void PackUnit(const float* row, int64_t dim, int64_t unit,
                                         const SoftmaxPacking& packing, SoftmaxParts parts,
                                         Unit* to) {
  uint16_t high[kUnitDims];
  uint16_t low[kUnitDims];
  for (int i = 0; i < kUnitDims; ++i) {
    const int64_t k = unit * kUnitDims + i;
    const float x = k < dim ? row[k] : 0.0F;
    high[i] = Bf16Bits(x);
    low[i] = Bf16Bits(x - FloatOfBf16(high[i]));
  }
  const int64_t units = packing.part / kUnitDims;
  memcpy(to + unit, high, sizeof(Unit));
  if (parts == SoftmaxParts::kOne) return;
  const bool low_last = parts == SoftmaxParts::kHighHighLow;
  memcpy(to + units + unit, low_last ? high : low, sizeof(Unit));
  memcpy(to + 2 * units + unit, low_last ? low : high, sizeof(Unit));
}

// The sums of one query, of each run: maxima[run * stride].
struct QueryRuns {
  const float* maxima = nullptr;
  const float* sums = nullptr;
  int64_t count = 0;
  int64_t stride = 0;
};

struct QueryResult {
  float loss = 0;
  float log_sum = 0;  // base 2, the positive among the exponentials
  float missed = 0;   // 1 - the positive's share, without cancellation
};

// `positive`: its logit, as an exponent of 2.
BURGEON_HOST_DEVICE inline QueryResult FinishQuery(const QueryRuns& runs, float positive) {
  float top = positive;
  for (int64_t run = 0; run < runs.count; ++run) top = fmaxf(top, runs.maxima[run * runs.stride]);
  float others = 0;
  for (int64_t run = 0; run < runs.count; ++run) {
    others += runs.sums[run * runs.stride] * exp2f(runs.maxima[run * runs.stride] - top);
  }
  const float total = others + exp2f(positive - top);
  const float log_total = log2f(total);
  return {kLn2 * (top - positive + log_total), top + log_total, others / total};
}

}  // namespace burgeon::cuda

#endif  // BURGEON_CUDA_SOFTMAX_QUERY_H_
