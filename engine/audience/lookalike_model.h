// The lookalike model: seeds against a background sample, and what its log odds mean.
#ifndef BURGEON_ENGINE_AUDIENCE_LOOKALIKE_MODEL_H_
#define BURGEON_ENGINE_AUDIENCE_LOOKALIKE_MODEL_H_

#include <span>
#include <vector>

#include "engine/audience/logistic_ridge.h"
#include "engine/audience/lookalike.h"
#include "engine/audience/lookalike_inputs.h"

namespace burgeon {

// The errors of ExpandLookalike that are known before anything is computed.
absl::Status CheckLookalike(const LookalikeInput& input, const LookalikeOptions& options);

// Who may be in the audience, ascending: allowed, neither a seed nor excluded.
std::vector<CustomerRow> LookalikeCandidates(const LookalikeInput& input);

// Fitted once, then scores anybody. Thread-safe. The input's matrices must outlive it.
class LookalikeModel {
 public:
  // candidates: as above, not empty. input.seeds: not empty.
  static absl::StatusOr<LookalikeModel> Fit(ExecutionContext& context, const LookalikeInput& input,
                                            std::span<const CustomerRow> candidates,
                                            const LookalikeOptions& options);

  // Log odds that a customer is a seed: the order of the audience.
  double LogOddsOf(CustomerRow customer) const;
  std::vector<double> LogOddsOf(ThreadPool& pool, std::span<const CustomerRow> customers) const;

  // The estimated probability to be like the seeds,
  //   P(like | x) = P(seed | x) / c,   c = P(seed | like),
  // cut at 1 (Elkan and Noto, "Learning Classifiers from Only Positive and Unlabeled Data", KDD
  // 2008, Lemma 1): the background holds customers who are like the seeds, too. c is the mean of
  // P(seed | x) over seeds that a fit has not seen (their estimator e1), by folds.
  float Probability(double log_odds) const;

 private:
  LookalikeModel(LookalikeInputs inputs) : inputs_(std::move(inputs)) {}

  LookalikeInputs inputs_;
  LogisticFit fit_;
  double seed_given_like_ = 1;  // c
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_AUDIENCE_LOOKALIKE_MODEL_H_
