// The order in which customers came to the items of their interactions: what models that read an
// order learn from (engine/models/sequence_encoder.h).
//
//   const ItemSequences order =
//       InteractionOrder(snapshot.events, snapshot.interactions.view(), weights, {.length = 50});
//
// An event counts when its type weighs something and its item is among the customer's interactions,
// so that what was returned as a whole is not there, and a customer whose row is empty (who does
// not consent, or is not of the sample) has no order either. Events are taken as they stand: by
// time, those of one time as they were read (snapshot.h).
#ifndef BURGEON_ENGINE_DATASET_INTERACTION_ORDER_H_
#define BURGEON_ENGINE_DATASET_INTERACTION_ORDER_H_

#include <cstdint>
#include <span>

#include "engine/base/item_sequence.h"
#include "engine/base/matrix.h"
#include "engine/dataset/interaction_weight.h"
#include "engine/dataset/snapshot.h"

namespace burgeon {

struct OrderOptions {
  std::span<const TimeMicros> cut = {};  // [customers] events from then on are not seen; empty: all
                                         // events are
  int64_t length = 0;                    // of the newest items; 0: all of them
};

// [customers], with times. interactions: [customers, items] of the same rows; `weights`: those it
// was made with.
ItemSequences InteractionOrder(const SnapshotEvents& events, const CsrView& interactions,
                               const EventWeights& weights, const OrderOptions& options = {});

// The same for interactions of which only the last time is known: each item once, by it; those of
// one time by row. `times`: beside interactions.columns.
ItemSequences OrderByTime(const CsrView& interactions, std::span<const TimeMicros> times);

// What of the sequences is among `interactions`, of the same rows, with its times if there are any.
ItemSequences KeepInteractions(const SequenceView& sequences, const CsrView& interactions);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_DATASET_INTERACTION_ORDER_H_
