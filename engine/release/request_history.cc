#include "engine/release/request_history.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string_view>

#include "engine/base/hash.h"
#include "engine/base/limits.h"
#include "engine/dataset/interaction_weight.h"
#include "engine/release/query_internal.h"

namespace burgeon {
namespace {

// An event of an item that the release has.
struct KnownEvent {
  uint32_t item = 0;
  const RequestEvent* event = nullptr;
};

// Those of known items, by time.
std::vector<KnownEvent> KnownEvents(const ReleaseData& data, std::span<const RequestEvent> events,
                                    std::vector<std::string>* unknown) {
  std::vector<KnownEvent> known;
  StringSet unknown_items;
  for (const RequestEvent& event : events) {
    const std::optional<uint32_t> item = data.items.Find(event.item_id);
    if (item) {
      known.push_back({*item, &event});
    } else if (unknown_items.insert(event.item_id).second) {
      unknown->push_back(event.item_id);
    }
  }
  std::ranges::stable_sort(known, {},
                           [](const KnownEvent& k) { return k.event->time.value_or(0); });
  return known;
}

// By item: the weight of all that was done with it, and whether it was ever bought.
struct ItemHistory {
  double weight = 0;
  bool bought = false;
};
using History = std::map<uint32_t, ItemHistory>;

History StoredHistory(const ReleaseData& data, std::optional<CustomerRow> customer) {
  History history;
  if (!customer) return history;
  const CsrView interactions = data.interactions.view();
  const auto items = interactions.row_columns(customer->value);
  const auto weights = interactions.row_values(customer->value);
  for (size_t j = 0; j < items.size(); ++j) {
    history[items[j]].weight = weights.empty() ? 1 : static_cast<double>(weights[j]);
  }
  for (const uint32_t item : data.seen.view().row_columns(customer->value)) {
    history[item].bought = true;
  }
  return history;
}

void AddEvents(const EventWeights& weights, const std::vector<KnownEvent>& events,
               History* history) {
  std::map<uint32_t, ItemTally> tallies;
  for (const auto& [item, event] : events) tallies[item].Add(event->type, event->quantity, weights);
  for (const auto& [item, tally] : tallies) {
    ItemHistory& entry = (*history)[item];
    entry.bought = entry.bought || tally.bought();
    entry.weight += static_cast<double>(tally.Weight(weights));
    if (weights.max_weight > 0) {
      entry.weight = std::min(entry.weight, static_cast<double>(weights.max_weight));
    }
  }
}

// What the release holds of a customer's order, and then the events that weigh something.
std::vector<uint32_t> Sequence(const ReleaseData& data, std::optional<CustomerRow> customer,
                               const std::vector<KnownEvent>& events, const History& history) {
  std::vector<uint32_t> sequence;
  const auto length = static_cast<size_t>(data.recommender.order_length());
  if (length == 0) return sequence;
  if (customer) {
    const auto stored = data.order.view().row(customer->value);
    sequence.assign(stored.begin(), stored.end());
  }
  for (const auto& [item, event] : events) {
    const bool counts = data.event_weights.of(event->type) > 0 && history.at(item).weight > 0;
    if (counts) sequence.push_back(item);
  }
  if (sequence.size() > length) {
    sequence.erase(sequence.begin(), sequence.end() - static_cast<std::ptrdiff_t>(length));
  }
  return sequence;
}

}  // namespace

absl::Status CheckRequestEvents(const RecommendRequest& request) {
  const std::vector<RequestEvent>& events = request.events;
  BURGEON_RETURN_IF_ERROR(CheckCount("events", events.size(), limits::kMaxRequestEvents));
  for (size_t i = 0; i < events.size(); ++i) {
    const RequestEvent& event = events[i];
    BURGEON_RETURN_IF_ERROR(CheckId(Concat("events[", i, "].item_id"), event.item_id));
    if (!std::isfinite(event.quantity) || event.quantity <= 0) {
      return InvalidArgument("events[", i, "].quantity: ", event.quantity,
                             " is not a positive number");
    }
    if (event.time.has_value() != events.front().time.has_value()) {
      return InvalidArgument("events[", i, "].time: ", event.time ? "is there" : "is missing",
                             "; events[0] has ", event.time ? "none" : "one",
                             ", and all of them have a time or none has");
    }
    if (request.customer_id && event.type == EventType::kReturn) {
      return InvalidArgument("events[", i, "].type: a return beside customer_id: the release does ",
                             "not hold how many units were bought; it counts with the next one");
    }
  }
  return absl::OkStatus();
}

RecommendQuery QueryOfEvents(const ReleaseData& data, std::optional<CustomerRow> customer,
                             std::span<const RequestEvent> events,
                             std::vector<std::string>* unknown) {
  const std::vector<KnownEvent> known = KnownEvents(data, events, unknown);
  History history = StoredHistory(data, customer);
  AddEvents(data.event_weights, known, &history);
  RecommendQuery query;
  query.customer = customer;
  query.history = HistoryOwner::kQuery;
  for (const auto& [item, entry] : history) {
    if (entry.bought) query.seen_items.push_back(item);
    const auto weight = static_cast<float>(entry.weight);
    if (!(weight > 0)) continue;
    query.history_items.push_back(item);
    query.history_weights.push_back(weight);
  }
  query.sequence = Sequence(data, customer, known, history);
  return query;
}

}  // namespace burgeon
