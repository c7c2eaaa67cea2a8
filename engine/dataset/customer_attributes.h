// The attributes of customers as known at T, of those who consent: what the tables that are given
// to others are made from. Values come from tables of customers, from events that carry attributes,
// from events of type attribute, and from aggregates; who is believed: engine/governance/
// attributes.h.
#ifndef BURGEON_ENGINE_DATASET_CUSTOMER_ATTRIBUTES_H_
#define BURGEON_ENGINE_DATASET_CUSTOMER_ATTRIBUTES_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/dataset/event_log.h"
#include "engine/dataset/event_source.h"
#include "engine/dataset/snapshot.h"
#include "engine/governance/attributes.h"

namespace burgeon {

// All that a data set can be built from, past and future.
struct SourceFacts {
  EventLog log;
  std::vector<AttributeValue> customer_attributes;  // of tables and of events
  std::vector<AttributeValue> aggregates;
};
absl::StatusOr<SourceFacts> ReadFacts(ThreadPool& pool, const EventSource& source);

struct AttributeTable {
  TimeMicros as_of = 0;
  std::vector<std::string> customers;     // ascending canonical ids: who has a value and consents
  std::vector<ResolvedAttribute> values;  // ascending by (customer, name)
  int64_t customers_refused = 0;          // have values, and are left out for want of consent
  int64_t conflicts = 0;                  // among `values`; of an aggregate once for its group
  std::map<std::string, int64_t> conflicts_by_name;
};

// options.purpose is enforced as in a snapshot (BuildSnapshot), also for those without any event.
AttributeTable BuildAttributeTable(const SourceFacts& facts, const AttributeSources& sources,
                                   const SnapshotOptions& options);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_DATASET_CUSTOMER_ATTRIBUTES_H_
