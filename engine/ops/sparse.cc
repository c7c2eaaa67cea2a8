#include "engine/ops/sparse.h"

#include <algorithm>
#include <vector>

#include "engine/base/sum_order.h"
#include "engine/ops/simd.h"

namespace burgeon {
namespace {

using Floats = float __attribute__((vector_size(64)));
using LooseFloats = float __attribute__((vector_size(64), aligned(4), may_alias));
constexpr int64_t kLanes = 16;
constexpr int64_t kVectors = 8;  // sums of 128 columns stay in registers
constexpr int64_t kChunk = kLanes * kVectors;
constexpr size_t kAhead = 4;  // rows of x to fetch before they are needed
constexpr int64_t kRowBlock = 32;

// y[0 .. width) = sum_k weights[k] x[columns[k], 0 .. width); no weights: ones.
BURGEON_SIMD_BODY void SumRowsBody(const uint32_t* columns, const float* weights, size_t count,
                                   const float* x, int64_t stride, int64_t width, float* y) {
  int64_t begin = 0;
  for (; begin + kChunk <= width; begin += kChunk) {
    Floats sums[kVectors] = {};
    for (size_t k = 0; k < count; ++k) {
      const float* row = x + columns[k] * stride + begin;
      if (k + kAhead < count) {
        const float* next = x + columns[k + kAhead] * stride + begin;
        for (int64_t v = 0; v < kVectors; ++v) __builtin_prefetch(next + v * kLanes);
      }
      const float weight = weights == nullptr ? 1.0F : weights[k];
      for (int64_t v = 0; v < kVectors; ++v) {
        sums[v] += weight * *reinterpret_cast<const LooseFloats*>(row + v * kLanes);
      }
    }
    for (int64_t v = 0; v < kVectors; ++v) {
      *reinterpret_cast<LooseFloats*>(y + begin + v * kLanes) = sums[v];
    }
  }
  if (begin == width) return;
  std::fill(y + begin, y + width, 0.0F);
  for (size_t k = 0; k < count; ++k) {
    const float* row = x + columns[k] * stride;
    const float weight = weights == nullptr ? 1.0F : weights[k];
    for (int64_t j = begin; j < width; ++j) y[j] += weight * row[j];
  }
}

BURGEON_SIMD_KERNEL(void, SumRows,
                    (const uint32_t* columns, const float* weights, size_t count, const float* x,
                     int64_t stride, int64_t width, float* y),
                    (columns, weights, count, x, stride, width, y))

// The segments of a row longer than one, in their order.
void SumSegmentsOfRow(std::span<const uint32_t> columns, std::span<const float> weights,
                      MatrixView<const float> x, std::span<float> y) {
  std::vector<float> part(y.size());
  for (size_t begin = 0; begin < columns.size(); begin += kSumSegment) {
    const size_t count = std::min<size_t>(kSumSegment, columns.size() - begin);
    float* const to = begin == 0 ? y.data() : part.data();
    SumRowsDispatch(columns.data() + begin, weights.empty() ? nullptr : weights.data() + begin,
                    count, x.data, x.stride, x.cols, to);
    if (begin == 0) continue;
    for (size_t j = 0; j < y.size(); ++j) y[j] += part[j];
  }
}

}  // namespace

void SparseTimesDense(ExecutionContext& context, const CsrView& a, MatrixView<const float> x,
                      MatrixView<float> y) {
  BURGEON_CHECK(a.cols == x.rows && a.rows() == y.rows && x.cols == y.cols);
  context.pool().ParallelFor(y.rows, kRowBlock, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const auto columns = a.row_columns(i);
      const auto weights = a.row_values(i);
      if (std::ssize(columns) > kSumSegment) {
        SumSegmentsOfRow(columns, weights, x, y.row(i));
        continue;
      }
      SumRowsDispatch(columns.data(), weights.empty() ? nullptr : weights.data(), columns.size(),
                      x.data, x.stride, x.cols, y.row(i).data());
    }
  });
}

}  // namespace burgeon
