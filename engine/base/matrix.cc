#include "engine/base/matrix.h"

namespace burgeon {

CsrMatrix Transpose(const CsrView& matrix) {
  CsrMatrix out;
  out.cols = matrix.rows();
  out.offsets.assign(static_cast<size_t>(matrix.cols) + 1, 0);
  for (const uint32_t column : matrix.columns) ++out.offsets[column + 1];
  for (size_t i = 1; i < out.offsets.size(); ++i) out.offsets[i] += out.offsets[i - 1];
  out.columns.resize(matrix.columns.size());
  out.values.resize(matrix.values.size());
  std::vector<int64_t> next(out.offsets.begin(), out.offsets.end() - 1);
  for (int64_t row = 0; row < matrix.rows(); ++row) {
    const auto columns = matrix.row_columns(row);
    const auto values = matrix.row_values(row);
    for (size_t k = 0; k < columns.size(); ++k) {
      const auto at = static_cast<size_t>(next[columns[k]]++);
      out.columns[at] = static_cast<uint32_t>(row);
      if (!values.empty()) out.values[at] = values[k];
    }
  }
  return out;
}

}  // namespace burgeon
