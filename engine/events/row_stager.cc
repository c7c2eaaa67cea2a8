#include "engine/events/row_stager.h"

#include "engine/base/hash.h"
#include "engine/events/event_store.h"
#include "engine/events/ingest_staging.h"
#include "engine/events/quarantine.h"

namespace burgeon {
namespace {

template <class T>
void AddRecord(const T& record, int bucket, StagedRecords* out) {
  const size_t before = out->bytes.size();
  EncodeStaged(record, &out->bytes);
  out->records.emplace_back(bucket, out->bytes.size() - before);
}

int AttributeBucketOf(std::string_view id) {
  return static_cast<int>(StableHash64(id) % kEventBuckets);
}

}  // namespace

RowStager::RowStager(const SourceConfig& source, const ColumnIndex& columns, Pseudonymise pseudonym,
                     TimeMicros ingested_at)
    : source_(source),
      column_names_(columns.names),
      pseudonym_(std::move(pseudonym)),
      ingested_at_(ingested_at) {}

absl::StatusOr<RowStager> RowStager::Make(const SourceConfig& source, const ColumnIndex& columns,
                                          Pseudonymise pseudonym, TimeMicros ingested_at) {
  RowStager out(source, columns, std::move(pseudonym), ingested_at);
  if (source.kind != SourceKind::kEvents) {
    BURGEON_RETURN_IF_ERROR(out.BindAttributeTable(columns));
    return out;
  }
  BURGEON_ASSIGN_OR_RETURN(out.mapper_, RowMapper::Bind(source, columns));
  out.unmapped_ = UnmappedDigest(columns, out.mapper_.used_columns());
  return out;
}

absl::Status RowStager::BindAttributeTable(const ColumnIndex& columns) {
  const AttributeMapping& map = source_.attributes;
  BURGEON_ASSIGN_OR_RETURN(id_, BoundField::Bind("id", map.id, source_.null_values, columns));
  if (map.time) {
    BURGEON_ASSIGN_OR_RETURN(
        time_, BoundField::Bind("time", map.time->source, source_.null_values, columns));
  }
  for (const auto& [name, field] : map.attributes) {
    BURGEON_ASSIGN_OR_RETURN(BoundField bound,
                             BoundField::Bind(name, field, source_.null_values, columns));
    attributes_.push_back(std::move(bound));
  }
  return absl::OkStatus();
}

std::string RowStager::StoredId(std::string_view id) const {
  return pseudonym_ && !id.empty() ? pseudonym_(id) : std::string(id);
}

const BoundField& RowStager::CustomerField() const {
  static const BoundField kNone;
  if (source_.kind == SourceKind::kEvents) return mapper_.customer();
  return source_.kind == SourceKind::kCustomers ? id_ : kNone;
}

void RowStager::AddBad(const TextBatch& batch, int64_t row, const FieldProblem& problem,
                       StagedBlock* out) const {
  std::optional<Concealed> concealed;
  if (const auto column = CustomerField().column(); pseudonym_ && column) {
    // The id as it would be stored, where it can be read at all.
    std::string id;
    FieldProblem unused;
    if (CustomerField().Read(batch, row, &id, &unused) == Presence::kBad) {
      id = std::string(batch.columns[*column].value(row));
    }
    concealed = Concealed{*column, StoredId(id)};
  }
  out->bad.push_back({batch.lines[static_cast<size_t>(row)],
                      Concat(problem.field, ": wanted ", problem.wanted),
                      QuarantineLine(batch, row, column_names_, problem, concealed)});
}

StagedBlock::Bad RowStager::Refuse(const BadRow& bad) const {
  return {bad.line, Concat("row: ", bad.reason), QuarantineLine(bad, /*keep_raw=*/!pseudonym_)};
}

void RowStager::StageEvent(const TextBatch& batch, int64_t row, MappedRow* mapped,
                           StagedBlock* out) const {
  FieldProblem problem;
  switch (mapper_.Map(batch, row, mapped, &problem)) {
    case RowOutcome::kIgnored:
      ++out->ignored;
      return;
    case RowOutcome::kBad:
      AddBad(batch, row, problem, out);
      return;
    case RowOutcome::kEvent:
      break;
  }
  StagedEvent staged;
  Event& event = mapped->event;
  event.customer_id = StoredId(event.customer_id);
  staged.unmapped = unmapped_.Of(batch, row);
  const int64_t line = batch.lines[static_cast<size_t>(row)];
  event.line = line;
  const EventMapping& map = source_.events;
  for (auto& [index, value] : mapped->customer_attributes) {
    AddRecord(StagedAttribute{{event.customer_id, map.customer_attributes[index].first,
                               std::move(value), event.event_time, event.known_at},
                              line},
              AttributeBucketOf(event.customer_id), &out->customer_attributes);
  }
  for (auto& [index, value] : mapped->item_attributes) {
    AddRecord(StagedAttribute{{event.item_id, map.item_attributes[index].first, std::move(value),
                               event.event_time, event.known_at},
                              line},
              AttributeBucketOf(event.item_id), &out->item_attributes);
  }
  std::swap(staged.event, event);
  AddRecord(staged, BucketOf(staged.event.customer_id), &out->events);
  std::swap(staged.event, event);
}

void RowStager::StageAttributes(const TextBatch& batch, int64_t row, StagedBlock* out) const {
  FieldProblem problem;
  AttributeValue value;
  if (id_.Read(batch, row, &value.id, &problem) == Presence::kBad) {
    return AddBad(batch, row, problem, out);
  }
  if (const std::string_view wanted = ProblemOfId(value.id); !wanted.empty()) {
    return AddBad(batch, row, id_.Problem(batch, row, std::string(wanted)), out);
  }
  value.event_time = ingested_at_;
  if (time_.bound()) {
    std::string text;
    if (time_.Read(batch, row, &text, &problem) == Presence::kBad) {
      return AddBad(batch, row, problem, out);
    }
    const TimeFormat& format = source_.attributes.time->format;
    const auto time = format.Parse(TrimAscii(text));
    if (!time) return AddBad(batch, row, time_.Problem(batch, row, format.Wanted()), out);
    value.event_time = *time;
  }
  value.known_at = value.event_time;
  const bool customers = source_.kind == SourceKind::kCustomers;
  const bool aggregates = source_.kind == SourceKind::kAggregates;
  if (customers) value.id = StoredId(value.id);
  const int64_t line = batch.lines[static_cast<size_t>(row)];
  std::vector<StagedAttribute> values;
  for (const BoundField& field : attributes_) {
    const Presence presence = field.Read(batch, row, &value.value, &problem);
    if (presence == Presence::kBad) return AddBad(batch, row, problem, out);
    if (presence == Presence::kAbsent) continue;
    value.name = aggregates ? Concat(source_.attributes.key, "/", field.name()) : field.name();
    values.push_back({value, line});
  }
  for (const StagedAttribute& staged : values) {
    AddRecord(staged, AttributeBucketOf(value.id),
              customers    ? &out->customer_attributes
              : aggregates ? &out->aggregates
                           : &out->item_attributes);
  }
  ++out->attribute_rows;
}

StagedBlock RowStager::Stage(const TextBatch& batch, int64_t begin, int64_t end) const {
  StagedBlock out;
  MappedRow mapped;
  for (int64_t row = begin; row < end; ++row) {
    if (source_.kind == SourceKind::kEvents) {
      StageEvent(batch, row, &mapped, &out);
    } else {
      StageAttributes(batch, row, &out);
    }
  }
  return out;
}

}  // namespace burgeon
