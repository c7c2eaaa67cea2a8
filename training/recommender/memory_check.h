// Whether a training fits into memory, said before it starts.
//
//   BURGEON_RETURN_IF_ERROR(CheckMemory(kind, options, counts, pool.threads(), QueryHostMemory()));
//
// Pure functions of counts and options; each kind's formula stands beside its trainer.
#ifndef BURGEON_TRAINING_RECOMMENDER_MEMORY_CHECK_H_
#define BURGEON_TRAINING_RECOMMENDER_MEMORY_CHECK_H_

#include <optional>
#include <string>
#include <vector>

#include "engine/base/host_memory.h"
#include "engine/base/status.h"
#include "training/recommender/train_recommender.h"
#include "training/run/memory_plan.h"

namespace burgeon {

struct RecommenderMemory {
  std::vector<MemoryPhase> phases;  // the snapshot and the libraries in each
  int64_t peak_bytes = 0;
  std::string field;        // what decides how much it is: "recommender.spectral.rank"
  int64_t field_value = 0;  // as it stands; lowered to what the data hold
  // The largest value of the field that fits into the bytes asked for; nothing: not even 1 does.
  std::optional<int64_t> largest_that_fits;
};

// kInvalidArgument for counts that are not positive. A kind without a formula has no phases:
// nothing is known of it, and nothing refused.
absl::StatusOr<RecommenderMemory> PlanRecommenderMemory(RecommenderKind kind,
                                                        const RecommenderOptions& options,
                                                        const DataCounts& data, int threads,
                                                        int64_t available_bytes);

// kResourceExhausted when it does not fit; the message names the phase, the field to lower and the
// largest value that fits.
absl::Status CheckMemory(RecommenderKind kind, const RecommenderMemory& plan,
                         const HostMemory& memory);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_MEMORY_CHECK_H_
