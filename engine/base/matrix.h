// Dense and sparse views, and their owners. Row-major everywhere; int64 sizes.
//
//   FloatMatrix m(rows, cols);          // zeros
//   Gemm(context, m.view(), ...);
#ifndef BURGEON_ENGINE_BASE_MATRIX_H_
#define BURGEON_ENGINE_BASE_MATRIX_H_

#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/base/check.h"

namespace burgeon {

// [rows, cols], row-major; row i starts at data + i * stride. Not owned.
template <class T>
struct MatrixView {
  T* data = nullptr;
  int64_t rows = 0;
  int64_t cols = 0;
  int64_t stride = 0;

  std::span<T> row(int64_t i) const {
    BURGEON_CHECK(i >= 0 && i < rows);
    return {data + i * stride, static_cast<size_t>(cols)};
  }
  MatrixView Rows(int64_t begin, int64_t end) const {
    BURGEON_CHECK(0 <= begin && begin <= end && end <= rows);
    return {data + begin * stride, end - begin, cols, stride};
  }
  operator MatrixView<const T>() const requires(!std::is_const_v<T>) {
    return {data, rows, cols, stride};
  }
};

template <class T>
class Matrix {
 public:
  Matrix() = default;
  Matrix(int64_t rows, int64_t cols)
      : rows_(rows), cols_(cols), values_(static_cast<size_t>(rows * cols)) {
    BURGEON_CHECK(rows >= 0 && cols >= 0);
  }
  Matrix(int64_t rows, int64_t cols, std::vector<T> values)
      : rows_(rows), cols_(cols), values_(std::move(values)) {
    BURGEON_CHECK(rows >= 0 && cols >= 0 && values_.size() == static_cast<size_t>(rows * cols));
  }

  int64_t rows() const { return rows_; }
  int64_t cols() const { return cols_; }
  bool empty() const { return values_.empty(); }
  T* data() { return values_.data(); }
  const T* data() const { return values_.data(); }
  std::vector<T>& values() { return values_; }
  const std::vector<T>& values() const { return values_; }
  T& at(int64_t i, int64_t j) { return values_[static_cast<size_t>(i * cols_ + j)]; }
  const T& at(int64_t i, int64_t j) const { return values_[static_cast<size_t>(i * cols_ + j)]; }
  std::span<T> row(int64_t i) { return view().row(i); }
  std::span<const T> row(int64_t i) const { return view().row(i); }
  MatrixView<T> view() { return {values_.data(), rows_, cols_, cols_}; }
  MatrixView<const T> view() const { return {values_.data(), rows_, cols_, cols_}; }

 private:
  int64_t rows_ = 0;
  int64_t cols_ = 0;
  std::vector<T> values_;
};

using FloatMatrix = Matrix<float>;
using DoubleMatrix = Matrix<double>;

// Compressed sparse rows: row i holds columns[offsets[i] .. offsets[i+1]), ascending, unique.
// `values` runs beside `columns`; an empty `values` means every stored entry is 1. Not owned.
struct CsrView {
  std::span<const int64_t> offsets;  // [rows + 1]
  std::span<const uint32_t> columns;
  std::span<const float> values;
  int64_t cols = 0;

  int64_t rows() const { return offsets.empty() ? 0 : static_cast<int64_t>(offsets.size()) - 1; }
  int64_t nonzeros() const { return static_cast<int64_t>(columns.size()); }
  std::span<const uint32_t> row_columns(int64_t i) const {
    const auto k = static_cast<size_t>(i);
    return columns.subspan(static_cast<size_t>(offsets[k]),
                           static_cast<size_t>(offsets[k + 1] - offsets[k]));
  }
  std::span<const float> row_values(int64_t i) const {
    const auto k = static_cast<size_t>(i);
    if (values.empty()) return {};
    return values.subspan(static_cast<size_t>(offsets[k]),
                          static_cast<size_t>(offsets[k + 1] - offsets[k]));
  }
};

struct CsrMatrix {
  std::vector<int64_t> offsets = {0};
  std::vector<uint32_t> columns;
  std::vector<float> values;
  int64_t cols = 0;

  int64_t rows() const { return static_cast<int64_t>(offsets.size()) - 1; }
  CsrView view() const { return {offsets, columns, values, cols}; }
};

// Rows become columns; within a row the entries stay ascending.
CsrMatrix Transpose(const CsrView& matrix);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_BASE_MATRIX_H_
