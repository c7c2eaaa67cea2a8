#include "engine/dataset/interaction_weight.h"

#include <algorithm>

namespace burgeon {
namespace {

constexpr EventType kWeighted[] = {
    EventType::kView,      EventType::kClick,     EventType::kSearch,
    EventType::kFavourite, EventType::kAddToCart, EventType::kPurchase,
    EventType::kRating,    EventType::kFeedback,  EventType::kOther};

}  // namespace

EventWeights DefaultEventWeights() {
  EventWeights weights;
  weights.weight[static_cast<size_t>(EventType::kPurchase)] = 1;
  return weights;
}

EventWeights ParseEventWeights(const ConfigNode& node) {
  EventWeights weights;
  bool written = false;
  bool positive = false;
  for (const EventType type : kWeighted) {
    const std::string_view name = EventTypeName(type);
    written = written || node.Has(name);
    const auto weight = static_cast<float>(node.GetDouble(name, 0, {0, 1000}));
    weights.weight[static_cast<size_t>(type)] = weight;
    positive = positive || weight > 0;
  }
  const auto max_weight = static_cast<float>(node.GetDouble("max_weight", 0, {0, 1e6}));
  if (!written) {
    weights = DefaultEventWeights();
    weights.max_weight = max_weight;
    return weights;
  }
  weights.max_weight = max_weight;
  if (!positive) {
    node.Fail("purchase", "every weight is 0; at least one type of event must weigh more");
  }
  return weights;
}

void ItemTally::Add(EventType type, double quantity, const EventWeights& weights) {
  if (type == EventType::kPurchase) {
    purchases_ += 1;
    units_bought_ += quantity;
  } else if (type == EventType::kReturn) {
    units_returned_ += quantity;
  } else {
    other_weight_ += weights.of(type);
  }
}

float ItemTally::Weight(const EventWeights& weights) const {
  double kept = 1;
  if (units_returned_ > 0) {
    kept = units_bought_ > 0 ? std::max(0.0, 1 - units_returned_ / units_bought_) : 0.0;
  }
  const double purchased = purchases_ * weights.of(EventType::kPurchase) * kept;
  const double sum = purchased + other_weight_;
  return static_cast<float>(
      weights.max_weight > 0 ? std::min(sum, static_cast<double>(weights.max_weight)) : sum);
}

}  // namespace burgeon
