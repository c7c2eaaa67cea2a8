// How much what a customer did with an item says about interest in it.
//
//   ItemTally tally;
//   tally.Add(EventType::kPurchase, 10, weights);
//   tally.Add(EventType::kReturn, 2, weights);
//   tally.Weight(weights);  // 0.8 of the weight of a purchase
//
// A snapshot and the events of a request are weighed by the same code, so that a customer seen in
// training and a stranger with the same events have the same history.
#ifndef BURGEON_ENGINE_DATASET_INTERACTION_WEIGHT_H_
#define BURGEON_ENGINE_DATASET_INTERACTION_WEIGHT_H_

#include <array>
#include <cstddef>

#include "engine/config/config.h"
#include "engine/events/event.h"

namespace burgeon {

// How much an event of each type says about a customer's interest in an item; 0: not an
// interaction. From "interactions: {purchase: 1, view: 0.1}".
struct EventWeights {
  std::array<float, kEventTypes> weight{};
  float max_weight = 0;  // of one customer and one item; more counts as this. 0: no limit
  float of(EventType type) const { return weight[static_cast<size_t>(type)]; }
};
EventWeights DefaultEventWeights();  // purchase 1, everything else 0

// The fields are the names of the event types that can concern an item, from 0 to 1000; a return
// has no field, since it takes its purchase's weight off. `max_weight` caps the sum for one item,
// so that the tenth purchase of it says no more than the first ones. An absent node gives the
// default; in a node that names a type, those it does not name weigh 0, and one must weigh more.
EventWeights ParseEventWeights(const ConfigNode& node);

// The events of one customer with one item. The order of Add does not matter but for rounding
// (sums in double).
class ItemTally {
 public:
  // quantity: units, for purchases and returns; other types count once an event.
  void Add(EventType type, double quantity, const EventWeights& weights);
  // Purchases weigh with the share of their units that was not returned; 0 when nothing is left.
  float Weight(const EventWeights& weights) const;
  bool bought() const { return purchases_ > 0; }

 private:
  double purchases_ = 0;  // events
  double units_bought_ = 0;
  double units_returned_ = 0;
  double other_weight_ = 0;  // of all types but purchase and return
};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_DATASET_INTERACTION_WEIGHT_H_
