// Interactions scaled by powers of the sums of their rows and columns: D_u^-a R D_i^-b, the matrix
// that spectral models and graph filters work on.
#ifndef BURGEON_TRAINING_RECOMMENDER_DEGREE_NORMALISATION_H_
#define BURGEON_TRAINING_RECOMMENDER_DEGREE_NORMALISATION_H_

#include <span>
#include <vector>

#include "engine/base/matrix.h"

namespace burgeon {

std::vector<double> RowSums(const CsrView& matrix);

// sums^exponent; 0 for a row without entries.
std::vector<double> Powers(std::span<const double> sums, double exponent);

// diag(row_scale) matrix diag(column_scale), with values even where `matrix` has none.
CsrMatrix ScaledBoth(const CsrView& matrix, std::span<const double> row_scale,
                     std::span<const double> column_scale);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_DEGREE_NORMALISATION_H_
