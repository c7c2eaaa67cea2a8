// When each interaction of a snapshot last happened: what popularity by recency is made of.
#ifndef BURGEON_ENGINE_DATASET_INTERACTION_TIME_H_
#define BURGEON_ENGINE_DATASET_INTERACTION_TIME_H_

#include <vector>

#include "engine/base/clock.h"
#include "engine/dataset/snapshot.h"

namespace burgeon {

// Beside interactions.columns of the snapshot: the latest time of an event of the customer with the
// item, of a type that weighs something. `weights`: those the snapshot was built with.
std::vector<TimeMicros> InteractionTimes(const Snapshot& snapshot, const EventWeights& weights);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_DATASET_INTERACTION_TIME_H_
