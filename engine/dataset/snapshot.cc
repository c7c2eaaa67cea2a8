#include "engine/dataset/snapshot.h"

#include <algorithm>
#include <atomic>
#include <tuple>
#include <utility>

#include "engine/base/hash.h"
#include "engine/dataset/person_consent.h"
#include "engine/dataset/persons.h"

namespace burgeon {
namespace {

constexpr int64_t kCustomersPerBlock = 256;

bool IsBehaviour(EventType type) {
  return type != EventType::kConsent && type != EventType::kAttribute && type != EventType::kIdLink;
}

// The log through the eyes of T: every question about it goes through here, so that nothing after T
// is seen. Customers are persons, of one id or several.
class View {
 public:
  View(const EventLog& log, const SnapshotOptions& options)
      : log_(log),
        options_(options),
        as_of_(TimeOf(log, options)),
        persons_(Persons::Of(log, LinksToUse(log, options), as_of_)),
        consent_(log, persons_, options) {}

  TimeMicros as_of() const { return as_of_; }
  const Persons& persons() const { return persons_; }

  bool Sees(int64_t row) const {
    const auto k = static_cast<size_t>(row);
    return log_.time[k] <= as_of_ && log_.known_at[k] <= as_of_;
  }

  ConsentBits ConsentOf(size_t person, ConsentTimes* said) const {
    return consent_.Of(person, said);
  }

  // Calls visit(row of the log, customer of the log) for each event of a person that is seen, in
  // order of (event_time, stored id, EventBefore).
  template <class Visit>
  void ForEach(size_t person, const Visit& visit) const {
    const std::span<const uint32_t> members = persons_.members(person);
    if (members.size() == 1) {
      for (int64_t k = log_.offsets[members[0]]; k < log_.offsets[members[0] + 1]; ++k) {
        if (Sees(k)) visit(static_cast<size_t>(k), members[0]);
      }
      return;
    }
    std::vector<std::pair<size_t, uint32_t>> rows;
    for (const uint32_t member : members) {
      for (int64_t k = log_.offsets[member]; k < log_.offsets[member + 1]; ++k) {
        if (Sees(k)) rows.emplace_back(static_cast<size_t>(k), member);
      }
    }
    std::stable_sort(rows.begin(), rows.end(), [&](const auto& a, const auto& b) {
      return log_.time[a.first] < log_.time[b.first];
    });
    for (const auto& [row, member] : rows) visit(row, member);
  }

  bool Has(size_t person, ConsentBits bits) const {
    if (options_.purpose ? !bits.Allows(*options_.purpose) : bits.bits == 0) return false;
    for (const uint32_t member : persons_.members(person)) {
      for (int64_t k = log_.offsets[member]; k < log_.offsets[member + 1]; ++k) {
        if (Sees(k)) return true;
      }
    }
    return false;
  }

 private:
  const EventLog& log_;
  const SnapshotOptions& options_;
  TimeMicros as_of_;
  Persons persons_;
  PersonConsent consent_;
};

// What one customer gives to the snapshot.
struct CustomerPart {
  bool there = false;
  ConsentBits consent;
  ConsentTimes said = kNothingSaid;
  int64_t events = 0;
  std::vector<uint32_t> touched;                    // items of the log, ascending
  std::vector<std::pair<uint32_t, float>> weights;  // ItemRow, ascending
  std::vector<uint32_t> seen;                       // ItemRow, ascending
};

CustomerPart FirstLook(const EventLog& log, const View& view, size_t person) {
  CustomerPart part;
  part.consent = view.ConsentOf(person, &part.said);
  part.there = view.Has(person, part.consent);
  if (!part.there) return part;
  view.ForEach(person, [&](size_t k, uint32_t) {
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
                const EventWeights& weights, size_t person, CustomerPart* part) {
  std::vector<ItemTally> tallies(part->touched.size());
  view.ForEach(person, [&](size_t k, uint32_t) {
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
                size_t person, int64_t to, SnapshotEvents* events) {
  // The log numbers orders within a stored id, and those that are not seen as well.
  HashMap<uint64_t, uint32_t> order_number;
  auto at = static_cast<size_t>(to);
  view.ForEach(person, [&](size_t k, uint32_t member) {
    if (!IsBehaviour(log.type[k])) return;
    events->item[at] = log.item[k] == EventLog::kNoItem ? kNoItemRow : row_of[log.item[k]];
    events->type[at] = log.type[k];
    events->time[at] = log.time[k];
    events->quantity[at] = log.quantity[k];
    events->value_micros[at] = log.value_micros[k];
    const auto next = static_cast<uint32_t>(order_number.size());
    const uint64_t order = uint64_t{member} << 32 | log.order[k];
    events->order[at] = order_number.try_emplace(order, next).first->second;
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

// Every id of the persons that are there by which they can be asked for.
absl::Status SetAliases(const Persons& persons, Snapshot* snapshot) {
  std::vector<Alias> aliases;
  for (const IdentityMap::Cluster& cluster : persons.identity().clusters()) {
    const auto row = snapshot->customers.Find(cluster.canonical);
    if (!row.has_value()) continue;
    for (const std::string& id : cluster.members) {
      if (id != cluster.canonical) aliases.push_back({id, *row});
    }
  }
  return snapshot->customers.SetAliases(std::move(aliases));
}

// Numbers the customers that are there and lays the rows out; gives the persons in order.
absl::StatusOr<std::vector<size_t>> NumberCustomers(const Persons& persons,
                                                    const std::vector<CustomerPart>& parts,
                                                    Snapshot* snapshot) {
  std::vector<size_t> there;
  std::vector<std::string> ids;
  for (size_t p = 0; p < parts.size(); ++p) {
    if (!parts[p].there) continue;
    there.push_back(p);
    ids.emplace_back(persons.id(p));
    snapshot->consent.push_back(parts[p].consent);
    snapshot->consent_said.push_back(parts[p].said);
    snapshot->events.offsets.push_back(snapshot->events.offsets.back() + parts[p].events);
  }
  BURGEON_ASSIGN_OR_RETURN(snapshot->customers, Vocabulary::FromIds(std::move(ids)));
  BURGEON_RETURN_IF_ERROR(SetAliases(persons, snapshot));
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
  std::vector<CustomerPart> parts(view.persons().size());
  pool.ParallelFor(static_cast<int64_t>(parts.size()), kCustomersPerBlock,
                   [&](int64_t begin, int64_t end) {
                     for (auto p = static_cast<size_t>(begin); p < static_cast<size_t>(end); ++p) {
                       parts[p] = FirstLook(log, view, p);
                     }
                   });

  Snapshot snapshot;
  snapshot.as_of = view.as_of();
  BURGEON_ASSIGN_OR_RETURN(const std::vector<uint32_t> row_of,
                           NumberItems(pool, log, parts, options.min_item_customers, &snapshot));
  BURGEON_ASSIGN_OR_RETURN(const std::vector<size_t> there,
                           NumberCustomers(view.persons(), parts, &snapshot));
  ResizeEvents(&snapshot.events);
  pool.ParallelFor(
      static_cast<int64_t>(there.size()), kCustomersPerBlock, [&](int64_t begin, int64_t end) {
        for (auto r = static_cast<size_t>(begin); r < static_cast<size_t>(end); ++r) {
          const size_t p = there[r];
          WeighItems(log, view, row_of, options.weights, p, &parts[p]);
          CopyEvents(log, view, row_of, p, snapshot.events.offsets[r], &snapshot.events);
        }
      });
  for (const size_t p : there) AppendRow(parts[p], &snapshot);
  snapshot.interactions.cols = snapshot.items.size();
  snapshot.seen.cols = snapshot.items.size();
  snapshot.item_label = ItemLabels(log, snapshot.as_of, snapshot.items);
  snapshot.id = SnapshotId(snapshot);
  return snapshot;
}

}  // namespace burgeon
