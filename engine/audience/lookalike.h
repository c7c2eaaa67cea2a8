// Lookalike expansion: customers most like a seed audience. A light logistic model on the
// embeddings (and, where given, further columns), seeds against a background sample, corrected for
// the share of the background that is seed-like and for the sampling rate.
#ifndef BURGEON_ENGINE_AUDIENCE_LOOKALIKE_H_
#define BURGEON_ENGINE_AUDIENCE_LOOKALIKE_H_

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/ids.h"
#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/config/config.h"
#include "engine/ops/execution_context.h"

namespace burgeon {

struct LookalikeOptions {
  int64_t size = 1000;             // customers wanted
  int64_t min_seeds = 20;          // fewer found seeds are refused
  int64_t min_audience = 100;      // smaller audiences are refused
  float l2 = 1.0F;                 // ridge on the standardised inputs
  int iterations = 50;             // Newton steps at most
  uint64_t seed = 1;               // of the background sample
  int64_t background = 20'000;     // customers sampled as background, at most
};
LookalikeOptions ParseLookalikeOptions(const ConfigNode& node);

struct LookalikeInput {
  MatrixView<const float> embeddings;         // [customers, dim]
  MatrixView<const float> features;           // [customers, f], or empty
  std::span<const CustomerRow> seeds;         // ascending, unique
  std::span<const CustomerRow> excluded;      // ascending, unique
  std::span<const uint8_t> allowed;           // [customers] 1: may be in the audience; empty: all
};

struct LookalikeMember {
  CustomerRow customer;
  float score = 0;  // estimated probability to be like the seeds
};

// Best first; ties by row. Seeds and excluded are left out. kFailedPrecondition when there are
// fewer seeds, or fewer customers to choose from, than the minimum; the message has the counts.
absl::StatusOr<std::vector<LookalikeMember>> ExpandLookalike(ExecutionContext& context,
                                                             const LookalikeInput& input,
                                                             const LookalikeOptions& options);

// The score of every customer, by the same model: for evaluation.
absl::StatusOr<std::vector<float>> LookalikeScores(ExecutionContext& context,
                                                   const LookalikeInput& input,
                                                   const LookalikeOptions& options);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_AUDIENCE_LOOKALIKE_H_
