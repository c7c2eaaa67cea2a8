#include "engine/events/attribute_parts.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "engine/base/check.h"
#include "engine/events/event_parts.h"
#include "engine/table/table.h"

namespace burgeon {
namespace {

enum AttributeColumn { kId, kName, kValue, kEventTime, kKnownAt, kIngest };

std::vector<Column> AttributeColumns() {
  std::vector<Column> out(6);
  const char* names[] = {"id", "name", "value", "event_time", "known_at", "ingest"};
  for (size_t i = 0; i < out.size(); ++i) out[i].name = names[i];
  out[kEventTime].type = ColumnType::kTimestamp;
  out[kKnownAt].type = ColumnType::kTimestamp;
  out[kIngest].type = ColumnType::kInt64;
  return out;
}

}  // namespace

bool AttributeBefore(const AttributeValue& a, const AttributeValue& b) {
  return std::tie(a.id, a.name, a.known_at, a.event_time, a.value, a.source) <
         std::tie(b.id, b.name, b.known_at, b.event_time, b.value, b.source);
}

absl::StatusOr<EventPart> WriteAttributePart(FileSystem& files, const std::string& folder,
                                             const std::string& file,
                                             const std::vector<AttributeValue>& values) {
  BURGEON_CHECK(!values.empty());
  Table table;
  table.columns = AttributeColumns();
  table.rows = static_cast<int64_t>(values.size());
  EventPart part;
  part.file = file;
  part.rows = table.rows;
  part.min_event_time = INT64_MAX;
  part.max_event_time = INT64_MIN;
  part.ingest = values.front().ingest;
  for (const AttributeValue& value : values) {
    part.min_event_time = std::min(part.min_event_time, value.event_time);
    part.max_event_time = std::max(part.max_event_time, value.event_time);
    if (value.ingest != part.ingest) part.ingest = 0;
    table.columns[kId].strings.push_back(value.id);
    table.columns[kName].strings.push_back(value.name);
    table.columns[kValue].strings.push_back(value.value);
    table.columns[kEventTime].ints.push_back(value.event_time);
    table.columns[kKnownAt].ints.push_back(value.known_at);
    table.columns[kIngest].ints.push_back(value.ingest);
  }
  const std::string path = JoinPath(folder, file);
  BURGEON_RETURN_IF_ERROR(WriteParquet(files, path, table));
  BURGEON_RETURN_IF_ERROR(DigestFile(files, path, &part.bytes, &part.sha256));
  return part;
}

absl::StatusOr<std::vector<AttributeValue>> ReadAttributePart(
    FileSystem& files, const std::string& folder, const EventPart& part,
    const std::vector<IngestRecord>& ingests) {
  const std::string path = JoinPath(folder, part.file);
  BURGEON_RETURN_IF_ERROR(CheckPartFile(files, folder, part));
  BURGEON_ASSIGN_OR_RETURN(Table table, ReadParquet(files, path, AttributeColumns()));
  if (table.rows != part.rows) {
    return DataLoss(path, ": has ", table.rows, " rows, the manifest wants ", part.rows);
  }
  EventFiller records(ingests);
  std::vector<AttributeValue> values(static_cast<size_t>(table.rows));
  for (size_t i = 0; i < values.size(); ++i) {
    AttributeValue& value = values[i];
    value.id = std::move(table.columns[kId].strings[i]);
    value.name = std::move(table.columns[kName].strings[i]);
    value.value = std::move(table.columns[kValue].strings[i]);
    value.event_time = table.columns[kEventTime].ints[i];
    value.known_at = table.columns[kKnownAt].ints[i];
    value.ingest = table.columns[kIngest].ints[i];
    const IngestRecord* record = records.Find(value.ingest);
    if (record == nullptr) {
      return DataLoss(path, ": row ", i + 1, " is of ingest ", value.ingest,
                      ", which the manifest does not have");
    }
    value.source = record->source;
  }
  return values;
}

absl::StatusOr<std::vector<AttributeValue>> ReadAttributeParts(
    FileSystem& files, const std::string& folder, const std::vector<EventPart>& parts,
    const std::vector<IngestRecord>& ingests) {
  std::vector<AttributeValue> out;
  for (const EventPart& part : parts) {
    BURGEON_ASSIGN_OR_RETURN(std::vector<AttributeValue> values,
                             ReadAttributePart(files, folder, part, ingests));
    std::move(values.begin(), values.end(), std::back_inserter(out));
  }
  std::sort(out.begin(), out.end(), AttributeBefore);
  return out;
}

}  // namespace burgeon
