// Attributes of customers as known at T: of every value that several sources state, the one to
// believe, with where it came from and what it overruled.
//
//   AttributeSources sources = AttributeSources::Of(store.manifest());
//   ResolvedAttributes r = ResolveAttributes(values, aggregates, sources, identity, as_of);
//
// A value is seen when event_time and known_at are at or before T. The ids of one person
// (identity.h) are one customer. Of one source its latest value counts, by (event_time, known_at,
// value); what it said before is history. Between sources decides, in this order: the higher trust
// of the source (IngestRecord::trust; of several ingests of a source the newest), the later
// event_time, the later known_at, the value that is larger by bytes, and of equal values the
// smaller name of the source. So the order of input never decides. Sources that state another value
// than the one believed are overruled: a conflict.
//
// Aggregates are figures about groups (market research by region): their id is a value of a
// customer attribute, their name "<attribute>/<figure>". They are resolved among each other by the
// same rules, then hold for every customer whose believed value of the attribute is that id, unless
// a source states an attribute of that very name of the customer himself.
#ifndef BURGEON_ENGINE_GOVERNANCE_ATTRIBUTES_H_
#define BURGEON_ENGINE_GOVERNANCE_ATTRIBUTES_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/clock.h"
#include "engine/base/hash.h"
#include "engine/events/event_store.h"
#include "engine/governance/identity.h"

namespace burgeon {

// Who the sources are.
class AttributeSources {
 public:
  struct Standing {
    Party party = Party::kFirst;
    int64_t trust = 100;
  };
  AttributeSources() = default;
  static AttributeSources Of(const EventManifest& manifest);
  void Set(std::string_view source, Standing standing);
  // A first party of full trust when nothing is known of it.
  Standing Find(std::string_view source) const;

 private:
  StringMap<Standing> standings_;
};

// One value of a source, as it stands against others.
struct SourceValue {
  std::string value;
  std::string source;
  Party party = Party::kFirst;
  int64_t trust = 100;
  TimeMicros event_time = 0;  // since when it holds
  TimeMicros known_at = 0;
  std::string stored_id;  // the id it was stated of: one of the person's, or the group's
  int64_t ingest = 0;
  friend bool operator==(const SourceValue&, const SourceValue&) = default;
};

struct ResolvedAttribute {
  std::string customer;  // the canonical id
  std::string name;
  SourceValue believed;
  std::vector<SourceValue> overruled;  // of other sources with other values; most believed first
  std::string group_key;  // the attribute an aggregate was joined by; "" for the customer's own
};

struct ResolvedAttributes {
  std::vector<ResolvedAttribute> values;  // ascending by (customer, name)
  int64_t conflicts = 0;                  // values that overruled another; aggregates once each
  std::map<std::string, int64_t> conflicts_by_name;
};

ResolvedAttributes ResolveAttributes(std::vector<AttributeValue> customer_values,
                                     std::vector<AttributeValue> aggregates,
                                     const AttributeSources& sources, const IdentityMap& identity,
                                     TimeMicros as_of);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_GOVERNANCE_ATTRIBUTES_H_
