#include "engine/events/event_parts.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <tuple>
#include <utility>

#include "engine/base/check.h"
#include "engine/base/hash.h"
#include "engine/table/table.h"

namespace burgeon {
namespace {

using nlohmann::json;

constexpr int64_t kDigestPieceBytes = 1 << 20;

enum EventColumn {
  kCustomer,
  kItem,
  kType,
  kEventTime,
  kKnownAt,
  kIngestedAt,
  kQuantity,
  kValue,
  kCurrency,
  kSession,
  kChannel,
  kEventId,
  kSource,
  kProperties,
  kEventColumns,
};

std::vector<Column> EventColumns() {
  const auto column = [](const char* name, ColumnType type) {
    Column out;
    out.name = name;
    out.type = type;
    return out;
  };
  std::vector<Column> out;
  out.push_back(column("customer_id", ColumnType::kString));
  out.push_back(column("item_id", ColumnType::kString));
  out.push_back(column("type", ColumnType::kString));
  out.push_back(column("event_time", ColumnType::kTimestamp));
  out.push_back(column("known_at", ColumnType::kTimestamp));
  out.push_back(column("ingested_at", ColumnType::kTimestamp));
  out.push_back(column("quantity", ColumnType::kDouble));
  out.push_back(column("value_micros", ColumnType::kInt64));
  out.push_back(column("currency", ColumnType::kString));
  out.push_back(column("session_id", ColumnType::kString));
  out.push_back(column("channel", ColumnType::kString));
  out.push_back(column("event_id", ColumnType::kString));
  out.push_back(column("source", ColumnType::kString));
  out.push_back(column("properties", ColumnType::kString));
  return out;
}

enum AttributeColumn { kId, kName, kAttributeValue, kSince, kSinceKnown };

std::vector<Column> AttributeColumns() {
  std::vector<Column> out(5);
  const char* names[] = {"id", "name", "value", "event_time", "known_at"};
  for (size_t i = 0; i < out.size(); ++i) out[i].name = names[i];
  out[kSince].type = ColumnType::kTimestamp;
  out[kSinceKnown].type = ColumnType::kTimestamp;
  return out;
}

// "" for none, else a JSON object.
std::string EncodeProperties(const std::map<std::string, std::string>& properties) {
  return properties.empty() ? "" : json(properties).dump();
}

bool DecodeProperties(const std::string& text, std::map<std::string, std::string>* properties) {
  if (text.empty()) return true;
  const json object = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!object.is_object()) return false;
  for (const auto& [name, value] : object.items()) {
    if (!value.is_string()) return false;
    properties->emplace(name, value.get<std::string>());
  }
  return true;
}

void Append(const Event& event, std::vector<Column>* columns) {
  std::vector<Column>& c = *columns;
  c[kCustomer].strings.push_back(event.customer_id);
  c[kItem].strings.push_back(event.item_id);
  c[kType].strings.emplace_back(EventTypeName(event.type));
  c[kEventTime].ints.push_back(event.event_time);
  c[kKnownAt].ints.push_back(event.known_at);
  c[kIngestedAt].ints.push_back(event.ingested_at);
  c[kQuantity].doubles.push_back(event.quantity);
  c[kValue].ints.push_back(event.value_micros.value_or(0));
  c[kValue].nulls.push_back(event.value_micros ? 0 : 1);
  c[kCurrency].strings.push_back(event.currency);
  c[kSession].strings.push_back(event.session_id);
  c[kChannel].strings.push_back(event.channel);
  c[kEventId].strings.push_back(event.event_id);
  c[kSource].strings.push_back(event.source);
  c[kProperties].strings.push_back(EncodeProperties(event.properties));
}

// Describes a file just written, from what the file system gives back.
absl::StatusOr<EventPart> Describe(FileSystem& files, const std::string& folder,
                                   const std::string& file, int bucket, int64_t rows) {
  EventPart part;
  part.bucket = bucket;
  part.file = file;
  part.rows = rows;
  BURGEON_RETURN_IF_ERROR(DigestFile(files, JoinPath(folder, file), &part.bytes, &part.sha256));
  return part;
}

absl::StatusOr<Table> ReadChecked(FileSystem& files, const std::string& folder,
                                  const EventPart& part, const std::vector<Column>& wanted) {
  const std::string path = JoinPath(folder, part.file);
  int64_t bytes = 0;
  std::string sha256;
  const absl::Status read = DigestFile(files, path, &bytes, &sha256);
  if (absl::IsNotFound(read)) return DataLoss(path, ": is in the manifest, but is not there");
  BURGEON_RETURN_IF_ERROR(read);
  if (bytes != part.bytes || sha256 != part.sha256) {
    return DataLoss(path, ": has ", bytes, " bytes with SHA-256 ", sha256, "; the manifest wants ",
                    part.bytes, " bytes with ", part.sha256);
  }
  BURGEON_ASSIGN_OR_RETURN(Table table, ReadParquet(files, path, wanted));
  if (table.rows != part.rows) {
    return DataLoss(path, ": has ", table.rows, " rows, the manifest wants ", part.rows);
  }
  return table;
}

// The strings of the row i of a column, moved out.
std::string& TextOf(Table& table, int column, size_t i) {
  return table.columns[static_cast<size_t>(column)].strings[i];
}
int64_t IntOf(const Table& table, int column, size_t i) {
  return table.columns[static_cast<size_t>(column)].ints[i];
}

absl::Status CheckOrder(const std::vector<Event>& events, const EventPart& part,
                        const std::string& path) {
  for (size_t i = 0; i < events.size(); ++i) {
    if (BucketOf(events[i].customer_id) != part.bucket) {
      return DataLoss(path, ": row ", i + 1, " is not of bucket ", part.bucket);
    }
    if (i > 0 && !EventBefore(events[i - 1], events[i])) {
      return DataLoss(path, ": row ", i + 1, " is out of order");
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<EventPart> WriteEventPart(FileSystem& files, const std::string& folder,
                                         const std::string& file, int bucket,
                                         const std::vector<Event>& events) {
  BURGEON_CHECK(!events.empty());
  Table table;
  table.columns = EventColumns();
  table.rows = static_cast<int64_t>(events.size());
  TimeMicros min_time = events.front().event_time;
  TimeMicros max_time = min_time;
  for (size_t i = 0; i < events.size(); ++i) {
    BURGEON_CHECK(i == 0 || EventBefore(events[i - 1], events[i]));
    min_time = std::min(min_time, events[i].event_time);
    max_time = std::max(max_time, events[i].event_time);
    Append(events[i], &table.columns);
  }
  BURGEON_RETURN_IF_ERROR(WriteParquet(files, JoinPath(folder, file), table));
  BURGEON_ASSIGN_OR_RETURN(EventPart part, Describe(files, folder, file, bucket, table.rows));
  part.min_event_time = min_time;
  part.max_event_time = max_time;
  return part;
}

absl::StatusOr<std::vector<Event>> ReadEventPart(FileSystem& files, const std::string& folder,
                                                 const EventPart& part) {
  const std::string path = JoinPath(folder, part.file);
  BURGEON_ASSIGN_OR_RETURN(Table table, ReadChecked(files, folder, part, EventColumns()));
  std::vector<Event> events(static_cast<size_t>(table.rows));
  for (size_t i = 0; i < events.size(); ++i) {
    Event& event = events[i];
    event.customer_id = std::move(TextOf(table, kCustomer, i));
    event.item_id = std::move(TextOf(table, kItem, i));
    const auto type = ParseEventType(TextOf(table, kType, i));
    if (!type) {
      return DataLoss(path, ": row ", i + 1, " has the type '", Printable(TextOf(table, kType, i)),
                      "', which is none");
    }
    event.type = *type;
    event.event_time = IntOf(table, kEventTime, i);
    event.known_at = IntOf(table, kKnownAt, i);
    event.ingested_at = IntOf(table, kIngestedAt, i);
    event.quantity = table.columns[kQuantity].doubles[i];
    if (!table.columns[kValue].is_null(i)) event.value_micros = IntOf(table, kValue, i);
    event.currency = std::move(TextOf(table, kCurrency, i));
    event.session_id = std::move(TextOf(table, kSession, i));
    event.channel = std::move(TextOf(table, kChannel, i));
    event.event_id = std::move(TextOf(table, kEventId, i));
    event.source = std::move(TextOf(table, kSource, i));
    if (!DecodeProperties(TextOf(table, kProperties, i), &event.properties)) {
      return DataLoss(path, ": row ", i + 1, " has properties that are no JSON object of strings");
    }
  }
  BURGEON_RETURN_IF_ERROR(CheckOrder(events, part, path));
  return events;
}

absl::StatusOr<std::vector<EventKey>> ReadEventKeys(FileSystem& files, const std::string& folder,
                                                    const EventPart& part) {
  const std::vector<Column> all = EventColumns();
  BURGEON_ASSIGN_OR_RETURN(Table table,
                           ReadChecked(files, folder, part, {all[kEventId], all[kSource]}));
  std::vector<EventKey> keys(static_cast<size_t>(table.rows));
  for (size_t i = 0; i < keys.size(); ++i) {
    keys[i].event_id = std::move(TextOf(table, 0, i));
    keys[i].source = std::move(TextOf(table, 1, i));
  }
  return keys;
}

absl::StatusOr<EventPart> WriteAttributePart(FileSystem& files, const std::string& folder,
                                             const std::string& file,
                                             const std::vector<AttributeValue>& values) {
  BURGEON_CHECK(!values.empty());
  Table table;
  table.columns = AttributeColumns();
  table.rows = static_cast<int64_t>(values.size());
  TimeMicros min_time = values.front().event_time;
  TimeMicros max_time = min_time;
  for (const AttributeValue& value : values) {
    min_time = std::min(min_time, value.event_time);
    max_time = std::max(max_time, value.event_time);
    table.columns[kId].strings.push_back(value.id);
    table.columns[kName].strings.push_back(value.name);
    table.columns[kAttributeValue].strings.push_back(value.value);
    table.columns[kSince].ints.push_back(value.event_time);
    table.columns[kSinceKnown].ints.push_back(value.known_at);
  }
  BURGEON_RETURN_IF_ERROR(WriteParquet(files, JoinPath(folder, file), table));
  BURGEON_ASSIGN_OR_RETURN(EventPart part, Describe(files, folder, file, 0, table.rows));
  part.min_event_time = min_time;
  part.max_event_time = max_time;
  return part;
}

absl::StatusOr<std::vector<AttributeValue>> ReadAttributePart(FileSystem& files,
                                                              const std::string& folder,
                                                              const EventPart& part) {
  BURGEON_ASSIGN_OR_RETURN(Table table, ReadChecked(files, folder, part, AttributeColumns()));
  std::vector<AttributeValue> values(static_cast<size_t>(table.rows));
  for (size_t i = 0; i < values.size(); ++i) {
    values[i].id = std::move(TextOf(table, kId, i));
    values[i].name = std::move(TextOf(table, kName, i));
    values[i].value = std::move(TextOf(table, kAttributeValue, i));
    values[i].event_time = IntOf(table, kSince, i);
    values[i].known_at = IntOf(table, kSinceKnown, i);
  }
  return values;
}

bool AttributeBefore(const AttributeValue& a, const AttributeValue& b) {
  return std::tie(a.id, a.name, a.known_at, a.event_time, a.value) <
         std::tie(b.id, b.name, b.known_at, b.event_time, b.value);
}

absl::Status DigestFile(FileSystem& files, const std::string& path, int64_t* bytes,
                        std::string* sha256) {
  BURGEON_ASSIGN_OR_RETURN(const std::unique_ptr<RandomAccessFile> file, files.OpenForRead(path));
  std::vector<char> piece(static_cast<size_t>(std::min(kDigestPieceBytes, file->size())));
  Sha256 hash;
  for (int64_t at = 0; at < file->size(); at += kDigestPieceBytes) {
    const auto size = static_cast<size_t>(std::min(kDigestPieceBytes, file->size() - at));
    BURGEON_RETURN_IF_ERROR(file->ReadAt(at, std::span<char>(piece.data(), size)));
    hash.Update(piece.data(), size);
  }
  *bytes = file->size();
  *sha256 = ToHex(hash.Finish());
  return absl::OkStatus();
}

}  // namespace burgeon
