#include "training/recommender/interaction_check.h"

#include <cmath>

namespace burgeon {

absl::Status CheckInteractions(const CsrView& interactions) {
  if (interactions.nonzeros() == 0) {
    return FailedPrecondition("train recommender: there are no interactions (", interactions.rows(),
                              " customers, ", interactions.cols,
                              " items); check the event weights and the time of the snapshot");
  }
  for (int64_t u = 0; u < interactions.rows(); ++u) {
    for (const float w : interactions.row_values(u)) {
      if (!(w > 0) || !std::isfinite(w)) {
        return InvalidArgument("train recommender: customer row ", u,
                               " has an interaction of weight ", w,
                               "; weights must be positive and finite");
      }
    }
  }
  return absl::OkStatus();
}

std::vector<double> ColumnSums(const CsrView& interactions) {
  std::vector<double> sums(static_cast<size_t>(interactions.cols));
  for (size_t k = 0; k < interactions.columns.size(); ++k) {
    sums[interactions.columns[k]] += interactions.values.empty() ? 1.0 : interactions.values[k];
  }
  return sums;
}

}  // namespace burgeon
