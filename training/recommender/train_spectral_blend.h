// A weighted sum of spectral models, as one model: score = sum_p (w_p / r_p) score_p, with r_p the
// root mean square of score_p over all customers and items, so that weights compare parts of any
// scale. The parts' embeddings stand side by side (dim is the sum of theirs), the filter of a part
// is scaled by w_p / r_p: fold-in, reasons and indexes see a spectral model like any other.
//
// r_p^2 = <C_p'C_p, V_p'V_p> / (customers items), C_p and V_p the embeddings of customers and
// items.
#ifndef BURGEON_TRAINING_RECOMMENDER_TRAIN_SPECTRAL_BLEND_H_
#define BURGEON_TRAINING_RECOMMENDER_TRAIN_SPECTRAL_BLEND_H_

#include <span>
#include <vector>

#include "training/recommender/train_spectral.h"

namespace burgeon {

struct SpectralPart {
  float weight = 1;  // > 0
  SpectralOptions options;
};

inline constexpr int kMaxSpectralParts = 16;

// A list of maps: weight (1), and the fields of spectral, where absent those of `defaults`. Empty
// when `node` has no field `parts`.
std::vector<SpectralPart> ParseSpectralParts(const ConfigNode& node,
                                             const SpectralOptions& defaults);

// interactions: [customers, items], weights > 0. kFailedPrecondition when it is empty,
// kInvalidArgument without parts, for a weight that is not positive, or a part all of whose scores
// are zero.
absl::StatusOr<RecommenderModel> TrainSpectralBlend(ExecutionContext& context,
                                                    const CsrView& interactions,
                                                    std::span<const SpectralPart> parts,
                                                    TrainingReport* report);

// Each part is trained beside those before it; then all are put side by side, which takes them
// twice.
std::vector<MemoryPhase> PlanSpectralBlend(std::span<const SpectralPart> parts,
                                           const DataCounts& data);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_TRAIN_SPECTRAL_BLEND_H_
