#include "training/recommender/popularity.h"

#include <algorithm>
#include <cmath>

#include "training/recommender/interaction_check.h"

namespace burgeon {

absl::StatusOr<std::vector<float>> TotalPopularity(const CsrView& interactions) {
  BURGEON_RETURN_IF_ERROR(CheckInteractions(interactions));
  const std::vector<double> sums = ColumnSums(interactions);
  return std::vector<float>(sums.begin(), sums.end());
}

absl::StatusOr<std::vector<float>> RecentPopularity(const CsrView& interactions,
                                                    std::span<const TimeMicros> times,
                                                    double half_life_days) {
  BURGEON_RETURN_IF_ERROR(CheckInteractions(interactions));
  if (!(half_life_days > 0)) {
    return InvalidArgument("half_life_days: ", half_life_days, " is not a positive number");
  }
  if (times.size() != interactions.columns.size()) {
    return InvalidArgument("popularity by recency: ", times.size(), " times for ",
                           interactions.columns.size(), " interactions");
  }
  const TimeMicros latest = *std::ranges::max_element(times);
  std::vector<double> sums(static_cast<size_t>(interactions.cols), 0);
  for (size_t k = 0; k < times.size(); ++k) {
    const double age_days =
        static_cast<double>(latest - times[k]) / static_cast<double>(kMicrosPerDay);
    const double weight = interactions.values.empty() ? 1.0 : interactions.values[k];
    sums[interactions.columns[k]] += weight * std::exp2(-age_days / half_life_days);
  }
  return std::vector<float>(sums.begin(), sums.end());
}

}  // namespace burgeon
