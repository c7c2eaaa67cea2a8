// The columns of an event part, in order. Internal to event_part_writer.cc and _reader.cc.
#ifndef BURGEON_ENGINE_EVENTS_EVENT_PART_COLUMNS_H_
#define BURGEON_ENGINE_EVENTS_EVENT_PART_COLUMNS_H_

#include <array>

#include "engine/events/event_view.h"
#include "engine/table/table.h"

namespace burgeon {

enum EventColumn {
  kCustomerColumn,
  kItemColumn,
  kTypeColumn,
  kEventTimeColumn,
  kKnownAtColumn,
  kQuantityColumn,
  kValueColumn,
  kCurrencyColumn,
  kSessionColumn,
  kChannelColumn,
  kEventIdColumn,
  kPropertiesColumn,
  kUnmappedColumn,
  kIngestColumn,
  kLineColumn,
  kEventColumns,
};

struct EventColumnSpec {
  const char* name;
  ColumnType type;
  EventFields field;  // the column is there when the part has this one; 0: always
};

inline constexpr std::array<EventColumnSpec, kEventColumns> kEventColumnSpecs = {{
    {"customer_id", ColumnType::kString, 0},
    {"item_id", ColumnType::kString, kItemField},
    {"type", ColumnType::kString, 0},
    {"event_time", ColumnType::kTimestamp, 0},
    {"known_at", ColumnType::kTimestamp, kKnownAtField},
    {"quantity", ColumnType::kDouble, kQuantityField},
    {"value_micros", ColumnType::kInt64, kValueField},
    {"currency", ColumnType::kString, kValueField},
    {"session_id", ColumnType::kString, kSessionField},
    {"channel", ColumnType::kString, kChannelField},
    {"event_id", ColumnType::kString, kEventIdField},
    {"properties", ColumnType::kString, kPropertiesField},
    {"unmapped", ColumnType::kInt64, kUnmappedField},
    {"ingest", ColumnType::kInt64, kIngestField},
    {"line", ColumnType::kInt64, 0},
}};

}  // namespace burgeon

#endif  // BURGEON_ENGINE_EVENTS_EVENT_PART_COLUMNS_H_
