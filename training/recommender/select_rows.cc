#include "training/recommender/select_rows.h"

namespace burgeon {

CsrMatrix SelectRows(const CsrView& matrix, std::span<const int64_t> rows) {
  CsrMatrix out;
  out.cols = matrix.cols;
  for (const int64_t row : rows) {
    const auto columns = matrix.row_columns(row);
    const auto values = matrix.row_values(row);
    out.columns.insert(out.columns.end(), columns.begin(), columns.end());
    out.values.insert(out.values.end(), values.begin(), values.end());
    out.offsets.push_back(std::ssize(out.columns));
  }
  return out;
}

}  // namespace burgeon
