// What a two-tower model sees in one step: of each customer of a batch some items as the history
// and the others to be named, and items drawn as what was not named. Depends on data, options and
// seed alone.
#ifndef BURGEON_TRAINING_RECOMMENDER_TWO_TOWER_BATCHES_H_
#define BURGEON_TRAINING_RECOMMENDER_TWO_TOWER_BATCHES_H_

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/matrix.h"

namespace burgeon {

// Customers with two items or more, each once, shuffled, in batches of at most batch_size.
std::vector<std::vector<int64_t>> TwoTowerBatches(const CsrView& interactions, int64_t batch_size,
                                                  uint64_t seed, int epoch);

// Rows are the customers of the batch, columns items. No item is in both of a row.
struct TwoTowerExamples {
  CsrMatrix history;  // with its weights
  CsrMatrix targets;  // pattern
};
// round(share * items) of a customer's items are targets, one at least and all but one at most,
// drawn anew in every epoch: what is to be named is never part of the history it is named from.
TwoTowerExamples DrawExamples(const CsrView& interactions, std::span<const int64_t> customers,
                              double target_share, uint64_t seed, int epoch);

// Items that stand for all others in the softmax, ascending, each once. `correction` is
// log(times drawn / (draws q)), q the probability to draw it: exp(score + correction) then sums, in
// expectation, to the sum of exp(score) over all items (Bengio, Senecal, "Adaptive Importance
// Sampling to Accelerate Training of a Neural Probabilistic Language Model", 2008).
struct DrawnNegatives {
  std::vector<uint32_t> items;
  std::vector<float> correction;
};

// Draws by q_i = (1 - popularity_share) / items + popularity_share d_i / sum d.
class NegativeSampler {
 public:
  // degrees: [items] d, >= 0, not all 0.
  NegativeSampler(std::span<const int64_t> degrees, double popularity_share);
  // With replacement.
  DrawnNegatives Draw(int64_t draws, uint64_t seed, uint64_t step) const;
  double ProbabilityOf(uint32_t item) const;

 private:
  std::vector<double> below_;  // [items + 1] sum of d of the items before
  double popularity_share_;
};

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_TWO_TOWER_BATCHES_H_
