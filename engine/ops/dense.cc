#include "engine/ops/dense.h"

#include <algorithm>

namespace burgeon {
namespace {

constexpr int64_t kTileRows = 512;
constexpr int64_t kTileCols = 2048;
constexpr int64_t kGramTile = 256;
constexpr int64_t kGramRows = 2048;  // summed in fp32
constexpr int64_t kGramGroups = 16;  // of row blocks, when there is a single tile

template <class T>
MatrixView<T> Cols(MatrixView<T> m, int64_t begin, int64_t end) {
  return {m.data + begin, m.rows, end - begin, m.stride};
}

int64_t Blocks(int64_t count, int64_t block) { return (count + block - 1) / block; }

// Adds a[rows, i]' a[rows, j] to sum, block of rows by block of rows.
void AddGramTile(MatrixView<const float> a, int64_t i_begin, int64_t i_end, int64_t j_begin,
                 int64_t j_end, int64_t row_begin, int64_t row_end, double* sum) {
  FloatMatrix part(i_end - i_begin, j_end - j_begin);
  for (int64_t r = row_begin; r < row_end; r += kGramRows) {
    const MatrixView<const float> block = a.Rows(r, std::min(row_end, r + kGramRows));
    blas::Gemm(Transposed::kYes, Transposed::kNo, 1, Cols(block, i_begin, i_end),
               Cols(block, j_begin, j_end), 0, part.view());
    for (size_t k = 0; k < part.values().size(); ++k) sum[k] += part.values()[k];
  }
}

// One tile holds the whole: the rows are what there is to share out.
DoubleMatrix SmallGram(ExecutionContext& context, MatrixView<const float> a) {
  const int64_t n = a.cols;
  const int64_t group =
      kGramRows * std::max<int64_t>(1, Blocks(Blocks(a.rows, kGramRows), kGramGroups));
  const int64_t groups = Blocks(a.rows, group);
  const auto cells = static_cast<size_t>(n * n);
  std::vector<double> sums(static_cast<size_t>(groups) * cells);
  context.pool().ParallelFor(a.rows, group, [&](int64_t begin, int64_t end) {
    AddGramTile(a, 0, n, 0, n, begin, end,
                sums.data() + static_cast<size_t>(begin / group) * cells);
  });
  DoubleMatrix gram(n, n);
  for (int64_t g = 0; g < groups; ++g) {
    const double* sum = sums.data() + static_cast<size_t>(g) * cells;
    for (size_t k = 0; k < cells; ++k) gram.values()[k] += sum[k];
  }
  // Some of BLAS's kernels round the two halves differently.
  for (int64_t i = 0; i < n; ++i) {
    for (int64_t j = 0; j < i; ++j) gram.at(i, j) = gram.at(j, i);
  }
  return gram;
}

}  // namespace

void Gemm(ExecutionContext& context, Transposed transpose_a, Transposed transpose_b, float alpha,
          MatrixView<const float> a, MatrixView<const float> b, float beta, MatrixView<float> c) {
  const int64_t wide = std::max<int64_t>(1, Blocks(c.cols, kTileCols));
  context.pool().ParallelFor(Blocks(c.rows, kTileRows) * wide, 1, [&](int64_t tile, int64_t) {
    const int64_t row = tile / wide * kTileRows;
    const int64_t row_end = std::min(c.rows, row + kTileRows);
    const int64_t col = tile % wide * kTileCols;
    const int64_t col_end = std::min(c.cols, col + kTileCols);
    const auto left =
        transpose_a == Transposed::kYes ? Cols(a, row, row_end) : a.Rows(row, row_end);
    const auto right =
        transpose_b == Transposed::kYes ? b.Rows(col, col_end) : Cols(b, col, col_end);
    blas::Gemm(transpose_a, transpose_b, alpha, left, right, beta,
               Cols(c.Rows(row, row_end), col, col_end));
  });
}

DoubleMatrix Gram(ExecutionContext& context, MatrixView<const float> a) {
  const int64_t n = a.cols;
  if (n <= kGramTile) return SmallGram(context, a);
  const int64_t side = Blocks(n, kGramTile);
  DoubleMatrix gram(n, n);
  context.pool().ParallelFor(side * side, 1, [&](int64_t tile, int64_t) {
    const int64_t i = tile / side * kGramTile;
    const int64_t j = tile % side * kGramTile;
    if (j < i) return;
    const int64_t i_end = std::min(n, i + kGramTile);
    const int64_t j_end = std::min(n, j + kGramTile);
    DoubleMatrix sum(i_end - i, j_end - j);
    AddGramTile(a, i, i_end, j, j_end, 0, a.rows, sum.data());
    for (int64_t r = i; r < i_end; ++r) {
      for (int64_t s = j; s < j_end; ++s) {
        gram.at(r, s) = sum.at(r - i, s - j);
        gram.at(s, r) = sum.at(r - i, s - j);
      }
    }
  });
  return gram;
}

void MultiplyByUpper(ExecutionContext& context, MatrixView<const float> u, MatrixView<float> b) {
  context.pool().ParallelFor(b.rows, kTileRows, [&](int64_t begin, int64_t end) {
    blas::MultiplyByUpper(u, b.Rows(begin, end));
  });
}

absl::StatusOr<Eigen> SymmetricEigen(DoubleMatrix matrix) {
  const int64_t n = matrix.rows();
  Eigen eigen{std::vector<double>(static_cast<size_t>(n)), std::move(matrix)};
  const int info = blas::SymmetricEigen(eigen.vectors.view(), eigen.values);
  if (info != 0) {
    return Internal("eigenvalues of a ", n, " x ", n, " matrix: LAPACK dsyevd gave up (info ", info,
                    ")");
  }
  std::ranges::reverse(eigen.values);
  for (int64_t i = 0; i < n / 2; ++i) {
    std::ranges::swap_ranges(eigen.vectors.row(i), eigen.vectors.row(n - 1 - i));
  }
  return eigen;
}

}  // namespace burgeon
