// How well a lookalike audience finds the rest of a group: half of the group are the seeds, the
// other half is hidden among everybody else and has to be found, by our model and by the simpler
// ways that it has to beat.
#ifndef BURGEON_ENGINE_AUDIENCE_LOOKALIKE_EVALUATION_H_
#define BURGEON_ENGINE_AUDIENCE_LOOKALIKE_EVALUATION_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/audience/lookalike.h"

namespace burgeon {

// The shares of the candidates that an audience is cut at.
inline constexpr std::array<double, 3> kLookalikeShares = {0.01, 0.05, 0.10};

struct LookalikeQuality {
  // "lookalike"          the model of lookalike.h
  // "seed_centroid"      cosine to the mean of the seeds' directions
  // "max_similarity"     the largest cosine to a seed
  // "plain_logistic"     logistic regression, ridge 1, on the standardised embeddings
  std::string method;
  // Of the audience that is each of kLookalikeShares of the candidates, rounded up:
  std::array<double, kLookalikeShares.size()> recall{};  // found / held out
  std::array<double, kLookalikeShares.size()> lift{};    // recall / (audience / candidates)
};

struct LookalikeEvaluation {
  int64_t seeds = 0;
  int64_t held_out = 0;
  int64_t candidates = 0;                 // everybody allowed but the seeds and the excluded
  std::vector<LookalikeQuality> methods;  // as above, in that order
};

// input.seeds is the whole group; the half that stays seeds (the larger, of an odd number) depends
// on split_seed and the rows alone. Errors as ExpandLookalike's, min_seeds being asked of the half;
// kFailedPrecondition for a group of fewer than two, kInvalidArgument when one of it is excluded.
absl::StatusOr<LookalikeEvaluation> EvaluateLookalike(ExecutionContext& context,
                                                      const LookalikeInput& input,
                                                      const LookalikeOptions& options,
                                                      uint64_t split_seed);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_AUDIENCE_LOOKALIKE_EVALUATION_H_
