// The order in which a sequence model sees its sequences.
#ifndef BURGEON_TRAINING_RECOMMENDER_SEQUENCE_BATCHES_H_
#define BURGEON_TRAINING_RECOMMENDER_SEQUENCE_BATCHES_H_

#include <cstdint>
#include <vector>

#include "engine/base/item_sequence.h"

namespace burgeon {

// Rows with two items or more, each once, in batches of at most batch_size. Rows are shuffled, then
// sorted by length within runs of 16 batches, so that little of a batch is padding, and the batches
// are shuffled again. Depends on (seed, epoch) alone.
std::vector<std::vector<int64_t>> SequenceBatches(const SequenceView& sequences, int64_t length,
                                                  int64_t batch_size, uint64_t seed, int epoch);

}  // namespace burgeon

#endif  // BURGEON_TRAINING_RECOMMENDER_SEQUENCE_BATCHES_H_
