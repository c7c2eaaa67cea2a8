#include "engine/dataset/snapshot.h"

#include <algorithm>
#include <atomic>
#include <tuple>
#include <utility>

#include "engine/base/hash.h"

namespace burgeon {
namespace {

constexpr int64_t kCustomersPerBlock = 256;

bool IsBehaviour(EventType type) {
  return type != EventType::kConsent && type != EventType::kAttribute && type != EventType::kIdLink;
}

// The log through the eyes of T: every question about it goes through here, so that nothing after T
// is seen.
class View {
 public:
  View(const EventLog& log, const SnapshotOptions& options)
      : log_(log), options_(options), as_of_(options.as_of) {
    if (as_of_ == INT64_MAX) as_of_ = std::max(log.last_event_time, log.last_known_at);
  }

  TimeMicros as_of() const { return as_of_; }

  bool Sees(int64_t row) const {
    const auto k = static_cast<size_t>(row);
    return log_.time[k] <= as_of_ && log_.known_at[k] <= as_of_;
  }

  // Consent as known at T.
  ConsentBits ConsentOf(size_t customer) const {
    ConsentBits bits = options_.consent.initial();
    const auto begin = static_cast<size_t>(log_.consent_offsets[customer]);
    const auto end = static_cast<size_t>(log_.consent_offsets[customer + 1]);
    for (size_t k = begin; k < end; ++k) {
      const ConsentChange& change = log_.consent[k];
      if (change.event_time > as_of_ || change.known_at > as_of_) continue;
      bits.bits = static_cast<uint8_t>((bits.bits & ~change.denied) | change.granted);
    }
    return bits;
  }

  // Calls visit(row of the log) for each event of a customer that is seen.
  template <class Visit>
  void ForEach(size_t customer, const Visit& visit) const {
    for (int64_t k = log_.offsets[customer]; k < log_.offsets[customer + 1]; ++k) {
      if (Sees(k)) visit(static_cast<size_t>(k));
    }
  }

  bool Has(size_t customer, ConsentBits bits) const {
    if (options_.purpose.has_value() && !bits.Allows(*options_.purpose)) return false;
    for (int64_t k = log_.offsets[customer]; k < log_.offsets[customer + 1]; ++k) {
      if (Sees(k)) return true;
    }
    return false;
  }

 private:
  const EventLog& log_;
  const SnapshotOptions& options_;
  TimeMicros as_of_;
};

// What one customer gives to the snapshot.
struct CustomerPart {
  bool there = false;
  ConsentBits consent;
  int64_t events = 0;
  std::vector<uint32_t> touched;                    // items of the log, ascending
  std::vector<std::pair<uint32_t, float>> weights;  // ItemRow, ascending
  std::vector<uint32_t> seen;                       // ItemRow, ascending
};

CustomerPart FirstLook(const EventLog& log, const View& view, size_t customer) {
  CustomerPart part;
  part.consent = view.ConsentOf(customer);
  part.there = view.Has(customer, part.consent);
  if (!part.there) return part;
  view.ForEach(customer, [&](size_t k) {
    if (!IsBehaviour(log.type[k])) return;
    ++part.events;
    if (log.item[k] != EventLog::kNoItem) part.touched.push_back(log.item[k]);
  });
  std::sort(part.touched.begin(), part.touched.end());
  part.touched.erase(std::unique(part.touched.begin(), part.touched.end()), part.touched.end());
  return part;
}

// ItemRow of every item of the log, kNoItemRow for those that are not in the snapshot; fills
// snapshot->items.
absl::StatusOr<std::vector<uint32_t>> NumberItems(ThreadPool& pool, const EventLog& log,
                                                  const std::vector<CustomerPart>& parts,
                                                  int64_t min_customers, Snapshot* snapshot) {
  std::vector<std::atomic<uint32_t>> customers_of(log.items.size());
  pool.ParallelFor(static_cast<int64_t>(parts.size()), kCustomersPerBlock,
                   [&](int64_t begin, int64_t end) {
                     for (int64_t c = begin; c < end; ++c) {
                       for (const uint32_t item : parts[static_cast<size_t>(c)].touched) {
                         customers_of[item].fetch_add(1, std::memory_order_relaxed);
                       }
                     }
                   });
  std::vector<uint32_t> row_of(log.items.size(), kNoItemRow);
  std::vector<std::string> ids;
  for (size_t i = 0; i < log.items.size(); ++i) {
    if (customers_of[i].load(std::memory_order_relaxed) < min_customers) continue;
    row_of[i] = static_cast<uint32_t>(ids.size());
    ids.push_back(log.items[i]);
  }
  BURGEON_ASSIGN_OR_RETURN(snapshot->items, Vocabulary::FromIds(std::move(ids)));
  return row_of;
}

// Sums a customer's events into weights by item; items come in ascending order of row since
// row_of ascends with the item of the log.
void WeighItems(const EventLog& log, const View& view, const std::vector<uint32_t>& row_of,
                const EventWeights& weights, size_t customer, CustomerPart* part) {
  std::vector<ItemTally> tallies(part->touched.size());
  view.ForEach(customer, [&](size_t k) {
    if (!IsBehaviour(log.type[k]) || log.item[k] == EventLog::kNoItem) return;
    const auto at = std::lower_bound(part->touched.begin(), part->touched.end(), log.item[k]);
    tallies[static_cast<size_t>(at - part->touched.begin())].Add(log.type[k], log.quantity[k],
                                                                 weights);
  });
  for (size_t i = 0; i < tallies.size(); ++i) {
    const uint32_t row = row_of[part->touched[i]];
    if (row == kNoItemRow) continue;
    const float weight = tallies[i].Weight(weights);
    if (weight > 0) part->weights.emplace_back(row, weight);
    if (tallies[i].bought()) part->seen.push_back(row);
  }
}

void ResizeEvents(SnapshotEvents* events) {
  const auto n = static_cast<size_t>(events->offsets.back());
  events->item.resize(n);
  events->type.resize(n);
  events->time.resize(n);
  events->quantity.resize(n);
  events->value_micros.resize(n);
  events->order.resize(n);
}

void CopyEvents(const EventLog& log, const View& view, const std::vector<uint32_t>& row_of,
                size_t customer, int64_t to, SnapshotEvents* events) {
  HashMap<uint32_t, uint32_t> order_number;  // the log numbers orders that are not seen as well
  auto at = static_cast<size_t>(to);
  view.ForEach(customer, [&](size_t k) {
    if (!IsBehaviour(log.type[k])) return;
    events->item[at] = log.item[k] == EventLog::kNoItem ? kNoItemRow : row_of[log.item[k]];
    events->type[at] = log.type[k];
    events->time[at] = log.time[k];
    events->quantity[at] = log.quantity[k];
    events->value_micros[at] = log.value_micros[k];
    const auto next = static_cast<uint32_t>(order_number.size());
    events->order[at] = order_number.try_emplace(log.order[k], next).first->second;
    ++at;
  });
}

void AppendRow(const CustomerPart& part, Snapshot* snapshot) {
  for (const auto& [item, weight] : part.weights) {
    snapshot->interactions.columns.push_back(item);
    snapshot->interactions.values.push_back(weight);
  }
  snapshot->interactions.offsets.push_back(
      static_cast<int64_t>(snapshot->interactions.columns.size()));
  CsrMatrix& seen = snapshot->seen;
  seen.columns.insert(seen.columns.end(), part.seen.begin(), part.seen.end());
  seen.offsets.push_back(static_cast<int64_t>(seen.columns.size()));
}

// The latest description by (event_time, known_at, value) of those that are known at T.
std::vector<std::string> ItemLabels(const EventLog& log, TimeMicros as_of,
                                    const Vocabulary& items) {
  std::vector<const AttributeValue*> latest(static_cast<size_t>(items.size()), nullptr);
  for (const AttributeValue& value : log.item_descriptions) {
    if (value.event_time > as_of || value.known_at > as_of) continue;
    const auto row = items.Find(value.id);
    if (!row.has_value()) continue;
    const AttributeValue*& best = latest[*row];
    if (best == nullptr || std::tie(best->event_time, best->known_at, best->value) <
                               std::tie(value.event_time, value.known_at, value.value)) {
      best = &value;
    }
  }
  std::vector<std::string> labels(latest.size());
  for (size_t i = 0; i < latest.size(); ++i) {
    if (latest[i] != nullptr) labels[i] = latest[i]->value;
  }
  return labels;
}

// Numbers the customers that are there and lays the rows out; gives the log's customers in order.
absl::StatusOr<std::vector<size_t>> NumberCustomers(const EventLog& log,
                                                    const std::vector<CustomerPart>& parts,
                                                    Snapshot* snapshot) {
  std::vector<size_t> there;
  std::vector<std::string> ids;
  for (size_t c = 0; c < parts.size(); ++c) {
    if (!parts[c].there) continue;
    there.push_back(c);
    ids.push_back(log.customers[c]);
    snapshot->consent.push_back(parts[c].consent);
    snapshot->events.offsets.push_back(snapshot->events.offsets.back() + parts[c].events);
  }
  BURGEON_ASSIGN_OR_RETURN(snapshot->customers, Vocabulary::FromIds(std::move(ids)));
  return there;
}

}  // namespace

absl::StatusOr<Snapshot> BuildSnapshot(ThreadPool& pool, const EventLog& log,
                                       const SnapshotOptions& options) {
  if (options.min_item_customers < 1) {
    return InvalidArgument("min_item_customers: ", options.min_item_customers,
                           " is not a positive number");
  }
  const View view(log, options);
  std::vector<CustomerPart> parts(log.customers.size());
  pool.ParallelFor(static_cast<int64_t>(parts.size()), kCustomersPerBlock,
                   [&](int64_t begin, int64_t end) {
                     for (auto c = static_cast<size_t>(begin); c < static_cast<size_t>(end); ++c) {
                       parts[c] = FirstLook(log, view, c);
                     }
                   });

  Snapshot snapshot;
  snapshot.as_of = view.as_of();
  BURGEON_ASSIGN_OR_RETURN(const std::vector<uint32_t> row_of,
                           NumberItems(pool, log, parts, options.min_item_customers, &snapshot));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<size_t> there, NumberCustomers(log, parts, &snapshot));
  ResizeEvents(&snapshot.events);
  pool.ParallelFor(
      static_cast<int64_t>(there.size()), kCustomersPerBlock, [&](int64_t begin, int64_t end) {
        for (auto r = static_cast<size_t>(begin); r < static_cast<size_t>(end); ++r) {
          const size_t c = there[r];
          WeighItems(log, view, row_of, options.weights, c, &parts[c]);
          CopyEvents(log, view, row_of, c, snapshot.events.offsets[r], &snapshot.events);
        }
      });
  for (const size_t c : there) AppendRow(parts[c], &snapshot);
  snapshot.interactions.cols = snapshot.items.size();
  snapshot.seen.cols = snapshot.items.size();
  snapshot.item_label = ItemLabels(log, snapshot.as_of, snapshot.items);
  snapshot.id = SnapshotId(snapshot);
  return snapshot;
}

}  // namespace burgeon
