#include "engine/dataset/customer_attributes.h"

#include <iterator>
#include <set>
#include <tuple>
#include <utility>

#include "engine/dataset/person_consent.h"
#include "engine/dataset/persons.h"

namespace burgeon {
namespace {

void CountConflicts(AttributeTable* table) {
  std::set<std::pair<std::string_view, std::string_view>> groups;  // group and figure, counted
  for (const ResolvedAttribute& value : table->values) {
    if (value.overruled.empty()) continue;
    if (!value.group_key.empty() && !groups.emplace(value.believed.stored_id, value.name).second) {
      continue;
    }
    ++table->conflicts;
    ++table->conflicts_by_name[value.name];
  }
}

}  // namespace

absl::StatusOr<SourceFacts> ReadFacts(ThreadPool& pool, const EventSource& source) {
  SourceFacts facts;
  BURGEON_ASSIGN_OR_RETURN(facts.log, EventLog::Read(pool, source));
  BURGEON_ASSIGN_OR_RETURN(facts.customer_attributes, source.ReadCustomerAttributes());
  std::vector<AttributeValue>& of_events = facts.log.attribute_changes;
  std::move(of_events.begin(), of_events.end(), std::back_inserter(facts.customer_attributes));
  of_events.clear();
  BURGEON_ASSIGN_OR_RETURN(facts.aggregates, source.ReadAggregates());
  return facts;
}

AttributeTable BuildAttributeTable(const SourceFacts& facts, const AttributeSources& sources,
                                   const SnapshotOptions& options) {
  AttributeTable table;
  table.as_of = TimeOf(facts.log, options);
  const Persons persons = Persons::Of(facts.log, LinksToUse(facts.log, options), table.as_of);
  const PersonConsent consent(facts.log, persons, options);
  ResolvedAttributes resolved = ResolveAttributes(facts.customer_attributes, facts.aggregates,
                                                  sources, persons.identity(), table.as_of);
  std::string_view last;
  bool there = false;
  for (ResolvedAttribute& value : resolved.values) {
    if (value.customer != last) {
      const auto person = persons.Find(value.customer);
      ConsentTimes said;
      const ConsentBits bits =
          person.has_value() ? consent.Of(*person, &said) : consent.OfUnseen(value.customer);
      there = options.purpose ? bits.Allows(*options.purpose) : bits.bits != 0;
      if (there) table.customers.push_back(value.customer);
      table.customers_refused += there ? 0 : 1;
    }
    last = value.customer;
    if (there) table.values.push_back(value);
  }
  CountConflicts(&table);
  return table;
}

}  // namespace burgeon
