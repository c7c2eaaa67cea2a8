// Quality of probabilities against 0/1 labels. All need at least one positive and one negative
// (else kFailedPrecondition), and equal lengths.
#ifndef BURGEON_ENGINE_EXPERIMENT_CLASSIFICATION_METRICS_H_
#define BURGEON_ENGINE_EXPERIMENT_CLASSIFICATION_METRICS_H_

#include <cstdint>
#include <span>

#include "engine/base/status.h"

namespace burgeon {

struct ClassificationMetrics {
  double auc = 0;                // area under the ROC curve; ties count half (Mann-Whitney)
  double average_precision = 0;  // sum of (R_n - R_{n-1}) P_n over distinct scores
  double log_loss = 0;           // natural logarithm; probabilities clipped to [1e-15, 1 - 1e-15]
  double ece = 0;                // expected calibration error, 10 bins of equal width
                                 // (Naeini et al., AAAI 2015)
  double lift_at_10pct = 0;      // rate of positives among the top ceil(10 %) over the base rate;
                                 // ties at the border count by their share
  double base_rate = 0;
  int64_t examples = 0;
};

absl::StatusOr<ClassificationMetrics> EvaluateProbabilities(std::span<const float> probability,
                                                            std::span<const uint8_t> label);

// Rate of positives among the `fraction` with the highest scores, over the base rate; ties at the
// border count by their share.
absl::StatusOr<double> LiftAt(std::span<const float> score, std::span<const uint8_t> label,
                              double fraction);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EXPERIMENT_CLASSIFICATION_METRICS_H_
