// Lookalike expansion: customers most like a seed audience. A ridge logistic model on the direction
// and length of the embeddings and, where given, further columns (lookalike_inputs.h), seeds
// against a background sample, corrected for the share of the background that is like the seeds
// and for the sampling rate (lookalike_model.h).
//
//   BURGEON_ASSIGN_OR_RETURN(const auto audience, ExpandLookalike(context, input, {.size = 500}));
//
// Depends on the input, the options and the seed alone, not on the number of threads. Customers who
// are not allowed are neither listed nor looked at.
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
  int64_t size = 1000;          // customers wanted
  int64_t min_seeds = 20;       // fewer found seeds are refused
  int64_t min_audience = 100;   // smaller audiences are refused
  float l2 = 1.0F;              // ridge on the scaled inputs, > 0
  int iterations = 50;          // Newton steps at most
  uint64_t seed = 1;            // of the background sample
  int64_t background = 20'000;  // customers sampled as background, at most
};
// Fields size, min_seeds, min_audience, l2, iterations, random_seed, background.
LookalikeOptions ParseLookalikeOptions(const ConfigNode& node);

struct LookalikeInput {
  MatrixView<const float> embeddings = {};     // [customers, dim]
  MatrixView<const float> features = {};       // [customers, f], or empty
  std::span<const CustomerRow> seeds = {};     // ascending, unique
  std::span<const CustomerRow> excluded = {};  // ascending, unique
  std::span<const uint8_t> allowed = {};       // [customers] 1: may be in the audience; empty: all.
                                               // Seeds must be allowed.
};

struct LookalikeMember {
  CustomerRow customer;
  float score = 0;  // estimated probability to be like the seeds
};

// Best first, by the model's log odds (the score is their image, cut at 1), then by row. Seeds and
// excluded are left out; an excluded seed still is a seed. The audience is smaller than
// options.size when fewer are left to choose from. kFailedPrecondition when there are fewer seeds
// than min_seeds, or the audience would be smaller than min_audience; the message has the counts.
// kInvalidArgument for options out of range, and for rows that are out of order, there twice, not
// in the matrix, or (seeds) not allowed.
absl::StatusOr<std::vector<LookalikeMember>> ExpandLookalike(ExecutionContext& context,
                                                             const LookalikeInput& input,
                                                             const LookalikeOptions& options);

// The score of every customer, by the same model and with the same minimum of seeds; 0 for those
// who are not allowed.
absl::StatusOr<std::vector<float>> LookalikeScores(ExecutionContext& context,
                                                   const LookalikeInput& input,
                                                   const LookalikeOptions& options);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_AUDIENCE_LOOKALIKE_H_
