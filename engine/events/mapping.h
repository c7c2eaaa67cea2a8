// How a source's columns become events (or attributes of customers or items). Read from the
// `source` section of a configuration; configs/online_retail.yaml is a whole example.
//
//   SourceConfig source = ParseSourceConfig(config.root().Child("source"));
//   BURGEON_RETURN_IF_ERROR(config.Finish());
//
// A source of events has `fields`:
//   customer, item, session, channel, event_id   ids and names (field_source.h)
//   time, known_at      with `format` and `time_zone` (time_format.h; iso8601 and UTC by default);
//                       time is the one field that must be there; without known_at an event is
//                       known `known_lag_seconds` after it happened
//   quantity            a number; 1 when there is none
//   value               money of the whole line; or unit_price, which is multiplied by quantity.
//                       Both in `currency`, which then must be there: three capital letters
//   type                type_mapping.h
//   properties          {name: column}, kept as they are, or {name: {column: X, transforms: ...}}
//   properties_from     a column that holds a JSON object: its fields, "a.b" for one within one
//                       (json_properties.h); what `properties` names counts before them
// and may name item_attributes and customer_attributes: {name: {column: X, transforms: [...]}},
// taken from rows that have a customer and whose type is not `other` (stock-taking and the like
// say nothing about an item).
//
// Signs: of a return, quantity and value are taken without their sign. `other` keeps it. For every
// type else a negative quantity or value is a bad value. Zero is kept.
//
// What the event types want beside that (a consent its purpose, a link its target) is in
// event_rules.h.
//
// A table of customers or items (`kind: customers | items`) has `id`, `attributes` {name: field},
// and may have `time`; without it a value holds from the time of the ingest. A table of
// `aggregates` is the same with a `key`.
//
// Every source has a `party`: first, second or third (event_store.h), and may have `origin` and
// `licence`, in words, and `trust`, 0 to 100.
#ifndef BURGEON_ENGINE_EVENTS_MAPPING_H_
#define BURGEON_ENGINE_EVENTS_MAPPING_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/config/config.h"
#include "engine/events/event.h"
#include "engine/events/event_store.h"
#include "engine/events/field_source.h"
#include "engine/events/time_format.h"
#include "engine/events/type_mapping.h"
#include "engine/table/table.h"

namespace burgeon {

struct TimeField {
  FieldSource source;
  TimeFormat format;
};

struct EventMapping {
  std::optional<FieldSource> customer;
  std::optional<FieldSource> item;
  std::optional<FieldSource> quantity;
  std::optional<FieldSource> value;
  std::optional<FieldSource> unit_price;
  std::optional<FieldSource> currency;
  std::optional<FieldSource> session;
  std::optional<FieldSource> channel;
  std::optional<FieldSource> event_id;
  TimeField time;
  std::optional<TimeField> known_at;
  TypeMapping type;
  std::vector<std::pair<std::string, std::string>> properties;       // name, column
  std::vector<std::pair<std::string, FieldSource>> property_fields;  // those that are fields
  std::string properties_from;                                       // a column; "": none
  std::vector<std::pair<std::string, FieldSource>> customer_attributes;
  std::vector<std::pair<std::string, FieldSource>> item_attributes;
};

struct AttributeMapping {
  FieldSource id;
  std::string key;  // of kAggregates: the customer attribute whose values `id` holds
  std::optional<TimeField> time;
  std::vector<std::pair<std::string, FieldSource>> attributes;
};

// kAggregates: figures about groups of customers, not about persons (market research by region):
// the `id` of a row is a value of the customer attribute `key`, and its attributes hold for every
// customer who has that value.
enum class SourceKind { kEvents, kCustomers, kItems, kAggregates };
enum class Duplicates { kKeep, kDrop };

// currency: {base: EUR, rates: rates.csv, max_age_days: 7}
// Values become money of the base by the rate of the event's day, or of the last day before it
// that has one and is at most so many days back (currency_rates.h). Without a rate the value is a
// bad one.
struct CurrencyConversion {
  std::string base;
  std::string rates;  // path
  int64_t max_age_days = 7;
};

struct SourceConfig {
  std::string name;   // part of the identity of its events
  std::string input;  // path, relative to the configuration; "" when it is given elsewhere
  Party party = Party::kFirst;
  std::string origin;  // IngestRecord
  std::string licence;
  int64_t trust = 100;  // by default 100 of the first party, 60 of the second, 30 of the third
  SourceKind kind = SourceKind::kEvents;
  ReadOptions read;
  std::vector<std::string> null_values;
  std::optional<CurrencyConversion> currency;
  bool log_changes = true;  // every value that a transform changed goes to the cleaning log
  Duplicates duplicates = Duplicates::kDrop;  // equal rows within one file
  double max_bad_fraction = 0.05;             // of the rows; more stops the ingest
  int64_t known_lag_seconds = 0;
  int64_t lateness_seconds = 0;    // how late its events may come; the store's watermark stays so
                                   // far behind the last known_at of the source
  int64_t memory_limit_mib = 512;  // of rows held before they go to disk
  EventMapping events;             // of kEvents
  AttributeMapping attributes;     // of kCustomers, kItems and kAggregates
};

// Problems are remembered by the node (Config::Finish).
SourceConfig ParseSourceConfig(const ConfigNode& node);

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_MAPPING_H_
