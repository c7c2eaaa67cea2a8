// Popularity: the recommender that knows nothing of the customer, and that every other is held to.
//   by total     score(i) = sum_u w_ui
//   by recency   score(i) = sum_u w_ui 2^(-(T - t_ui) / half-life), t_ui the last time of u with i,
//                T the latest of all t
// With a half-life without end the second is the first.
#ifndef BURGEON_TRAINING_RECOMMENDER_POPULARITY_H_
#define BURGEON_TRAINING_RECOMMENDER_POPULARITY_H_

#include <span>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/matrix.h"
#include "engine/base/status.h"

namespace burgeon {

// [items]. kFailedPrecondition, kInvalidArgument: as CheckInteractions.
absl::StatusOr<std::vector<float>> TotalPopularity(const CsrView& interactions);

// times: beside interactions.columns. kInvalidArgument for a half-life that is not positive, or
// times that are not as many as interactions.
absl::StatusOr<std::vector<float>> RecentPopularity(const CsrView& interactions,
                                                    std::span<const TimeMicros> times,
                                                    double half_life_days);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_POPULARITY_H_
