// Compiled with -ffp-contract=fast (CMakeLists.txt): products and sums become fused operations
// where the instruction set has them.
#include "engine/ops/small_cholesky.h"

#include <algorithm>
#include <cmath>

#include "engine/ops/simd.h"
#include "engine/ops/transpose_eight.h"

namespace burgeon {
namespace {

using Floats = float __attribute__((vector_size(64)));
using LooseFloats = float __attribute__((vector_size(64), aligned(4), may_alias));
constexpr int64_t kLanes = 16;
constexpr int64_t kPanel = 8;

BURGEON_SIMD_BODY const LooseFloats& Load(const float* p) {
  return *reinterpret_cast<const LooseFloats*>(p);
}
BURGEON_SIMD_BODY LooseFloats& At(float* p) { return *reinterpret_cast<LooseFloats*>(p); }

// rows' rows - above' above for eight rows from `row` and kVectors vectors of columns from
// `column`.
template <int kVectors>
BURGEON_SIMD_BODY void PanelTile(const float* rows, int64_t count, int64_t rows_stride,
                                 const float* above, int64_t stride, int64_t row, int64_t column,
                                 float* out) {
  Floats sums[kPanel][kVectors] = {};
  // Pointers that step by a row: constant offsets from them cost no registers.
  const float* left = rows + row;
  const float* right = rows + column;
  for (int64_t k = 0; k < count; ++k, left += rows_stride, right += rows_stride) {
    for (int p = 0; p < kPanel; ++p) {
      for (int c = 0; c < kVectors; ++c) sums[p][c] += left[p] * Load(right + c * kLanes);
    }
  }
  left = above + row;
  right = above + column;
  for (int64_t k = 0; k < row; ++k, left += stride, right += stride) {
    for (int p = 0; p < kPanel; ++p) {
      for (int c = 0; c < kVectors; ++c) sums[p][c] -= left[p] * Load(right + c * kLanes);
    }
  }
  for (int p = 0; p < kPanel; ++p) {
    for (int c = 0; c < kVectors; ++c) At(out + p * stride + c * kLanes) = sums[p][c];
  }
}

// What a panel's diagonal block gives: with D the pivots, D^-1/2, and in column p of `multipliers`
// what the rows before p take off row p.
struct Diagonal {
  float inverse_root[kPanel];
  float multipliers[kPanel][kPanel];
};

// Eliminates in the 8 x 8 block at `block` without roots, which would wait for each other; rows
// from `size` on are taken as those of the identity. False when a pivot is not positive.
BURGEON_SIMD_BODY bool FactorDiagonal(const float* block, int64_t stride, int64_t size,
                                      Diagonal* out) {
  EightFloats u[kPanel];
  for (int p = 0; p < kPanel; ++p) {
    u[p] =
        p < size ? *reinterpret_cast<const LooseEightFloats*>(block + p * stride) : EightFloats{};
    if (p >= size) u[p][p] = 1;
  }
  EightFloats pivots = {};
#pragma GCC unroll 8
  for (int p = 0; p < kPanel; ++p) {
    const float pivot = u[p][p];
    pivots[p] = pivot;
    const EightFloats multipliers = u[p] * (1 / pivot);
    *reinterpret_cast<LooseEightFloats*>(out->multipliers[p]) = multipliers;
#pragma GCC unroll 8
    for (int r = p + 1; r < kPanel; ++r) u[r] -= multipliers[r] * u[p];
  }
  bool positive = true;
  for (int p = 0; p < kPanel; ++p) {
    positive &= pivots[p] > 0;
    out->inverse_root[p] = 1 / std::sqrt(pivots[p]);
  }
  return positive;
}

BURGEON_SIMD_BODY bool FactorBody(const float* base, const float* rows, int64_t count,
                                  int64_t rows_stride, int64_t width, int64_t stride, float* factor,
                                  float* inverse) {
  for (int64_t row = 0; row < width; row += kPanel) {
    float* panel = factor + row * stride;
    const int64_t first = row / kLanes * kLanes;
    int64_t column = first;
    for (; column + 2 * kLanes <= stride; column += 2 * kLanes) {
      PanelTile<2>(rows, count, rows_stride, factor, stride, row, column, panel + column);
    }
    if (column < stride) {
      PanelTile<1>(rows, count, rows_stride, factor, stride, row, column, panel + column);
    }
    const int64_t size = std::min(kPanel, width - row);
    for (int64_t p = 0; p < size; ++p) panel[p * stride + row + p] += base[row + p];
    Diagonal diagonal;
    if (!FactorDiagonal(panel + row, stride, size, &diagonal)) return false;
    std::copy(diagonal.inverse_root, diagonal.inverse_root + kPanel, inverse + row);
    for (column = first; column < stride; column += kLanes) {
      Floats y[kPanel];
#pragma GCC unroll 8
      for (int p = 0; p < kPanel; ++p) {
        y[p] = Load(panel + p * stride + column);
#pragma GCC unroll 8
        for (int r = 0; r < p; ++r) y[p] -= diagonal.multipliers[r][p] * y[r];
      }
#pragma GCC unroll 8
      for (int p = 0; p < kPanel; ++p) {
        At(panel + p * stride + column) = diagonal.inverse_root[p] * y[p];
      }
    }
    // What lies left of the diagonal is read as part of whole vectors.
    for (int64_t p = 0; p < kPanel; ++p) {
      float* start = panel + p * stride;
      std::fill(start + first, start + (p < size ? row + p : stride), 0.0F);
    }
  }
  return true;
}

BURGEON_SIMD_BODY void SolveBody(const float* factor, const float* inverse, int64_t width,
                                 int64_t stride, float* forward, float* x) {
  for (int64_t i = 0; i < width; ++i) {
    const float z = x[i] * inverse[i];
    forward[i] = z;
    const float* row = factor + i * stride;
    for (int64_t j = i / kLanes * kLanes; j < stride; j += kLanes) {
      At(x + j) = Load(x + j) - z * Load(row + j);
    }
  }
  std::fill(x, x + stride, 0.0F);
  for (int64_t row = (width - 1) / kPanel * kPanel; row >= 0; row -= kPanel) {
    float sums[kPanel];
    for (int64_t p = 0; p < kPanel; ++p) {
      Floats sum = {};
      for (int64_t j = row / kLanes * kLanes; j < stride; j += kLanes) {
        sum += Load(factor + (row + p) * stride + j) * Load(x + j);
      }
      sum +=
          __builtin_shufflevector(sum, sum, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7);
      sum +=
          __builtin_shufflevector(sum, sum, 4, 5, 6, 7, 0, 1, 2, 3, 12, 13, 14, 15, 8, 9, 10, 11);
      sum +=
          __builtin_shufflevector(sum, sum, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
      sums[p] = sum[0] + sum[1];
    }
    for (int64_t p = std::min(kPanel, width - row) - 1; p >= 0; --p) {
      float sum = forward[row + p] - sums[p];
      for (int64_t q = p + 1; q < kPanel && row + q < width; ++q) {
        sum -= factor[(row + p) * stride + row + q] * x[row + q];
      }
      x[row + p] = sum * inverse[row + p];
    }
  }
}

template <int kRows, int kVectors>
BURGEON_SIMD_BODY void MultiplyTile(const float* x, int64_t x_stride, int64_t depth, const float* m,
                                    int64_t m_stride, float* out, int64_t out_stride) {
  Floats sums[kRows][kVectors] = {};
  const float* rows[kRows];
  for (int r = 0; r < kRows; ++r) rows[r] = x + r * x_stride;
  for (int64_t k = 0; k < depth; ++k, m += m_stride) {
    for (int r = 0; r < kRows; ++r) {
      for (int c = 0; c < kVectors; ++c) sums[r][c] += rows[r][k] * Load(m + c * kLanes);
    }
  }
  for (int r = 0; r < kRows; ++r) {
    for (int c = 0; c < kVectors; ++c) At(out + r * out_stride + c * kLanes) = sums[r][c];
  }
}

template <int kVectors>
BURGEON_SIMD_BODY void MultiplyColumns(const float* x, int64_t rows, int64_t x_stride,
                                       int64_t depth, const float* m, int64_t m_stride, float* out,
                                       int64_t out_stride) {
  constexpr int kRows = 8;
  int64_t r = 0;
  for (; r + kRows <= rows; r += kRows) {
    MultiplyTile<kRows, kVectors>(x + r * x_stride, x_stride, depth, m, m_stride,
                                  out + r * out_stride, out_stride);
  }
  for (; r < rows; ++r) {
    MultiplyTile<1, kVectors>(x + r * x_stride, x_stride, depth, m, m_stride, out + r * out_stride,
                              out_stride);
  }
}

BURGEON_SIMD_BODY void MultiplyRowsBody(const float* x, int64_t rows, int64_t x_stride,
                                        int64_t depth, const float* m, int64_t m_stride,
                                        int64_t width, float* out, int64_t out_stride) {
  constexpr int64_t kWide = 2 * kLanes;  // times a depth of 256 stay in the first cache
  int64_t column = 0;
  for (; column + kWide <= width; column += kWide) {
    MultiplyColumns<2>(x, rows, x_stride, depth, m + column, m_stride, out + column, out_stride);
  }
  for (; column < width; column += kLanes) {
    MultiplyColumns<1>(x, rows, x_stride, depth, m + column, m_stride, out + column, out_stride);
  }
}

BURGEON_SIMD_BODY void SumWeightedRowsBody(const float* const* rows, const float* weights,
                                           size_t count, int64_t width, float* out) {
  constexpr int64_t kVectors = 4;
  int64_t j = 0;
  for (; j + kVectors * kLanes <= width; j += kVectors * kLanes) {
    Floats sums[kVectors] = {};
    for (size_t i = 0; i < count; ++i) {
      for (int64_t c = 0; c < kVectors; ++c) sums[c] += weights[i] * Load(rows[i] + j + c * kLanes);
    }
    for (int64_t c = 0; c < kVectors; ++c) At(out + j + c * kLanes) = sums[c];
  }
  for (; j < width; j += kLanes) {
    Floats sum = {};
    for (size_t i = 0; i < count; ++i) sum += weights[i] * Load(rows[i] + j);
    At(out + j) = sum;
  }
}

BURGEON_SIMD_BODY void TransposeScaledBody(const float* const* rows, size_t count,
                                           const float* row_scale, const float* column_scale,
                                           int64_t width, int64_t stride, float* out) {
  for (size_t i = 0; i < count; i += kPanel) {
    const EightFloats scale = *reinterpret_cast<const LooseEightFloats*>(row_scale + i);
    for (int64_t k = 0; k < width; k += kPanel) {
      EightFloats columns[kPanel];
      TransposeEight(rows + i, k, columns);
      for (int64_t c = 0; c < kPanel; ++c) {
        *reinterpret_cast<LooseEightFloats*>(out + (k + c) * stride + i) =
            column_scale[k + c] * scale * columns[c];
      }
    }
  }
}

BURGEON_SIMD_BODY void GatherScaledBody(const float* const* rows, const float* scale, size_t count,
                                        int64_t width, float* out) {
  for (size_t i = 0; i < count; ++i) {
    for (int64_t j = 0; j < width; j += kLanes) At(out + j) = scale[i] * Load(rows[i] + j);
    out += width;
  }
}

BURGEON_SIMD_BODY void InverseRootsBody(const float* x, size_t count, float* out) {
  for (size_t k = 0; k < count; ++k) out[k] = 1 / std::sqrt(x[k]);
}

BURGEON_SIMD_KERNEL(void, GatherScaled,
                    (const float* const* rows, const float* scale, size_t count, int64_t width,
                     float* out),
                    (rows, scale, count, width, out))
BURGEON_SIMD_KERNEL(void, InverseRoots, (const float* x, size_t count, float* out), (x, count, out))
BURGEON_SIMD_KERNEL(bool, Factor,
                    (const float* base, const float* rows, int64_t count, int64_t rows_stride,
                     int64_t width, int64_t stride, float* factor, float* inverse),
                    (base, rows, count, rows_stride, width, stride, factor, inverse))
BURGEON_SIMD_KERNEL(void, Solve,
                    (const float* factor, const float* inverse, int64_t width, int64_t stride,
                     float* forward, float* x),
                    (factor, inverse, width, stride, forward, x))
BURGEON_SIMD_KERNEL(void, MultiplyRows,
                    (const float* x, int64_t rows, int64_t x_stride, int64_t depth, const float* m,
                     int64_t m_stride, int64_t width, float* out, int64_t out_stride),
                    (x, rows, x_stride, depth, m, m_stride, width, out, out_stride))
BURGEON_SIMD_KERNEL(void, SumWeightedRows,
                    (const float* const* rows, const float* weights, size_t count, int64_t width,
                     float* out),
                    (rows, weights, count, width, out))
BURGEON_SIMD_KERNEL(void, TransposeScaled,
                    (const float* const* rows, size_t count, const float* row_scale,
                     const float* column_scale, int64_t width, int64_t stride, float* out),
                    (rows, count, row_scale, column_scale, width, stride, out))

}  // namespace

bool SmallCholesky::Factor(std::span<const float> base, MatrixView<const float> rows) {
  width_ = rows.cols;
  stride_ = PaddedWidth(width_);
  BURGEON_CHECK(static_cast<int64_t>(base.size()) == width_ && rows.stride >= stride_);
  const auto cells = static_cast<size_t>((width_ + kPanel) * stride_);
  if (factor_.size() < cells) factor_.resize(cells);
  inverse_.resize(static_cast<size_t>(stride_));
  forward_.resize(static_cast<size_t>(stride_));
  return FactorDispatch(base.data(), rows.data, rows.rows, rows.stride, width_, stride_,
                        factor_.data(), inverse_.data());
}

void SmallCholesky::Solve(std::span<float> x) {
  BURGEON_CHECK(static_cast<int64_t>(x.size()) == stride_);
  if (width_ == 0) return;
  SolveDispatch(factor_.data(), inverse_.data(), width_, stride_, forward_.data(), x.data());
}

void MultiplyRows(MatrixView<const float> x, MatrixView<const float> m, MatrixView<float> out) {
  BURGEON_CHECK(x.cols == m.rows && x.rows == out.rows && m.cols == out.cols);
  const int64_t width = PaddedWidth(m.cols);
  BURGEON_CHECK(m.stride >= width && out.stride >= width);
  MultiplyRowsDispatch(x.data, x.rows, x.stride, x.cols, m.data, m.stride, width, out.data,
                       out.stride);
}

void SumWeightedRows(std::span<const float* const> rows, std::span<const float> weights,
                     int64_t width, float* out) {
  BURGEON_CHECK(rows.size() == weights.size() && width % kLanes == 0);
  SumWeightedRowsDispatch(rows.data(), weights.data(), rows.size(), width, out);
}

void TransposeScaled(std::span<const float* const> rows, std::span<const float> row_scale,
                     std::span<const float> column_scale, int64_t width, int64_t stride,
                     float* out) {
  BURGEON_CHECK(rows.size() % kPanel == 0 && width % kPanel == 0);
  BURGEON_CHECK(row_scale.size() >= rows.size() && stride >= static_cast<int64_t>(rows.size()));
  BURGEON_CHECK(static_cast<int64_t>(column_scale.size()) >= width);
  TransposeScaledDispatch(rows.data(), rows.size(), row_scale.data(), column_scale.data(), width,
                          stride, out);
}

void GatherScaled(std::span<const float* const> rows, std::span<const float> scale, int64_t width,
                  float* out) {
  BURGEON_CHECK(rows.size() <= scale.size() && width % kLanes == 0);
  GatherScaledDispatch(rows.data(), scale.data(), rows.size(), width, out);
}

void InverseRoots(std::span<const float> x, std::span<float> out) {
  BURGEON_CHECK(x.size() <= out.size());
  InverseRootsDispatch(x.data(), x.size(), out.data());
}

}  // namespace burgeon
