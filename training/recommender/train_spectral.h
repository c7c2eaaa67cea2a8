// spectral: A = D_u^-a R D_i^-b ~ U S V', the `rank` largest singular triplets, by block power
// iteration on A'A with `oversample` extra columns, CholeskyQR twice an iteration, then
// Rayleigh-Ritz. D_u and D_i hold the row and column sums of R. Filter
// f_k = s_k^2 / (s_k^2 + m s_r^2) with s_r the singular value number min(filter_rank, rank); or
// f_k = s_k^p. Customer embedding = f o sum_i r_i d_i^-b V_i (also the fold-in of an unseen
// customer), item j = d_j^c V_j. The decomposition runs on the CPU, whatever the device.
//
// Same bits for any number of threads; the result depends on data, options and seed alone.
#ifndef BURGEON_TRAINING_RECOMMENDER_TRAIN_SPECTRAL_H_
#define BURGEON_TRAINING_RECOMMENDER_TRAIN_SPECTRAL_H_

#include <cstdint>

#include "engine/base/matrix.h"
#include "engine/base/status.h"
#include "engine/config/config.h"
#include "engine/models/recommender_model.h"
#include "engine/ops/execution_context.h"
#include "training/recommender/training_report.h"
#include "training/run/memory_plan.h"

namespace burgeon {

enum class SpectralFilter { kRidge, kSingularValue };

struct SpectralOptions {
  int rank = 1536;                 // K; lowered to the smaller side of R minus one
  float customer_exponent = 0.4F;  // a
  float item_exponent = 0.4F;      // b
  float score_exponent = 0.35F;    // c
  SpectralFilter filter = SpectralFilter::kRidge;
  float filter_strength = 4;  // m
  int filter_rank = 1024;     // r
  float filter_exponent = 1;  // p
  int oversample = 64;
  int iterations = 4;  // more change little, and not for the better
  uint64_t seed = 1;
};

// Fields that are absent are those of `fallback`.
SpectralOptions ParseSpectralOptions(const ConfigNode& node, const SpectralOptions& fallback = {});

// Of the embeddings beside a model that ranks by an item operator: enough for neighbours and
// lookalike, quick to make.
SpectralOptions EmbeddingOptions();

// interactions: [customers, items], weights > 0. kFailedPrecondition when it is empty.
absl::StatusOr<RecommenderModel> TrainSpectral(ExecutionContext& context,
                                               const CsrView& interactions,
                                               const SpectralOptions& options,
                                               TrainingReport* report);

// Bytes beside the interactions. For n customers, m items, z interactions and rank K: the
// normalised matrix, 8 (n + 1) + 8 z, with what engine/ops/truncated_svd.h says of the
// decomposition; then vectors and both tables of items, 12 m K; then the tables and the customers',
// 8 m K + 4 n K, to which writing adds a copy.
std::vector<MemoryPhase> PlanSpectral(const SpectralOptions& options, const DataCounts& data);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_TRAIN_SPECTRAL_H_
