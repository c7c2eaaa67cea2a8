#include "engine/governance/attributes.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace burgeon {
namespace {

// The order of belief between values of different sources.
bool Believed(const SourceValue& a, const SourceValue& b) {
  return std::tie(b.trust, b.event_time, b.known_at, b.value, a.source) <
         std::tie(a.trust, a.event_time, a.known_at, a.value, b.source);
}

// Of one source: the latest first. Equal statements of two ids of a person: the smaller id.
bool LaterOfSource(const AttributeValue& a, const AttributeValue& b) {
  return std::tie(b.event_time, b.known_at, b.value, a.id, a.ingest) <
         std::tie(a.event_time, a.known_at, a.value, b.id, b.ingest);
}

struct Stated {
  std::string_view customer;
  const AttributeValue* value;
};

SourceValue Weighed(const AttributeValue& value, const AttributeSources& sources) {
  const AttributeSources::Standing standing = sources.Find(value.source);
  return {value.value,      value.source,   standing.party, standing.trust,
          value.event_time, value.known_at, value.id,       value.ingest};
}

// Of the values of one attribute of one customer, ordered by source and the latest first.
ResolvedAttribute Decide(const Stated* begin, const Stated* end, const AttributeSources& sources) {
  ResolvedAttribute out;
  out.customer = begin->customer;
  out.name = begin->value->name;
  std::vector<SourceValue> latest;
  for (const Stated* at = begin; at != end; ++at) {
    if (at != begin && at->value->source == (at - 1)->value->source) continue;
    latest.push_back(Weighed(*at->value, sources));
  }
  std::sort(latest.begin(), latest.end(), Believed);
  out.believed = std::move(latest.front());
  for (size_t i = 1; i < latest.size(); ++i) {
    if (latest[i].value != out.believed.value) out.overruled.push_back(std::move(latest[i]));
  }
  return out;
}

// Every (customer, name) once, ascending.
std::vector<ResolvedAttribute> Resolve(const std::vector<AttributeValue>& values,
                                       const AttributeSources& sources, const IdentityMap& identity,
                                       TimeMicros as_of) {
  std::vector<Stated> stated;
  for (const AttributeValue& value : values) {
    if (value.event_time > as_of || value.known_at > as_of || value.id.empty()) continue;
    stated.push_back({identity.CanonicalOf(value.id), &value});
  }
  std::sort(stated.begin(), stated.end(), [](const Stated& a, const Stated& b) {
    const auto key = [](const Stated& s) {
      return std::tie(s.customer, s.value->name, s.value->source);
    };
    return key(a) != key(b) ? key(a) < key(b) : LaterOfSource(*a.value, *b.value);
  });
  std::vector<ResolvedAttribute> out;
  for (size_t begin = 0; begin < stated.size();) {
    size_t end = begin + 1;
    while (end < stated.size() && stated[end].customer == stated[begin].customer &&
           stated[end].value->name == stated[begin].value->name) {
      ++end;
    }
    out.push_back(Decide(&stated[begin], stated.data() + end, sources));
    begin = end;
  }
  return out;
}

void CountConflicts(const std::vector<ResolvedAttribute>& values, ResolvedAttributes* out) {
  for (const ResolvedAttribute& value : values) {
    if (value.overruled.empty()) continue;
    ++out->conflicts;
    ++out->conflicts_by_name[value.name];
  }
}

// What groups say of one customer, whose own values are [begin, end).
void JoinGroups(const std::vector<ResolvedAttribute>& figures, size_t begin, size_t end,
                std::vector<ResolvedAttribute>* values) {
  for (size_t i = begin; i < end; ++i) {
    const std::string group = (*values)[i].believed.value;
    const std::string prefix = (*values)[i].name + "/";
    auto at = std::lower_bound(figures.begin(), figures.end(), std::tie(group, prefix),
                               [](const ResolvedAttribute& figure, const auto& wanted) {
                                 return std::tie(figure.customer, figure.name) < wanted;
                               });
    for (; at != figures.end() && at->customer == group && at->name.starts_with(prefix); ++at) {
      ResolvedAttribute joined = *at;
      joined.customer = (*values)[i].customer;
      joined.group_key = (*values)[i].name;
      values->push_back(std::move(joined));
    }
  }
}

}  // namespace

AttributeSources AttributeSources::Of(const EventManifest& manifest) {
  std::vector<const IngestRecord*> records;
  for (const IngestRecord& record : manifest.ingests) records.push_back(&record);
  std::sort(records.begin(), records.end(),
            [](const IngestRecord* a, const IngestRecord* b) { return a->number < b->number; });
  AttributeSources sources;
  for (const IngestRecord* record : records) {
    sources.Set(record->source, {record->party, record->trust});
  }
  return sources;
}

void AttributeSources::Set(std::string_view source, Standing standing) {
  standings_[std::string(source)] = standing;
}

AttributeSources::Standing AttributeSources::Find(std::string_view source) const {
  const auto found = standings_.find(source);
  return found == standings_.end() ? Standing{} : found->second;
}

ResolvedAttributes ResolveAttributes(std::vector<AttributeValue> customer_values,
                                     std::vector<AttributeValue> aggregates,
                                     const AttributeSources& sources, const IdentityMap& identity,
                                     TimeMicros as_of) {
  ResolvedAttributes out;
  std::vector<ResolvedAttribute> own = Resolve(customer_values, sources, identity, as_of);
  const std::vector<ResolvedAttribute> figures = Resolve(aggregates, sources, IdentityMap(), as_of);
  CountConflicts(own, &out);
  CountConflicts(figures, &out);
  for (size_t begin = 0; begin < own.size();) {
    size_t end = begin + 1;
    while (end < own.size() && own[end].customer == own[begin].customer) ++end;
    const size_t first = out.values.size();
    std::move(own.begin() + static_cast<ptrdiff_t>(begin),
              own.begin() + static_cast<ptrdiff_t>(end), std::back_inserter(out.values));
    JoinGroups(figures, first, out.values.size(), &out.values);
    const auto from = out.values.begin() + static_cast<ptrdiff_t>(first);
    std::stable_sort(from, out.values.end(),
                     [](const auto& a, const auto& b) { return a.name < b.name; });
    // What a source says of the customer himself under such a name goes before what holds for all.
    out.values.erase(std::unique(from, out.values.end(),
                                 [](const auto& a, const auto& b) { return a.name == b.name; }),
                     out.values.end());
    begin = end;
  }
  return out;
}

}  // namespace burgeon
