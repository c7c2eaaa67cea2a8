#include "training/recommender/degree_normalisation.h"

#include <cmath>

namespace burgeon {

std::vector<double> RowSums(const CsrView& matrix) {
  std::vector<double> sums(static_cast<size_t>(matrix.rows()));
  for (int64_t i = 0; i < matrix.rows(); ++i) {
    const auto weights = matrix.row_values(i);
    double sum = weights.empty() ? static_cast<double>(matrix.row_columns(i).size()) : 0;
    for (const float w : weights) sum += w;
    sums[static_cast<size_t>(i)] = sum;
  }
  return sums;
}

std::vector<double> Powers(std::span<const double> sums, double exponent) {
  std::vector<double> powers(sums.size());
  for (size_t i = 0; i < sums.size(); ++i) {
    powers[i] = sums[i] > 0 ? std::pow(sums[i], exponent) : 0;
  }
  return powers;
}

CsrMatrix ScaledBoth(const CsrView& matrix, std::span<const double> row_scale,
                     std::span<const double> column_scale) {
  BURGEON_CHECK(std::ssize(row_scale) == matrix.rows() && std::ssize(column_scale) == matrix.cols);
  CsrMatrix out;
  out.offsets.assign(matrix.offsets.begin(), matrix.offsets.end());
  out.columns.assign(matrix.columns.begin(), matrix.columns.end());
  out.cols = matrix.cols;
  out.values.reserve(out.columns.size());
  for (int64_t i = 0; i < matrix.rows(); ++i) {
    const auto columns = matrix.row_columns(i);
    const auto weights = matrix.row_values(i);
    for (size_t k = 0; k < columns.size(); ++k) {
      const double weight = weights.empty() ? 1.0 : static_cast<double>(weights[k]);
      out.values.push_back(static_cast<float>(weight * row_scale[static_cast<size_t>(i)] *
                                              column_scale[columns[k]]));
    }
  }
  return out;
}

}  // namespace burgeon
